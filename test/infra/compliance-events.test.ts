import { describe, expect, test } from "vitest";
import { parseEventRules } from "../../infra/event-rules.ts";
import { holdfastTemplate, permissionsOf } from "./synthesised-stack.ts";

const project = "6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01";
const opened = { source: ["com.example.payments"], "detail-type": ["payment page opened"] };
const closed = { source: ["com.example.payments"], detail: { action: ["resume"] } };
const template = holdfastTemplate({
  stage: "test",
  projects: [project],
  eventRules: [
    { bus: "default", pattern: opened, right: "hold" },
    { bus: "compliance", pattern: closed, right: "release" },
  ],
});
const propertiesOf = (type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);
const alias = (right: string) => ({ Ref: expect.stringMatching(`^ControlRight${right}`) });
const rule = (number: number) => ({
  "Fn::GetAtt": [expect.stringMatching(`^EventsRule${number}`), "Arn"],
});
const queueArn = { "Fn::GetAtt": [expect.stringMatching(/^EventsUndelivered/), "Arn"] };

describe("compliance events", () => {
  test("reach control through the alias of the one right that their rule has", () => {
    expect(propertiesOf("AWS::Events::Rule")).toMatchObject([
      { EventBusName: "default", EventPattern: opened, Targets: [{ Arn: alias("hold") }] },
      { EventBusName: "compliance", EventPattern: closed, Targets: [{ Arn: alias("release") }] },
    ]);
    const permissions = propertiesOf("AWS::Lambda::Permission").filter(
      ({ Principal }) => Principal === "events.amazonaws.com",
    );
    expect(permissions).toMatchObject([
      { FunctionName: alias("hold"), SourceArn: rule(1), Action: "lambda:InvokeFunction" },
      { FunctionName: alias("release"), SourceArn: rule(2), Action: "lambda:InvokeFunction" },
    ]);
  });

  test("are tried for five minutes and then kept where EventBridge, for these rules, may put them", () => {
    for (const { Targets } of propertiesOf("AWS::Events::Rule")) {
      expect(Targets).toMatchObject([
        {
          DeadLetterConfig: { Arn: queueArn },
          RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 20 },
        },
      ]);
    }
    const statements = propertiesOf("AWS::SQS::QueuePolicy")
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Principal }) => Principal.Service === "events.amazonaws.com");
    expect(statements).toMatchObject(
      [1, 2].map((number) => ({
        Effect: "Allow",
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": rule(number) } },
      })),
    );
  });

  test("whose invocation fails are tried twice more by Lambda, within five minutes", () => {
    const configs = propertiesOf("AWS::Lambda::EventInvokeConfig");
    expect(configs).toMatchObject(Array(2).fill({ MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 2 }));
    // The qualifier is cut out of the alias's ARN.
    expect(configs.map(({ Qualifier }) => Qualifier["Fn::Select"])).toEqual(
      ["hold", "release"].map((right) => [7, { "Fn::Split": [":", alias(right)] }]),
    );
  });

  test("give control no right that it would not have without them", () => {
    const without = holdfastTemplate({ stage: "test", projects: [project] });
    expect(permissionsOf(template, "Control")).toEqual(permissionsOf(without, "Control"));
  });

  test("raise an alarm if one is lost on the way or fails for good", () => {
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "holdfast-test-events-undelivered",
      MetricName: "ApproximateNumberOfMessagesVisible",
      Threshold: 1,
    });
    template.hasResourceProperties("AWS::CloudWatch::Alarm", {
      AlarmName: "holdfast-test-events-dropped",
      Namespace: "AWS/Lambda",
      MetricName: "AsyncEventsDropped",
      Statistic: "Sum",
      Threshold: 1,
    });
  });

  test("do nothing at all unless the owner says which", () => {
    const without = holdfastTemplate({ stage: "test", projects: [project] });
    expect(without.findResources("AWS::Events::Rule")).toEqual({});
    expect(without.findResources("AWS::Lambda::EventInvokeConfig")).toEqual({});
  });
});

describe("the rules of events", () => {
  test("place holds, from the default bus, unless they say otherwise", () => {
    expect(parseEventRules(JSON.stringify({ pattern: opened }))).toEqual([
      { bus: "default", pattern: opened, right: "hold" },
    ]);
  });

  test("can be several", () => {
    const rules = [
      { bus: "compliance", pattern: opened, right: "hold" },
      { bus: "compliance", pattern: closed, right: "release" },
    ];
    expect(parseEventRules(JSON.stringify(rules))).toEqual(rules);
  });

  test.each([
    ["no pattern", {}],
    ["a pattern that matches everything", { pattern: {} }],
    ["a pattern that is a text", { pattern: "all" }],
    ["a right that no event may have", { pattern: opened, right: "read" }],
    ["every right", { pattern: opened, right: "$LATEST" }],
    ["a word that is none of theirs", { pattern: opened, rights: ["hold"] }],
    ["no bus", { pattern: opened, bus: "" }],
  ])("are refused with %s", (_what, given) => {
    expect(() => parseEventRules(JSON.stringify(given))).toThrow('"pattern"');
  });
});
