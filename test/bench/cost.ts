// `node test/bench/cost.ts`: the tables of docs/cost.md from results.json and prices.json.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, bundles } from "../../infra/build.ts";
import { synthesise, type Template } from "../../infra/local/template.ts";
import { readPrices } from "./cost/price.ts";
import { costReport, type Measured } from "./cost/report.ts";
import type { Standing } from "./cost/usage.ts";
import { project } from "./world.ts";

const document = join(import.meta.dirname, "..", "..", "docs", "cost.md");
const results = join(import.meta.dirname, "results.json");
const marks = ["<!-- computed by test/bench/cost.ts -->", "<!-- end -->"] as const;

/** Counted in the template, so that the next alarm is paid for too. */
export function standingOf({ Resources }: Template): Standing {
  const all = Object.values(Resources);
  const count = (type: string) => all.filter(({ Type }) => Type === type).length;
  const own = all.flatMap(({ Properties }) =>
    Properties?.Namespace === "Holdfast" && typeof Properties.MetricName === "string"
      ? [Properties.MetricName]
      : [],
  );
  return {
    secrets: count("AWS::SecretsManager::Secret"),
    // The exposure has no alarm.
    metrics: new Set([...own, "exposure"]).size,
    alarms: count("AWS::CloudWatch::Alarm"),
    dashboards: count("AWS::CloudWatch::Dashboard"),
  };
}

/** @throws Error where the document has lost its marks */
export function withTables(text: string, tables: string): string {
  const [begin, end] = marks.map((mark) => text.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin)
    throw new Error("docs/cost.md has no place for the tables");
  return `${text.slice(0, begin + marks[0].length)}\n\n${tables}\n\n${text.slice(end)}`;
}

export async function writeCost(): Promise<void> {
  const { life, peers } = JSON.parse(readFileSync(results, "utf8")) as Partial<Measured>;
  if (life === undefined || peers === undefined)
    throw new Error("results.json has no life of a hold: npm run bench first");
  await build();
  const standing = standingOf(synthesise(bundles, project, undefined));
  const tables = costReport({ life, peers, standing }, readPrices());
  writeFileSync(document, withTables(readFileSync(document, "utf8"), tables));
}

if (import.meta.main) await writeCost();
