import { Match } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { variablesOf } from "../../functions/config.ts";
import { environmentOf, holdfastTemplate } from "./synthesised-stack.ts";

const first = "6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01";
const second = "6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f02";
const template = holdfastTemplate({
  stage: "test",
  projects: [first, second],
  policy: '{"unconfirmed":"stop"}',
  publicUrl: "https://voice.example.com",
});

describe("the ledger table", () => {
  test("can be restored to any second, is protected from deletion and outlives the stack", () => {
    template.hasResource("AWS::DynamoDB::Table", {
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
      Properties: {
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    });
  });

  test("has the keys that the ledger writes, expires entries and is paid on demand", () => {
    template.hasResourceProperties("AWS::DynamoDB::Table", {
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      TimeToLiveSpecification: { AttributeName: "expires", Enabled: true },
      BillingMode: "PAY_PER_REQUEST",
    });
  });
});

describe("the check queue", () => {
  test("tries a crashed check again within a minute and gives it up after ten tries, into a queue kept for 14 days", () => {
    template.hasResourceProperties("AWS::SQS::Queue", {
      VisibilityTimeout: 45,
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        maxReceiveCount: 10,
        deadLetterTargetArn: { "Fn::GetAtt": [Match.stringLikeRegexp("^ChecksDeadLetters"), "Arn"] },
      },
    });
    template.resourcePropertiesCountIs("AWS::SQS::Queue", { MessageRetentionPeriod: 1_209_600 }, 2);
  });

  test("hands checks over one at a time and takes back those that failed", () => {
    template.hasResourceProperties("AWS::Lambda::EventSourceMapping", {
      BatchSize: 1,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      FunctionName: { Ref: Match.stringLikeRegexp("^Check") },
    });
  });

  test("may be filled by the function that empties it for longer than Lambda lets a loop run", () => {
    template.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "holdfast-test-check",
      RecursiveLoop: "Allow",
    });
    template.resourcePropertiesCountIs("AWS::Lambda::Function", { RecursiveLoop: "Allow" }, 1);
  });
});

describe("the secrets", () => {
  const secrets = Object.values(template.findResources("AWS::SecretsManager::Secret")).map(
    ({ Properties }) => Properties,
  );

  test("are one for each project, one for the links and one for the senders", () => {
    expect(secrets.map(({ Name }) => Name)).toEqual([
      `holdfast/test/signalwire/${first}`,
      `holdfast/test/signalwire/${second}`,
      "holdfast/test/links",
      "holdfast/test/senders",
    ]);
  });

  test("have no value in the template that a deployment could write over what the owner filled in", () => {
    expect(secrets.filter((secret) => "SecretString" in secret)).toEqual([]);
    expect(secrets.filter((secret) => "GenerateSecretString" in secret).map(({ Name }) => Name)).toEqual([
      "holdfast/test/links",
    ]);
  });
});

describe("the functions", () => {
  test.each([
    ["telephony", 6],
    ["signals", 10],
    ["control", 15],
    ["check", 30],
  ])(
    "%s runs on Node.js 24, arm64, 512 MB and for at most %i seconds, and logs to its own group",
    (name, seconds) => {
      template.hasResourceProperties("AWS::Lambda::Function", {
        FunctionName: `holdfast-test-${name}`,
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        MemorySize: 512,
        Timeout: seconds,
        Handler: "index.handler",
      });
      template.hasResourceProperties("AWS::Logs::LogGroup", {
        LogGroupName: `/aws/lambda/holdfast-test-${name}`,
        RetentionInDays: 400,
      });
    },
  );

  test.each(["telephony", "signals", "control", "check"] as const)(
    "%s is given exactly the variables that it reads",
    (name) => {
      expect(Object.keys(environmentOf(template, `holdfast-test-${name}`)).toSorted()).toEqual(
        variablesOf(name).toSorted(),
      );
    },
  );

  test("are told the projects, the policy and the address as the owner gave them", () => {
    expect(environmentOf(template, "holdfast-test-telephony")).toMatchObject({
      HOLDFAST_SIGNALWIRE_SECRETS: "holdfast/test/signalwire/",
      HOLDFAST_PROJECTS: `${first},${second}`,
      HOLDFAST_LINK_SECRET: "holdfast/test/links",
      HOLDFAST_PUBLIC_URL: "https://voice.example.com",
      HOLDFAST_POLICY: '{"unconfirmed":"stop"}',
    });
    expect(environmentOf(template, "holdfast-test-signals")).toMatchObject({
      HOLDFAST_SENDERS_SECRET: "holdfast/test/senders",
    });
  });

  test("are not told what the owner left to the defaults", () => {
    const plain = holdfastTemplate({ stage: "prod", projects: [first] });
    expect(Object.keys(environmentOf(plain, "holdfast-prod-telephony")).toSorted()).toEqual([
      "HOLDFAST_CHECK_QUEUE_URL",
      "HOLDFAST_LEDGER_TABLE",
      "HOLDFAST_LINK_SECRET",
      "HOLDFAST_PROJECTS",
      "HOLDFAST_SIGNALWIRE_SECRETS",
    ]);
  });

  test("have one alias of control for each right, all moved by a deployment at once", () => {
    const aliases = Object.values(template.findResources("AWS::Lambda::Alias")).map(
      ({ Properties }) => Properties,
    );
    expect(aliases.map(({ Name }) => Name)).toEqual(["hold", "release", "stop", "read"]);
    expect(aliases.map(({ FunctionVersion }) => FunctionVersion)).toEqual(Array(4).fill("$LATEST"));
    expect(aliases.map(({ FunctionName }) => FunctionName.Ref)).toEqual(
      Array(4).fill(expect.stringMatching(/^Control/)),
    );
  });
});

describe("the outputs", () => {
  test("name everything that an owner has to know", () => {
    expect(Object.keys(template.findOutputs("*")).toSorted()).toEqual([
      "AlarmTopic",
      "CheckFunction",
      "CheckQueueUrl",
      "CloudFrontAndWaf",
      "ControlFunction",
      "ControlHold",
      "ControlRead",
      "ControlRelease",
      "ControlStop",
      "Dashboard",
      "LedgerTable",
      "LinkSecret",
      "SendersSecret",
      "SignalsFunction",
      "SignalwireSecrets",
      "TelephonyFunction",
      "Url",
    ]);
  });
});
