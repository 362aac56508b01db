import { describe, expect, test } from "vitest";
import { holdfastTemplate, permissionsOf } from "./synthesised-stack.ts";

const template = holdfastTemplate({ stage: "test", projects: ["6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01"] });
const project = "SecretsSignalwire6c2f1a348f5b4d0e9a770d3c5b1e2f01";

describe("the role of a function", () => {
  test("telephony may append, read, queue, log, and read the project's and the links' secrets, and nothing else", () => {
    expect(permissionsOf(template, "Telephony")).toEqual([
      "Allow dynamodb:PutItem on LedgerTable",
      "Allow dynamodb:Query on LedgerTable",
      "Allow logs:CreateLogStream on TelephonyLogs",
      "Allow logs:PutLogEvents on TelephonyLogs",
      "Allow secretsmanager:GetSecretValue on SecretsLinks",
      `Allow secretsmanager:GetSecretValue on ${project}`,
      "Allow sqs:SendMessage on ChecksQueue",
    ]);
  });

  test("signals may append, read, queue, log, and read the project's and the senders' secrets, and nothing else", () => {
    expect(permissionsOf(template, "Signals")).toEqual([
      "Allow dynamodb:PutItem on LedgerTable",
      "Allow dynamodb:Query on LedgerTable",
      "Allow logs:CreateLogStream on SignalsLogs",
      "Allow logs:PutLogEvents on SignalsLogs",
      "Allow secretsmanager:GetSecretValue on SecretsSenders",
      `Allow secretsmanager:GetSecretValue on ${project}`,
      "Allow sqs:SendMessage on ChecksQueue",
    ]);
  });

  test("control may append, read, scan, queue, log, and read the project's secret, and nothing else", () => {
    expect(permissionsOf(template, "Control")).toEqual([
      "Allow dynamodb:PutItem on LedgerTable",
      "Allow dynamodb:Query on LedgerTable",
      "Allow dynamodb:Scan on LedgerTable",
      "Allow logs:CreateLogStream on ControlLogs",
      "Allow logs:PutLogEvents on ControlLogs",
      `Allow secretsmanager:GetSecretValue on ${project}`,
      "Allow sqs:SendMessage on ChecksQueue",
    ]);
  });

  test("check may besides take checks from the queue", () => {
    expect(permissionsOf(template, "Check")).toEqual([
      "Allow dynamodb:PutItem on LedgerTable",
      "Allow dynamodb:Query on LedgerTable",
      "Allow logs:CreateLogStream on CheckLogs",
      "Allow logs:PutLogEvents on CheckLogs",
      `Allow secretsmanager:GetSecretValue on ${project}`,
      "Allow sqs:ChangeMessageVisibility on ChecksQueue",
      "Allow sqs:DeleteMessage on ChecksQueue",
      "Allow sqs:GetQueueAttributes on ChecksQueue",
      "Allow sqs:GetQueueUrl on ChecksQueue",
      "Allow sqs:ReceiveMessage on ChecksQueue",
      "Allow sqs:SendMessage on ChecksQueue",
    ]);
  });

  test("takes nothing from AWS's ready-made policies", () => {
    const roles = Object.values(template.findResources("AWS::IAM::Role"));
    expect(roles).toHaveLength(4);
    expect(roles.filter(({ Properties }) => "ManagedPolicyArns" in Properties)).toEqual([]);
  });
});

describe("the queues and the topic", () => {
  test("turn away whoever does not come by TLS", () => {
    for (const type of ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"]) {
      const policies = Object.values(template.findResources(type));
      expect(policies).toHaveLength(type === "AWS::SQS::QueuePolicy" ? 2 : 1);
      for (const { Properties } of policies) {
        expect(Properties.PolicyDocument.Statement).toContainEqual(
          expect.objectContaining({
            Effect: "Deny",
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
        );
      }
    }
  });
});
