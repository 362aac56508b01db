// Lambda freezes a process between two requests. The connections that it kept are closed meanwhile, and the next pause must not fail.
import { setTimeout as sleep } from "node:timers/promises";
import { MeasuredProcess } from "./measured-process.ts";
import type { Row } from "./rows.ts";
import type { World } from "./world.ts";

export type Frozen = {
  readonly title: string;
  readonly pauses: number;
  /** Those that were not answered, not on the wire, or not called safe. */
  readonly failed: number;
};

/** `pauses` for each function: half of them over connections that were used before, half over those opened in initialisation. */
export async function measureFreeze(
  { rows, pauses }: { readonly rows: readonly Row[]; readonly pauses: number },
  world: World,
  tell: (progress: string) => void,
): Promise<readonly Frozen[]> {
  const results: Frozen[] = [];
  for (const row of rows) {
    const half = Math.ceil(pauses / 2);
    tell(`freeze: ${row.title}, connections that were used`);
    results.push({ title: `${row.name}, connections used before`, ...(await overUsed(row, half, world)) });
    tell(`freeze: ${row.title}, connections of the initialisation`);
    results.push({
      title: `${row.name}, connections of its initialisation`,
      ...(await overNew(row, half, world)),
    });
  }
  return results;
}

async function overUsed(row: Row, pauses: number, world: World) {
  let failed = 0;
  const measured = await started(row, world);
  try {
    await pauseIn(measured, row, world);
    for (let pause = 0; pause < pauses; pause += 1) {
      await freezeUntilClosed(measured, world);
      if (!(await pauseIn(measured, row, world))) failed += 1;
    }
  } finally {
    await measured.end();
  }
  return { pauses, failed };
}

async function overNew(row: Row, pauses: number, world: World) {
  let failed = 0;
  for (let pause = 0; pause < pauses; pause += 1) {
    const measured = await started(row, world);
    try {
      await freezeUntilClosed(measured, world);
      if (!(await pauseIn(measured, row, world))) failed += 1;
    } finally {
      await measured.end();
    }
  }
  return { pauses, failed };
}

async function started(row: Row, world: World): Promise<MeasuredProcess> {
  world.reset("loopback", row.isKnown);
  const measured = new MeasuredProcess(row.entry, { ...world.variables("loopback"), ...row.variables });
  await measured.ready();
  return measured;
}

async function freezeUntilClosed(measured: MeasuredProcess, world: World): Promise<void> {
  measured.freeze();
  await sleep(5);
  world.signalwire.closeConnections();
  world.aws.closeConnections();
  await sleep(5);
  measured.thaw();
}

/** True where the pause was on the wire and the answer says so. */
async function pauseIn(measured: MeasuredProcess, row: Row, world: World): Promise<boolean> {
  world.reset("loopback", row.isKnown);
  const { told } = await measured.invoke(row.event());
  const { statusCode, body = "" } = told.answer as { statusCode?: number; body?: string };
  const isSafe = body.includes('"safeToCollect":true') || body.includes("The recording is paused");
  return (
    statusCode === 200 && isSafe && [...world.signalwire.statuses.values()].every((one) => one === "paused")
  );
}
