// A share of one CPU for a process, as Lambda gives it by memory size: 1,769 MB are one vCPU ("Configure Lambda function memory",
// AWS Lambda Developer Guide).
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PERIOD_US = 20_000;
const FULL_CPU_MB = 1_769;

export type CpuQuota = {
  /** Puts the process under the share; all its threads. */
  add(pid: number): void;
  /** The processes in it must have ended. */
  remove(): void;
};

const roots = [
  // Version 2 has one tree, version 1 a tree for the CPU.
  {
    folder: "/sys/fs/cgroup",
    mark: "cgroup.controllers",
    files: (us: number) => ({ "cpu.max": `${us} ${PERIOD_US}` }),
  },
  {
    folder: "/sys/fs/cgroup/cpu",
    mark: "cpu.cfs_quota_us",
    files: (us: number) => ({ "cpu.cfs_period_us": `${PERIOD_US}`, "cpu.cfs_quota_us": `${us}` }),
  },
];

/** A group with the CPU share of a function of `memoryMb`, or why this system allows none. */
export function createCpuQuota(memoryMb: number): CpuQuota | string {
  const root = roots.find(({ folder, mark }) => existsSync(join(folder, mark)) || mark in readable(folder));
  if (root === undefined) return "no CPU quota: this system has no control groups";
  const group = join(root.folder, `holdfast-bench-${process.pid}-${memoryMb}`);
  try {
    mkdirSync(group);
    const us = Math.round((PERIOD_US * Math.min(memoryMb, FULL_CPU_MB)) / FULL_CPU_MB);
    for (const [file, text] of Object.entries(root.files(us))) writeFileSync(join(group, file), text);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (existsSync(group)) rmdirSync(group);
    return `no CPU quota: control groups may not be made here (${code})`;
  }
  return {
    add: (pid) => writeFileSync(join(group, "cgroup.procs"), String(pid)),
    remove: () => removeGroup(group),
  };
}

/** Version 1 has the controller's files in groups only where its root is not shown. */
function readable(folder: string): Readonly<Record<string, true>> {
  try {
    const mounts = readFileSync("/proc/mounts", "utf8");
    return mounts.includes(` ${folder} cgroup `) ? { "cpu.cfs_quota_us": true } : {};
  } catch {
    return {};
  }
}

function removeGroup(group: string): void {
  try {
    rmdirSync(group);
  } catch {
    // A process that is just ending holds it for a moment; an empty group does no harm.
  }
}
