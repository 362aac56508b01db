import { spawn } from "node:child_process";
import { join } from "node:path";

export type Reaper = { watch(pid: number): void; close(): void };

/** Sees to it that no process of a function outlives this one, however this one ends. */
export function startReaper(): Reaper {
  const child = spawn(process.execPath, [join(import.meta.dirname, "reaper.mjs")], {
    stdio: ["pipe", "ignore", "inherit"],
    // Its own group: Ctrl-C at the terminal goes to all of the stack's group.
    detached: true,
  });
  child.unref();
  child.stdin.on("error", () => undefined);
  return {
    watch: (pid) => void child.stdin.write(`${pid}\n`),
    close: () => void child.stdin.end(),
  };
}
