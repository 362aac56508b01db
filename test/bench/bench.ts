// `npm run bench`: everything of one run, as tables, as results.json and results.svg beside this file, and in the README.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { measureAllCold } from "./cold.ts";
import { writeCost } from "./cost.ts";
import { measureFreeze } from "./freeze.ts";
import { measureGrowth } from "./growth.ts";
import { growthTable } from "./growth-table.ts";
import { measureLife, measurePeerPause } from "./life.ts";
import { measureLoad } from "./load.ts";
import { loadTable } from "./load-table.ts";
import { measureMemory, memoryLine } from "./memory.ts";
import { readOptions } from "./options.ts";
import { writeReadme } from "./readme.ts";
import { prepareRows, workFolder } from "./rows.ts";
import { coldTables } from "./table.ts";
import { measureWarm } from "./warm.ts";
import { freezeTable, warmTable } from "./warm-table.ts";
import { model, startWorld } from "./world.ts";

const { isPart, isQuick, isWanted, memoryMb, runs } = readOptions(process.argv.slice(2));
const tell = (progress: string) => process.stderr.write(`${progress}\n`);
const built = (name: string) => join(workFolder, "functions", name, "index.mjs");
const file = join(import.meta.dirname, "results.json");

/** Written after each part, so that one that fails takes none before it along. */
let results: object = earlier();
function keep(part: object): void {
  const machine = { node: process.version, cpu: `${cpus().length} × ${cpus()[0]?.model}` };
  results = { ...results, at: new Date().toISOString(), ...machine, runs, model, ...part };
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
function earlier(): object {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as object;
  } catch {
    return {};
  }
}

tell("building, and installing what is compared");
const { rows, skipped } = await prepareRows(isWanted);
const world = await startWorld();
try {
  if (isPart("cold")) {
    const cold = await measureAllCold({ rows, memoryMb, runs }, world, tell);
    const left = [...skipped, ...cold.skipped];
    console.log(coldTables({ rows: cold.rows, skipped: left }));
    keep({ skipped: left, cold: cold.rows });
  }
  if (isPart("warm")) {
    const warm = await measureWarm({ rows, runs: isQuick ? 20 : 100 }, world, tell);
    console.log(`\n${warmTable(warm)}`);
    keep({ warm });
  }
  if (isPart("freeze")) {
    const ours = rows.filter(({ name }) => name === "telephony" || name === "signals");
    const freeze = await measureFreeze({ rows: ours, pauses: isQuick ? 10 : 100 }, world, tell);
    console.log(`\n${freezeTable(freeze)}`);
    keep({ freeze });
  }
  if (isPart("growth")) {
    const growth = await measureGrowth({ entry: built("signals"), runs }, world, tell);
    const memory = await measureMemory(
      { entry: built("signals"), pauses: isQuick ? 1_000 : 5_000 },
      world,
      tell,
    );
    console.log(`\n${growthTable(growth)}\n\n${memoryLine(memory)}`);
    keep({ growth, memory });
  }
  if (isPart("cost")) {
    const entries = { signals: built("signals"), check: built("check") };
    const life = await measureLife(entries, isQuick ? 38 : 68, world, tell);
    const peers = [];
    for (const row of rows.filter(({ group }) => group === "today"))
      peers.push(await measurePeerPause(row, runs, world));
    keep({ life, peers });
    await writeCost();
    console.log("\ndocs/cost.md is written anew");
  }
} finally {
  await world.close();
}
if (isPart("load")) {
  const load = await measureLoad(
    isQuick ? { stepSeconds: 5, seconds: 20 } : { stepSeconds: 10, seconds: 60 },
    tell,
  );
  console.log(`\n${loadTable(load)}`);
  keep({ load });
}
writeReadme(results);
