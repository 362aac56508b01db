import { Match } from "aws-cdk-lib/assertions";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { captureOutput } from "../fuzz/world.ts";
import { everyMeasure, situations } from "./alarm-situations.ts";
import { pointsIn } from "./emitted-metrics.ts";
import { holdfastTemplate } from "./synthesised-stack.ts";

const template = holdfastTemplate({
  stage: "test",
  projects: ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01"],
  eventRules: [{ bus: "default", pattern: { source: ["com.example"] }, right: "hold" }],
});

type Widget = {
  readonly type: string;
  readonly properties: { readonly title: string; readonly metrics?: unknown[][]; readonly alarms?: string[] };
};

/** The body, each reference in it being the logical id without CDK's hash. */
function widgets(): readonly Widget[] {
  const [dashboard] = Object.values(template.findResources("AWS::CloudWatch::Dashboard"));
  const [glue, parts] = dashboard?.Properties.DashboardBody["Fn::Join"] ?? [];
  const text = parts.map((part: string | object) =>
    typeof part === "string"
      ? part
      : (/"([A-Za-z0-9]+?)[0-9A-F]{8}"/.exec(JSON.stringify(part))?.[1] ?? "region"),
  );
  return JSON.parse(text.join(glue)).widgets;
}

/** Per graph: what it shows, as `metric statistic`. A metric like the one before is abbreviated to dots. */
function shown(title: string): readonly string[] {
  const found = widgets().find(({ properties }) => properties.title === title);
  return (found?.properties.metrics ?? []).map((metric) => {
    const names = metric.filter((part) => typeof part === "string");
    const { stat, label } = metric.at(-1) as { stat?: string; label?: string };
    return `${names[1] === "." ? "" : names[1]} ${stat ?? "Average"} ${label ?? ""}`.trim();
  });
}

describe("the dashboard", () => {
  test("shows how long pauses take, halfway, mostly and at worst", () => {
    const percentiles = (name: string) => ["p50", "p95", "p99"].map((stat) => `${name} ${stat} ${stat}`);
    expect(shown("From trigger to pause on the wire, ms")).toEqual(percentiles("time-to-pause"));
    expect(shown("From trigger to confirmed pause (exposure), ms")).toEqual(percentiles("exposure"));
  });

  test("shows the queue of checks, dead letters, and each function's errors, throttles and duration", () => {
    expect(shown("Oldest check, s")).toEqual(["ApproximateAgeOfOldestMessage Maximum age"]);
    expect(shown("Dead letters")).toHaveLength(2);
    for (const title of ["Errors", "Throttled", "Duration p99, ms"]) {
      expect(shown(title).map((line) => line.split(" ").at(-1))).toEqual([
        "telephony",
        "signals",
        "control",
        "check",
      ]);
    }
  });

  test("shows every alarm", () => {
    const alarms = widgets().flatMap(({ properties }) => properties.alarms ?? []);
    expect(alarms).toHaveLength(Object.keys(template.findResources("AWS::CloudWatch::Alarm")).length);
  });

  test("has the deployment's name, so that two in one account do not take each other's", () => {
    template.hasResourceProperties("AWS::CloudWatch::Dashboard", { DashboardName: "holdfast-test" });
    template.hasOutput("Dashboard", { Value: Match.anyValue() });
  });
});

describe("what it shows of our own", () => {
  let output: ReturnType<typeof captureOutput>;
  beforeEach(() => {
    output = captureOutput();
  });
  afterEach(() => output.stop());

  test("is what the code writes: each name, and no measure that nobody sees", async () => {
    const graphs = widgets().flatMap(({ properties }) => properties.metrics ?? []);
    const own = new Set(
      graphs.flatMap(([namespace, name]) => (namespace === "Holdfast" ? [String(name)] : [])),
    );
    for (const { properties } of widgets()) {
      // Within a graph the namespace of the metric before is abbreviated to a dot.
      if (properties.metrics?.[0]?.[0] !== "Holdfast") continue;
      for (const [, name] of properties.metrics) if (name !== ".") own.add(String(name));
    }
    await everyMeasure();
    const measures = new Set(pointsIn(output.take()).map(({ name }) => name));
    expect([...measures].filter((name) => !own.has(name))).toEqual([]);
    expect([...own].filter((name) => !measures.has(name) && !(name in situations))).toEqual([]);
    expect(measures.size).toBeGreaterThanOrEqual(7);
  });
});
