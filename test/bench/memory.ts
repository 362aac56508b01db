import { signalEvent } from "./events.ts";
import { memoryMb } from "./load/processes.ts";
import { MeasuredProcess } from "./measured-process.ts";
import type { World } from "./world.ts";

/** The memory of one process after so many pauses. V8 lets it grow at first; it has to end somewhere. */
export type MemoryPoint = { readonly pauses: number; readonly mb: number };

const POINTS = 10;

export async function measureMemory(
  { entry, pauses }: { readonly entry: string; readonly pauses: number },
  world: World,
  tell: (progress: string) => void,
): Promise<readonly MemoryPoint[]> {
  world.reset("loopback", true);
  const measured = new MeasuredProcess(entry, world.variables("loopback"));
  try {
    await measured.ready();
    const points: MemoryPoint[] = [];
    for (let count = 1; count <= pauses; count += 1) {
      world.reset("loopback", true);
      await measured.invoke(signalEvent());
      if (count % Math.ceil(pauses / POINTS) !== 0) continue;
      tell(`memory: ${count} of ${pauses} pauses`);
      points.push({ pauses: count, mb: Math.round(memoryMb(measured.pid)) });
    }
    return points;
  } finally {
    await measured.end();
  }
}

export const memoryLine = (points: readonly MemoryPoint[]): string =>
  `Memory of one process of signals, MB after so many pauses: ${points.map(({ pauses, mb }) => `${pauses}: ${mb}`).join(", ")}`;
