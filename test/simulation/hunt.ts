import { cases } from "./cases.ts";
import { explore } from "./every-schedule.ts";
import { playSchedule } from "./schedule.ts";
import { type SmallCase, smallCases } from "./small-cases.ts";

// node hunt.ts <random schedules of each case> [small case]: looks for one violation, first in every schedule of that small case,
// then in random schedules, then in every schedule of all small cases. Prints one JSON line: where it was found and what it is, or
// that there is none.

const [, , most = "10000", first] = process.argv;

async function hunt(): Promise<{ found: string; violation?: string; schedules: number }> {
  let schedules = 0;
  const every = async (some: readonly SmallCase[]) => {
    for (const { name, tasks, budget } of some) {
      const explored = await explore(tasks, budget, 1_000_000, 1);
      schedules += explored.schedules;
      const [violation] = explored.violations;
      if (violation !== undefined) return { found: `every: ${name}`, violation, schedules };
    }
    return undefined;
  };
  const likely = await every(smallCases.filter(({ name }) => name === first));
  if (likely !== undefined) return likely;
  for (let seed = 1; seed <= Number(most); seed += 1) {
    for (const [name, options] of Object.entries(cases)) {
      schedules += 1;
      const { violations } = await playSchedule({ ...options, seed });
      const [violation] = violations;
      if (violation !== undefined) return { found: `random: ${name}, seed ${seed}`, violation, schedules };
    }
  }
  return (await every(smallCases)) ?? { found: "nowhere", schedules };
}

console.log(JSON.stringify(await hunt()));
