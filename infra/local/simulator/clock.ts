import { setTimeout } from "node:timers/promises";

/** Where the simulator takes its time from. */
export type Clock = {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
};

/** Sleeping keeps no process alive. */
export const realClock: Clock = {
  now: Date.now,
  sleep: (ms) => setTimeout(ms, undefined, { ref: false }),
};
