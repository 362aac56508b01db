import { DynamoDBClient, PutItemCommand, QueryCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { createAwsServices, endpointOf } from "../../functions/aws/services.ts";
import { serviceAt } from "./service-at.ts";
import { authorizationOf } from "./signature.ts";
import { type Asked, type Aws, json, startAws } from "./stand-in.ts";

let aws: Aws;
beforeEach(async () => {
  aws = await startAws(json(200, { Items: [], SecretString: "s", MessageId: "1" }));
});
afterEach(() => aws.close());

const at = Date.UTC(2026, 10, 24, 9, 5, 7);
const keys = { accessKeyId: "AKID-made-up", secretAccessKey: "made-up/secret+key" };
const ask = (service: ReturnType<typeof serviceAt>, operation: string, input: object) =>
  service.call(operation, input, z.unknown(), 5_000);

describe("a request is what the SDK's client sends", () => {
  const given = () => ({
    endpoint: aws.endpoint,
    region: "eu-central-1",
    credentials: keys,
    maxAttempts: 1,
    md5: false as never,
  });
  const key = { ":pk": { S: "p#1" } };
  const query = { TableName: "t", KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: key };
  const item = { pk: { S: "p#1" }, sk: { N: "1" }, entry: { S: 'é "\u2028' } };
  const put = { TableName: "t", Item: item, ConditionExpression: "attribute_not_exists(pk)" };
  const scan = { TableName: "t", ConsistentRead: true, Limit: 2, ExclusiveStartKey: item };
  const dynamodb = () => new DynamoDBClient(given());
  const QueueUrl = "http://127.0.0.1/000000000000/checks";
  const message = { QueueUrl, MessageBody: '{"hop":1}', DelaySeconds: 5 };

  test.each([
    ["dynamodb", "Query", query, () => dynamodb().send(new QueryCommand(query))],
    ["dynamodb", "PutItem", put, () => dynamodb().send(new PutItemCommand(put))],
    ["dynamodb", "Scan", scan, () => dynamodb().send(new ScanCommand(scan))],
    ["sqs", "SendMessage", message, () => new SQSClient(given()).send(new SendMessageCommand(message))],
    [
      "sqs",
      "SendMessageBatch",
      { QueueUrl, Entries: [] },
      () => new SQSClient(given()).send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })),
    ],
    [
      "secretsmanager",
      "GetSecretValue",
      { SecretId: "holdfast/s" },
      () => new SecretsManagerClient(given()).send(new GetSecretValueCommand({ SecretId: "holdfast/s" })),
    ],
  ] as const)("%s %s", async (service, operation, input, byTheSdk) => {
    // What its answer is does not matter here.
    await byTheSdk().catch(() => undefined);
    await ask(serviceAt(aws.endpoint, service, { credentials: () => keys }), operation, input);
    const [theirs, ours] = aws.asked.map(({ method, path, headers, body }) => ({
      method,
      path,
      host: headers.host,
      type: headers["content-type"],
      target: headers["x-amz-target"],
      length: headers["content-length"],
      // Without the day, which may be another by the second request.
      scope: headers.authorization?.match(/Credential=([^,]*)/)?.[1]?.replace(/\/[0-9]{8}\//, "/"),
      input: JSON.parse(body) as unknown,
    }));
    expect(ours).toEqual(theirs);
  });
});

describe("a request is signed", () => {
  const authorization = ({ headers, body }: Asked, service: string, region: string) =>
    authorizationOf({ method: "POST", path: "/", headers, body }, keys, {
      region,
      service,
      signed: headers.authorization?.match(/SignedHeaders=([^,]*)/)?.[1]?.split(";") ?? [],
    });

  test("as AWS's own example is", () => {
    // "Signature Version 4 for API requests", the request for a list of users.
    const headers = {
      "content-type": "application/x-www-form-urlencoded; charset=utf-8",
      host: "iam.amazonaws.com",
      "x-amz-date": "20150830T123600Z",
    };
    const query = "Action=ListUsers&Version=2010-05-08";
    const example = {
      accessKeyId: "AKIDEXAMPLE",
      secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    };
    const signed = ["content-type", "host", "x-amz-date"];
    const scope = { region: "us-east-1", service: "iam", signed };
    expect(authorizationOf({ method: "GET", path: "/", query, headers, body: "" }, example, scope)).toBe(
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    );
  });

  test.each(["dynamodb", "sqs", "secretsmanager"] as const)("to %s", async (service) => {
    const signing = serviceAt(aws.endpoint, service, { credentials: () => keys, now: () => at });
    await ask(signing, "Anything", { text: "é\u2028 %+&" });
    const [asked] = aws.asked as [Asked];
    expect(asked.headers["x-amz-date"]).toBe("20261124T090507Z");
    expect(asked.headers.authorization).toMatch(/SignedHeaders=content-type;host;x-amz-date;x-amz-target,/);
    expect(asked.headers.authorization).toBe(authorization(asked, service, "eu-central-1"));
  });

  test("with the credentials that the environment has by then, and their session", async () => {
    const variables: Record<string, string> = {
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "older",
      AWS_SECRET_ACCESS_KEY: "older",
      AWS_ENDPOINT_URL: aws.endpoint,
    };
    const { dynamodb } = createAwsServices(variables, () => at);
    await ask(dynamodb, "Query", {});
    variables.AWS_ACCESS_KEY_ID = keys.accessKeyId;
    variables.AWS_SECRET_ACCESS_KEY = keys.secretAccessKey;
    variables.AWS_SESSION_TOKEN = "made-up-session";
    await ask(dynamodb, "Query", {});
    const [before, after] = aws.asked as [Asked, Asked];
    expect(before.headers["x-amz-security-token"]).toBeUndefined();
    expect(after.headers["x-amz-security-token"]).toBe("made-up-session");
    expect(after.headers.authorization).toContain("x-amz-security-token");
    expect(after.headers.authorization).toBe(authorization(after, "dynamodb", "eu-west-1"));
  });
});

test("each service is where its own variable says, or else the one of all", async () => {
  const other = await startAws(json(200, {}));
  const { dynamodb, sqs, secretsManager } = createAwsServices(
    { AWS_ENDPOINT_URL: other.endpoint, AWS_ENDPOINT_URL_SQS: aws.endpoint },
    () => at,
  );
  await ask(dynamodb, "Query", {});
  await ask(sqs, "SendMessage", {});
  await ask(secretsManager, "GetSecretValue", {});
  const targets = ({ asked }: Aws) => asked.map(({ headers }) => headers["x-amz-target"]);
  expect(targets(aws)).toEqual(["AmazonSQS.SendMessage"]);
  expect(targets(other)).toEqual(["DynamoDB_20120810.Query", "secretsmanager.GetSecretValue"]);
  await other.close();
});

test("an endpoint with a path is refused, because it would be left out", () => {
  const variables = { AWS_ENDPOINT_URL: "https://vpce.example.com/dynamodb" };
  expect(() => createAwsServices(variables, () => at)).toThrow("AWS_ENDPOINT_URL");
});

test.each([
  ["dynamodb", "eu-central-1", "https://dynamodb.eu-central-1.amazonaws.com"],
  ["sqs", "us-gov-west-1", "https://sqs.us-gov-west-1.amazonaws.com"],
  ["secretsmanager", "cn-north-1", "https://secretsmanager.cn-north-1.amazonaws.com.cn"],
])("%s in %s is at %s", (service, region, url) => {
  expect(endpointOf(service, region)).toBe(url);
});
