// Ends the functions' processes when the stack's own process has died without doing so. They may be frozen, and what is frozen
// notices nothing. Process ids come in line by line; the end of the input is the end of the stack.
import { createInterface } from "node:readline";

const pids = new Set();
for await (const line of createInterface({ input: process.stdin })) pids.add(Number(line));
for (const pid of pids) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone already.
  }
}
