import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Mutant, mutants, seed } from "./mutants.ts";

const run = promisify(execFile);
const RANDOM_SCHEDULES = 2_000;

async function hunt(
  folder: string,
  { small }: Mutant,
): Promise<{ readonly found: string; readonly violation?: string }> {
  const script = join(folder, "test", "simulation", "hunt.ts");
  const first = small === undefined ? [] : [small];
  const { stdout } = await run(process.execPath, [script, String(RANDOM_SCHEDULES), ...first]);
  return JSON.parse(stdout);
}

test.each(mutants)(
  "the schedules catch this fault: $name",
  async (mutant) => {
    const { folder, remove } = seed(mutant);
    try {
      const { found, violation } = await hunt(folder, mutant);
      expect(found).toMatch(/^(random|every): /);
      expect(violation).toBeDefined();
    } finally {
      remove();
    }
  },
  300_000,
);
