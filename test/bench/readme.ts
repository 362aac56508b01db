import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { coldChart } from "./chart.ts";
import { type Results, targetsIn, targetsTable } from "./targets.ts";

const readme = join(import.meta.dirname, "..", "..", "README.md");
const begin = "<!-- measured by npm run bench -->";
const end = "<!-- end -->";

/** What was measured, between the two marks of the README, and the chart beside results.json. */
export function writeReadme(results: Results): void {
  const text = readFileSync(readme, "utf8");
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the README has no ${begin} … ${end}`);
  const about = `Measured ${results.at?.slice(0, 10)} on ${results.cpu}, Node.js ${results.node?.slice(1)}, medians of ${results.runs} interleaved runs.`;
  const table = targetsTable(targetsIn(results));
  writeFileSync(readme, `${before}${begin}\n${about}\n\n${table}\n${end}${after}`);
  if (results.cold === undefined) return;
  const condition = results.cold.some(({ conditions }) => "network-256" in conditions)
    ? "network-256"
    : "loopback";
  const where = condition === "loopback" ? "everything on loopback" : "SignalWire 60 ms away, CPU of 256 MB";
  const chart = coldChart(results.cold, condition, `Cold: process start to pause on the wire, ${where}`);
  writeFileSync(join(import.meta.dirname, "results.svg"), chart);
}
