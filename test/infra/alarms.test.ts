import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Match } from "aws-cdk-lib/assertions";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AlarmName } from "../../functions/config.ts";
import { captureOutput } from "../fuzz/world.ts";
import { nothingWrong, situations, table } from "./alarm-situations.ts";
import { type AlarmProperties, goesOff, pointsIn } from "./emitted-metrics.ts";
import { environmentOf, holdfastTemplate } from "./synthesised-stack.ts";

const template = holdfastTemplate({
  stage: "test",
  projects: ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01"],
  eventRules: [{ bus: "default", pattern: { source: ["com.example"] }, right: "hold" }],
});
const alarms = Object.values(template.findResources("AWS::CloudWatch::Alarm")).map(
  ({ Properties }) => Properties as AlarmProperties,
);
const named = (name: string): AlarmProperties => {
  const found = alarms.find(({ AlarmName: full }) => full === `holdfast-test-${name}`);
  if (found === undefined) throw new Error(`no alarm ${name}`);
  return found;
};
const own = Object.keys(situations) as AlarmName[];
const functions = ["telephony", "signals", "control", "check"];

/** What a function is told its table is: the value of its metrics' dimension. */
const tableOf = (name: string) => environmentOf(template, `holdfast-test-${name}`).HOLDFAST_LEDGER_TABLE;
const textOf = (value: unknown): string =>
  JSON.stringify(value) === JSON.stringify(tableOf("check")) ? table : `not ours: ${JSON.stringify(value)}`;

describe("an alarm that the code raises", () => {
  let output: ReturnType<typeof captureOutput>;
  beforeEach(() => {
    // In the middle of a minute, and it stays there: no situation falls into two periods by bad luck.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.parse("2026-11-23T15:46:30.000Z") });
    output = captureOutput();
  });
  afterEach(() => {
    output.stop();
    vi.useRealTimers();
  });

  test.each(own)("%s goes off where it has to", async (name) => {
    await situations[name]();
    expect(goesOff(named(name), pointsIn(output.take()), textOf)).toBe(true);
  });

  test("stays silent where nothing goes wrong", async () => {
    await nothingWrong();
    const points = pointsIn(output.take());
    expect(points.map(({ name }) => name)).toContain("exposure");
    expect(own.filter((name) => goesOff(named(name), points, textOf))).toEqual([]);
  });

  test.each<[AlarmName, number]>([
    ["bad-signature", 20],
    ["check-failed", 3],
  ])("%s does not go off for less than %i times", async (name, times) => {
    await situations[name]();
    const points = pointsIn(output.take()).filter((point) => point.name === name);
    expect(points).toHaveLength(times);
    expect(goesOff(named(name), points.slice(1), textOf)).toBe(false);
  });

  test("is told apart from that of another deployment in the account", () => {
    expect(functions.map((name) => textOf(tableOf(name)))).toEqual(functions.map(() => table));
    expect(tableOf("check")).toEqual({ Ref: expect.stringMatching(/^LedgerTable/) });
  });
});

describe("an alarm over what AWS counts", () => {
  const ref = (prefix: string) => ({ Ref: expect.stringMatching(`^${prefix}`) });
  const queue = (prefix: string) => ({
    "Fn::GetAtt": [expect.stringMatching(`^${prefix}[0-9A-F]{8}$`), "QueueName"],
  });

  test.each([
    ["telephony", "Telephony", 1, 60, 4_800],
    ["signals", "Signals", 1, 60, 8_000],
    ["control", "Control", 5, 300, 12_000],
    ["check", "Check", 1, 60, 24_000],
  ])(
    "watches %s for errors, throttling and time that runs out",
    (name, id, errors, errorPeriod, milliseconds) => {
      const about = { Namespace: "AWS/Lambda", Dimensions: [{ Name: "FunctionName", Value: ref(id) }] };
      expect(named(`${name}-errors`)).toMatchObject({
        ...about,
        MetricName: "Errors",
        Statistic: "Sum",
        Period: errorPeriod,
        Threshold: errors,
      });
      expect(named(`${name}-throttled`)).toMatchObject({
        ...about,
        MetricName: "Throttles",
        Statistic: "Sum",
        Period: 60,
        Threshold: 1,
      });
      expect(named(`${name}-slow`)).toMatchObject({
        ...about,
        MetricName: "Duration",
        Statistic: "Maximum",
        Period: 60,
        Threshold: milliseconds,
      });
    },
  );

  test.each([
    ["checks-given-up", "ApproximateNumberOfMessagesVisible", "ChecksDeadLetters", 1],
    ["checks-late", "ApproximateAgeOfOldestMessage", "ChecksQueue", 90],
  ])("%s watches the queue", (name, metric, id, threshold) => {
    expect(named(name)).toMatchObject({
      Namespace: "AWS/SQS",
      MetricName: metric,
      Dimensions: [{ Name: "QueueName", Value: queue(id) }],
      Statistic: "Maximum",
      Period: 60,
      Threshold: threshold,
    });
  });

  test.each([
    ["gateway-errors", "5xx", 60, 1],
    ["requests-refused", "4xx", 300, 100],
  ])("%s watches API Gateway", (name, metric, period, threshold) => {
    expect(named(name)).toMatchObject({
      Namespace: "AWS/ApiGateway",
      MetricName: metric,
      Dimensions: [{ Name: "ApiId", Value: ref("WebhooksApi") }],
      Statistic: "Sum",
      Period: period,
      Threshold: threshold,
    });
  });
});

describe("every alarm", () => {
  const runbook = readFileSync(join(import.meta.dirname, "../../docs/runbook.md"), "utf8");
  const sections = [...runbook.matchAll(/^## ([a-z0-9-]+)$/gm)].map(([, section]) => section);

  test("tells the topic, as soon as one period is bad, and takes no data for no trouble", () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        AlarmActions: [{ Ref: expect.stringMatching(/^AlarmsTopic/) }],
        EvaluationPeriods: 1,
        ComparisonOperator: "GreaterThanOrEqualToThreshold",
        TreatMissingData: "notBreaching",
      });
      expect(alarm.ActionsEnabled).not.toBe(false);
    }
  });

  test("says in one sentence what goes wrong and what to do, and where to read on", () => {
    for (const { AlarmDescription: text } of alarms) {
      expect(text).toMatch(/^[A-Z][^.]+[,:][^.]+\. See docs\/runbook\.md#[a-z0-9-]+$/);
      expect(text.length).toBeLessThanOrEqual(1_024);
    }
  });

  test("has its section in the runbook, and the runbook has no other", () => {
    const linked = new Set(alarms.map(({ AlarmDescription: text }) => text.split("#")[1]));
    expect(sections.toSorted()).toEqual([...linked].toSorted());
  });

  test("may be told by CloudWatch of this account, and by nobody else", () => {
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: "Allow",
            Action: "sns:Publish",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    });
  });
});
