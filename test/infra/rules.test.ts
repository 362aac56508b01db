import { describe, expect, test } from "vitest";
import { holdfastTemplate } from "./synthesised-stack.ts";

// What no pack of cdk-nag looks at. Over everything of a kind, so that a resource that is added tomorrow is held to it too.

const template = holdfastTemplate({
  stage: "test",
  projects: ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01", "6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f02"],
  eventRules: [{ bus: "default", pattern: { source: ["com.example"] }, right: "hold" }],
});
type Statement = {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Principal?: unknown;
  readonly Condition?: { readonly Bool?: object };
};
const all: Readonly<Record<string, { Type: string; Properties?: Record<string, never> }>> =
  template.toJSON().Resources;
const entriesOf = (type: string) =>
  Object.entries(all).filter(([, resource]) => resource.Type === type) as [
    string,
    { DeletionPolicy?: string; UpdateReplacePolicy?: string; Properties: Record<string, unknown> },
  ][];
const idsIn = (value: unknown): readonly string[] =>
  [...JSON.stringify(value).matchAll(/"(?:Ref":"|Fn::GetAtt":\[")([A-Za-z0-9]+)"/g)].map(([, id = ""]) => id);
const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, "");

/** Every statement of every policy, whatever it is attached to. */
const statements: readonly (Statement & { readonly of: string })[] = Object.entries(all).flatMap(
  ([of, { Properties = {} }]) =>
    [Properties.PolicyDocument, Properties.AssumeRolePolicyDocument].flatMap(
      (document: { Statement: Statement[] } | undefined) =>
        (document?.Statement ?? []).map((statement) => ({ ...statement, of })),
    ),
);
const allowing = statements.filter(({ Effect }) => Effect === "Allow");

describe("nobody may do more than has to be", () => {
  test("no policy allows an action by asterisk, or on every resource", () => {
    expect(statements.length).toBeGreaterThan(20);
    expect(allowing.filter(({ Action }) => [Action].flat().some((one) => one.includes("*")))).toEqual([]);
    expect(allowing.filter(({ Resource }) => JSON.stringify(Resource ?? "").includes("*"))).toEqual([]);
  });

  test("nobody may assume a role or use a queue or topic but the services that have to", () => {
    const principals = allowing.flatMap(({ Principal }) => (Principal === undefined ? [] : [Principal]));
    const services = new Set(principals.map((principal) => JSON.stringify(principal)));
    expect([...services].toSorted()).toEqual([
      '{"Service":"cloudwatch.amazonaws.com"}',
      '{"Service":"events.amazonaws.com"}',
      '{"Service":"lambda.amazonaws.com"}',
    ]);
  });

  test("each secret is read by the functions that use it, and by no other", () => {
    const readers = Object.fromEntries(entriesOf("AWS::SecretsManager::Secret").map(([id]) => [id, [""]]));
    for (const { of, Action, Resource } of allowing) {
      if (![Action].flat().includes("secretsmanager:GetSecretValue")) continue;
      for (const id of idsIn(Resource)) readers[id]?.push(withoutHash(of).replace("RoleDefaultPolicy", ""));
    }
    const everyFunction = ["Check", "Control", "Signals", "Telephony"];
    const byName = Object.entries(readers).map(([id, [, ...who]]) => [withoutHash(id), who.toSorted()]);
    expect(Object.fromEntries(byName)).toEqual({
      SecretsSignalwire6c2f1a348f5b4d0e9a770d3c5b1e2f01: everyFunction,
      SecretsSignalwire6c2f1a348f5b4d0e9a770d3c5b1e2f02: everyFunction,
      SecretsLinks: ["Telephony"],
      SecretsSenders: ["Signals"],
    });
  });

  test("each function has a role of its own", () => {
    const roles = entriesOf("AWS::Lambda::Function").map(([, { Properties }]) =>
      JSON.stringify(Properties.Role),
    );
    expect(new Set(roles).size).toBe(4);
  });

  test("no role may change or remove what is written, or make a secret, a policy or a role", () => {
    const roles = allowing.filter(({ Principal }) => Principal === undefined);
    const actions = new Set(roles.flatMap(({ Action }) => Action));
    expect([...actions].toSorted()).toEqual([
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:Scan",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "secretsmanager:GetSecretValue",
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ReceiveMessage",
      "sqs:SendMessage",
    ]);
  });
});

