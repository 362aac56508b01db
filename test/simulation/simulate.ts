import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { cases } from "./cases.ts";
import { explore } from "./every-schedule.ts";
import type { Share, SomePlayed } from "./play-share.ts";
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

/** Every worker plays each n-th schedule; what they saw comes together here. */
async function playRandom(schedules: number, first: number): Promise<void> {
  const names = values.case === undefined ? Object.keys(cases) : [values.case];
  const unknown = names.find((name) => cases[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`there is no case "${unknown}", only ${Object.keys(cases).join()}`);
  const histories = new Set<string>();
  const startedAt = performance.now();
  let violations = 0;
  let events = 0;
  let played = 0;
  const report = (): void => {
    const rate = Math.round(played / ((performance.now() - startedAt) / 1_000));
    console.log(
      `${played} schedules, ${events} events, ${histories.size} different histories, ${rate} schedules per second, ${violations} violations`,
    );
  };
  const take = (some: SomePlayed): void => {
    const before = played;
    events += some.events;
    played += some.histories.length;
    for (const history of some.histories) histories.add(history);
    for (const { name, seed, broken } of some.violations) {
      violations += 1;
      const again = `--case "${name}" --seed ${seed} --schedules 1 --trace`;
      console.log(
        `${name}, seed ${seed}: ${broken.join("; ")}\n  play it again: npm run simulate -- ${again}`,
      );
    }
    if (Math.floor(played / 50_000) > Math.floor(before / 50_000)) report();
  };
  const workers = values.trace ? 1 : Math.min(availableParallelism(), schedules);
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      const share: Share = { names, first, schedules, from: worker, step: workers, isTraced: values.trace };
      const thread = new Worker(new URL("./play-share.ts", import.meta.url), { workerData: share });
      thread.on("message", take);
      const [status] = await once(thread, "exit");
      if (status !== 0) throw new Error(`a worker ended with ${status}`);
    }),
  );
  report();
  if (violations > 0) process.exitCode = 1;
}
