import { hash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { cases } from "./cases.ts";
import { playSchedule, type ScheduleOptions } from "./schedule.ts";

/** The schedules that one worker plays: every `step`-th of `schedules`, beginning with `from`. */
export type Share = {
  readonly names: readonly string[];
  readonly first: number;
  readonly schedules: number;
  readonly from: number;
  readonly step: number;
  readonly isTraced: boolean;
};
/** What a worker tells from time to time. A history is its hash: a million of them would not fit into the memory. */
export type SomePlayed = {
  readonly events: number;
  readonly histories: readonly string[];
  readonly violations: readonly {
    readonly name: string;
    readonly seed: number;
    readonly broken: readonly string[];
  }[];
};

const TOLD_AT_ONCE = 1_000;

const { names, first, schedules, from, step, isTraced } = workerData as Share;
const traced = isTraced ? { trace: (line: string) => console.log(line) } : {};
let events = 0;
let histories: string[] = [];
let violations: SomePlayed["violations"][number][] = [];
const tell = (): void => {
  parentPort?.postMessage({ events, histories, violations } satisfies SomePlayed);
  events = 0;
  histories = [];
  violations = [];
};
for (let index = from; index < schedules; index += step) {
  const name = names[index % names.length] ?? "";
  const seed = first + Math.floor(index / names.length);
  const played = await playSchedule({ ...(cases[name] as Omit<ScheduleOptions, "seed">), ...traced, seed });
  events += played.events;
  histories.push(hash("sha1", played.state, "base64"));
  if (played.violations.length > 0) violations.push({ name, seed, broken: played.violations });
  if (histories.length === TOLD_AT_ONCE) tell();
}
tell();