describe("there is no way in beside the five routes, the queue and the rules", () => {
  test("no function has a URL, and only API Gateway and EventBridge may invoke one, each from one source", () => {
    expect(entriesOf("AWS::Lambda::Url")).toEqual([]);
    const permissions = entriesOf("AWS::Lambda::Permission").map(([, { Properties }]) => Properties);
    expect(permissions).toHaveLength(6);
    for (const { Principal, SourceArn } of permissions) {
      expect(["apigateway.amazonaws.com", "events.amazonaws.com"]).toContain(Principal);
      expect(idsIn(SourceArn).map(withoutHash)[0]).toMatch(/^(WebhooksApi|EventsRule1)$/);
    }
  });

  test("every route names its method and path, and has a throttle of its own", () => {
    const routes = entriesOf("AWS::ApiGatewayV2::Route").map(([, { Properties }]) =>
      String(Properties.RouteKey),
    );
    expect(routes.filter((route) => !/^POST \/[a-z/]+(?:\{[a-z]+\})?$/.test(route))).toEqual([]);
    const [[, stage] = []] = entriesOf("AWS::ApiGatewayV2::Stage");
    const settings = stage?.Properties.RouteSettings as Readonly<Record<string, object>>;
    expect(Object.keys(settings).toSorted()).toEqual(routes.toSorted());
    for (const throttle of [...Object.values(settings), stage?.Properties.DefaultRouteSettings]) {
      expect(throttle).toEqual({ ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 });
    }
  });

  test("every queue and topic turns away whoever does not come by TLS", () => {
    const turnedAway = (type: string, attachedTo: string) =>
      entriesOf(type)
        .filter(([, { Properties }]) =>
          (Properties.PolicyDocument as { Statement: Statement[] }).Statement.some(
            ({ Effect, Condition }) =>
              Effect === "Deny" && JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
          ),
        )
        .flatMap(([, { Properties }]) => idsIn(Properties[attachedTo]));
    const idsOf = (type: string) => entriesOf(type).map(([id]) => id);
    expect(turnedAway("AWS::SQS::QueuePolicy", "Queues")).toEqual(idsOf("AWS::SQS::Queue"));
    expect(turnedAway("AWS::SNS::TopicPolicy", "Topics")).toEqual(idsOf("AWS::SNS::Topic"));
  });
});

describe("what was written stays", () => {
  test("the ledger survives the stack, deletion by hand and a mistake of yesterday", () => {
    const tables = entriesOf("AWS::DynamoDB::Table").map(([, table]) => table);
    expect(tables).toMatchObject([
      {
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
        Properties: {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      },
    ]);
  });

  test("every queue keeps its messages for 14 days, encrypted", () => {
    expect(entriesOf("AWS::SQS::Queue")).toHaveLength(3);
    for (const [, { Properties }] of entriesOf("AWS::SQS::Queue")) {
      expect(Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    }
  });

  test("every log is kept for 400 days, and each function writes into one of them", () => {
    const groups = entriesOf("AWS::Logs::LogGroup");
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(400);
    const written = entriesOf("AWS::Lambda::Function").flatMap(([, { Properties }]) =>
      idsIn(Properties.LoggingConfig),
    );
    expect(new Set(written).size).toBe(4);
    expect(groups.map(([id]) => id)).toEqual(expect.arrayContaining(written));
  });

  test("a check that fails goes back alone, and after ten times to where an alarm is raised", () => {
    const mappings = entriesOf("AWS::Lambda::EventSourceMapping").map(([, { Properties }]) => Properties);
    expect(mappings).toMatchObject([{ FunctionResponseTypes: ["ReportBatchItemFailures"] }]);
  });
});

describe("somebody is told", () => {
  test("every alarm tells the topic", () => {
    const [topic] = entriesOf("AWS::SNS::Topic").map(([id]) => id);
    const told = entriesOf("AWS::CloudWatch::Alarm").map(([, { Properties }]) => Properties.AlarmActions);
    expect(told.length).toBeGreaterThan(30);
    expect(told.filter((actions) => JSON.stringify(actions) !== JSON.stringify([{ Ref: topic }]))).toEqual(
      [],
    );
  });
});
