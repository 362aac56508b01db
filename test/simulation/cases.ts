import type { ScheduleOptions } from "./schedule.ts";
import { noFaults } from "./world.ts";

type Case = Omit<ScheduleOptions, "seed">;

const faults = { lost: 25, late: 20, failing: 25, refused: 30, lying: 0, delayed: 0, stalled: 0 };

/** What the random schedules are drawn from. */
export const cases: { readonly [name: string]: Case } = {
  "races without faults": {
    actors: [2, 6],
    holds: 2,
    faults: noFaults,
    crashes: 0,
    skewMs: 0,
    stops: true,
    others: 0,
    withinMs: 300,
  },
  "lost, late and failing answers": {
    actors: [3, 6],
    holds: 2,
    faults,
    crashes: 0,
    skewMs: 0,
    stops: false,
    others: 0,
    withinMs: 2_000,
  },
  "crashes and clocks that disagree": {
    actors: [4, 6],
    holds: 3,
    faults: noFaults,
    crashes: 3,
    skewMs: 2_000,
    stops: true,
    others: 0,
    withinMs: 1_000,
  },
  "processes that stand still": {
    actors: [3, 6],
    holds: 2,
    faults: { ...noFaults, stalled: 15, delayed: 8 },
    crashes: 0,
    skewMs: 2_000,
    stops: true,
    others: 0,
    withinMs: 14_000,
  },
  "a SignalWire that lies and delays": {
    actors: [3, 6],
    holds: 2,
    faults: { ...noFaults, lying: 10, delayed: 10 },
    crashes: 0,
    skewMs: 2_000,
    stops: true,
    others: 0,
    withinMs: 6_000,
  },
  "somebody else at the same recordings": {
    actors: [2, 6],
    holds: 3,
    faults: noFaults,
    crashes: 0,
    skewMs: 0,
    stops: true,
    others: 4,
    withinMs: 20_000,
  },
  "digits pressed in a room": {
    actors: [3, 6],
    holds: 2,
    faults: { ...faults, delayed: 20 },
    crashes: 6,
    skewMs: 2_000,
    inRooms: true,
    stops: true,
    others: 0,
    withinMs: 2_000,
  },
  everything: {
    actors: [4, 6],
    holds: 3,
    faults: { ...faults, lying: 40, delayed: 40, stalled: 60 },
    crashes: 6,
    skewMs: 2_000,
    inRooms: true,
    stops: true,
    others: 2,
    withinMs: 3_000,
  },
};
