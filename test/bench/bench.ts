// `npm run bench`: everything of one run, as a table and as results.json and results.svg beside this file.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { measureAllCold } from "./cold.ts";
import { readOptions } from "./options.ts";
import { prepareRows } from "./rows.ts";
import { coldTables } from "./table.ts";
import { model, startWorld } from "./world.ts";

const options = readOptions(process.argv.slice(2));
const tell = (progress: string) => process.stderr.write(`${progress}\n`);

tell("building, and installing what is compared");
const { rows, skipped } = await prepareRows(options.isWanted);
const world = await startWorld();
try {
  const cold = await measureAllCold({ rows, memoryMb: options.memoryMb, runs: options.runs }, world, tell);
  const results = {
    at: new Date().toISOString(),
    node: process.version,
    cpu: `${cpus().length} × ${cpus()[0]?.model}`,
    runs: options.runs,
    model,
    skipped: [...skipped, ...cold.skipped],
    cold: cold.rows,
  };
  console.log(coldTables({ rows: cold.rows, skipped: results.skipped }));
  writeFileSync(join(import.meta.dirname, "results.json"), `${JSON.stringify(results, null, 2)}\n`);
} finally {
  await world.close();
}
