import { existsSync, readFileSync } from "node:fs";

/** Memory and CPU time of the stack, and of the processes of its functions. Zero where the system does not tell. */
export type Usage = {
  readonly stackMb: number;
  readonly functionsMb: number;
  /** The largest of them. */
  readonly functionMb: number;
  readonly functions: number;
  readonly stackCpuMs: number;
  readonly functionsCpuMs: number;
};

export function usageOf(stack: number): Usage {
  const below = childrenOf(stack).filter((pid) => read(`/proc/${pid}/cmdline`).includes("bootstrap.mjs"));
  const memory = below.map(memoryMb);
  return {
    stackMb: memoryMb(stack),
    functionsMb: sum(memory),
    functionMb: Math.max(0, ...memory),
    functions: below.length,
    stackCpuMs: cpuMs(stack),
    functionsCpuMs: sum(below.map(cpuMs)),
  };
}

function childrenOf(pid: number): readonly number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(" ").filter(Boolean).map(Number);
}

/** Resident. */
export const memoryMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1_024;

/** User and system, in hundredths of a second there. */
function cpuMs(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
}

/** A process that has just ended has no files any more. */
function read(file: string): string {
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  } catch {
    return "";
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
