import { cases } from "./cases.ts";
import { explore } from "./every-schedule.ts";
import { playSchedule } from "./schedule.ts";
import { smallCases } from "./small-cases.ts";

// node hunt.ts <random schedules of each case>: looks for one violation, first in random schedules, then in every schedule of the
// small cases. Prints one JSON line: where it was found and what it is, or that there is none.

const most = Number(process.argv[2] ?? 10_000);

async function hunt(): Promise<{ found: string; violation?: string; schedules: number }> {
  let schedules = 0;
  for (let seed = 1; seed <= most; seed += 1) {
    for (const [name, options] of Object.entries(cases)) {
      schedules += 1;
      const { violations } = await playSchedule({ ...options, seed });
      const [violation] = violations;
      if (violation !== undefined) return { found: `random: ${name}, seed ${seed}`, violation, schedules };
    }
  }
  for (const { name, tasks, budget } of smallCases) {
    const explored = await explore(tasks, budget, 1_000_000, 1);
    schedules += explored.schedules;
    const [violation] = explored.violations;
    if (violation !== undefined) return { found: `every: ${name}`, violation, schedules };
  }
  return { found: "nowhere", schedules };
}

console.log(JSON.stringify(await hunt()));
