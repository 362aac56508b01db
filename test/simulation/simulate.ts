import { hash } from "node:crypto";
import { parseArgs } from "node:util";
import { cases } from "./cases.ts";
import { explore } from "./every-schedule.ts";
import { playSchedule } from "./schedule.ts";
import { largerCases, smallCases } from "./small-cases.ts";

// npm run simulate -- [--schedules N] [--seed S] [--case NAME] [--trace]: many random schedules, or from one seed on, of all cases or
// one; with --trace everything that happens in them. Exit status 1 after a violation.
// npm run simulate -- --every: every schedule of the small cases and of those that are too large for the tests.

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    case: { type: "string" },
    trace: { type: "boolean", default: false },
    every: { type: "boolean", default: false },
  },
});
if (values.every) await playEvery();
else await playRandom(Number(values.schedules), Number(values.seed));

async function playEvery(): Promise<void> {
  for (const { name, tasks, budget } of [...smallCases, ...largerCases]) {
    const startedAt = performance.now();
    const { schedules, states, violations } = await explore(tasks, budget, 10_000_000);
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    console.log(
      `${name}: ${schedules} schedules, ${states} states, ${seconds} s, ${violations.length} violations`,
    );
    for (const violation of violations) console.log(`  ${violation}`);
    if (violations.length > 0) process.exitCode = 1;
  }
}

async function playRandom(schedules: number, first: number): Promise<void> {
  const names = values.case === undefined ? Object.keys(cases) : [values.case];
  const histories = new Set<string>();
  const startedAt = performance.now();
  let violations = 0;
  let events = 0;
  const report = (played: number): void => {
    const rate = Math.round(played / ((performance.now() - startedAt) / 1_000));
    console.log(
      `${played} schedules, ${events} events, ${histories.size} different histories, ${rate} schedules per second, ${violations} violations`,
    );
  };
  for (let index = 0; index < schedules; index += 1) {
    const name = names[index % names.length] ?? "";
    const options = cases[name];
    if (options === undefined)
      throw new Error(`there is no case "${name}", only ${Object.keys(cases).join()}`);
    const seed = first + Math.floor(index / names.length);
    const played = await playSchedule({
      ...options,
      seed,
      ...(values.trace ? { trace: (line: string) => console.log(line) } : {}),
    });
    events += played.events;
    // A hash, because a million of the histories themselves would not fit into the memory.
    histories.add(hash("sha1", played.state, "base64"));
    if (played.violations.length > 0) {
      violations += 1;
      const again = `--case "${name}" --seed ${seed} --schedules 1 --trace`;
      console.log(
        `${name}, seed ${seed}: ${played.violations.join("; ")}\n  play it again: npm run simulate -- ${again}`,
      );
    }
    if ((index + 1) % 50_000 === 0) report(index + 1);
  }
  report(schedules);
  if (violations > 0) process.exitCode = 1;
}
