import type { ScheduleOptions } from "./schedule.ts";
import { noFaults } from "./world.ts";

type Case = Omit<ScheduleOptions, "seed">;

const faults = { lost: 25, late: 20, failing: 25, refused: 30 };

/** What the random schedules are drawn from. */
export const cases: { readonly [name: string]: Case } = {
  "races without faults": {
    actors: [2, 6],
    holds: 2,
    faults: noFaults,
    crashes: 0,
    skewMs: 0,
    stops: true,
    withinMs: 300,
  },
  "lost, late and failing answers": {
    actors: [3, 6],
    holds: 2,
    faults,
    crashes: 0,
    skewMs: 0,
    stops: false,
    withinMs: 2_000,
  },
  "crashes and clocks that disagree": {
    actors: [4, 6],
    holds: 3,
    faults: noFaults,
    crashes: 3,
    skewMs: 2_000,
    stops: true,
    withinMs: 1_000,
  },
  everything: { actors: [4, 6], holds: 3, faults, crashes: 6, skewMs: 2_000, stops: true, withinMs: 3_000 },
};
