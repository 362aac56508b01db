import { parseArgs } from "node:util";
import { cases } from "./cases.ts";
import { playSchedule } from "./schedule.ts";

// npm run simulate -- [--schedules N] [--seed S]: many random schedules, or from one seed on. Exit status 1 after a violation.

const { values } = parseArgs({
  options: { schedules: { type: "string", default: "1000000" }, seed: { type: "string", default: "1" } },
});
const schedules = Number(values.schedules);
const first = Number(values.seed);
const names = Object.keys(cases);
const states = new Set<string>();
const startedAt = performance.now();
let violations = 0;
let events = 0;

function report(played: number): void {
  const seconds = (performance.now() - startedAt) / 1000;
  const rate = Math.round(played / seconds);
  console.log(
    `${played} schedules, ${events} events, ${states.size} different histories, ${rate} schedules per second, ${violations} violations`,
  );
}

for (let index = 0; index < schedules; index += 1) {
  const name = names[index % names.length] as string;
  const seed = first + Math.floor(index / names.length);
  const options = cases[name];
  if (options === undefined) throw new Error(`no case ${name}`);
  const played = await playSchedule({ ...options, seed });
  events += played.events;
  states.add(played.state);
  if (played.violations.length > 0) {
    violations += 1;
    console.log(`${name}, seed ${seed}: ${played.violations.join("; ")}`);
  }
  if ((index + 1) % 50_000 === 0) report(index + 1);
}
report(schedules);
process.exitCode = violations > 0 ? 1 : 0;
