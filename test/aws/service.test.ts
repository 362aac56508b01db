import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { AwsFailure } from "../../functions/aws/failure.ts";
import { serviceAt } from "./service-at.ts";
import { type Answer, type Aws, json, startAws } from "./stand-in.ts";

let aws: Aws;
afterEach(() => aws.close());

const found = z.object({ Count: z.number() });
const input = { TableName: "ledger" };
const seconds = 5_000;

async function dynamodb(answers: readonly Answer[], maxAttempts = 2) {
  aws = await startAws(...answers);
  const service = serviceAt(aws.endpoint, "dynamodb", { maxAttempts });
  return (timeoutMs = seconds) => service.call("Query", input, found, timeoutMs);
}

/** What `call` rejects with. */
const failureOf = async (call: Promise<unknown>): Promise<AwsFailure> => {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === "rejected" && outcome.reason instanceof AwsFailure) return outcome.reason;
  throw new Error("no failure of AWS");
};

describe("a call", () => {
  test("is one request, and what is read of its answer is what was asked for", async () => {
    const query = await dynamodb([json(200, { Count: 2, ScannedCount: 3 })]);
    expect(await query()).toEqual({ Count: 2 });
    expect(aws.asked.map(({ body }) => body)).toEqual(['{"TableName":"ledger"}']);
  });

  test("goes over the connection of the one before", async () => {
    const query = await dynamodb([json(200, { Count: 0 })]);
    for (let made = 0; made < 5; made += 1) await query();
    expect(aws.connections()).toBe(1);
  });

  test("has a connection of its own while another one is under way", async () => {
    const query = await dynamodb([json(200, { Count: 0 })]);
    await Promise.all([query(), query()]);
    expect(aws.connections()).toBe(2);
  });

  test("waits for the one before where they are to go one after another", async () => {
    aws = await startAws(json(400, { __type: "x#ResourceNotFoundException" }), json(200, { Count: 1 }));
    const service = serviceAt(aws.endpoint, "secretsmanager", { isOneAtATime: true });
    const both = ["first", "second"].map((SecretId) =>
      service.call("GetSecretValue", { SecretId }, found, seconds),
    );
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(aws.asked.map(({ body }) => body)).toEqual(['{"SecretId":"first"}', '{"SecretId":"second"}']);
    expect(aws.connections()).toBe(1);
  });
});

describe("what is asked again", () => {
  test("a request on a kept connection that the service had closed", async () => {
    const query = await dynamodb([json(200, { Count: 1 })]);
    await query();
    aws.closeConnections();
    expect(await query()).toEqual({ Count: 1 });
  });

  test.each<[string, Answer]>([
    ["a connection that breaks", "reset"],
    ["a 500", json(500, { __type: "InternalServerError" })],
    ["a 503 of something in between", { status: 503, body: "<html>" }],
    ["a 429", json(429, {})],
    ["a throttled request", json(400, { __type: "com.amazonaws.dynamodb.v20120810#ThrottlingException" })],
    ["a busy partition", json(400, { __type: "x#ProvisionedThroughputExceededException" })],
    ["an account at its limit", json(400, { __type: "x#RequestLimitExceeded" })],
  ])("%s, once", async (_, answer) => {
    const query = await dynamodb([answer, json(200, { Count: 7 })]);
    expect(await query()).toEqual({ Count: 7 });
    expect(aws.asked).toHaveLength(2);
    await aws.close();
    const failing = await dynamodb([answer]);
    await expect(failing()).rejects.toThrow(AwsFailure);
    expect(aws.asked).toHaveLength(2);
  });

  test.each<[string, Answer]>([
    ["a condition that does not hold", json(400, { __type: "x#ConditionalCheckFailedException" })],
    ["a right that is missing", json(400, { __type: "AccessDeniedException" })],
    ["an answer that cannot be read", { status: 200, body: "{" }],
    ["an answer of another shape", json(200, { Count: "2" })],
    ["a redirection", json(302, {})],
  ])("not %s", async (_, answer) => {
    const query = await dynamodb([answer]);
    await expect(query()).rejects.toThrow(AwsFailure);
    expect(aws.asked).toHaveLength(1);
  });
});

describe("a failure", () => {
  test("tells operation, status and type, and nothing that was sent or said", async () => {
    const query = await dynamodb([json(400, { __type: "a.b#ResourceNotFoundException", message: "ledger" })]);
    const failure = await failureOf(query());
    expect(failure).toMatchObject({ status: 400, type: "ResourceNotFoundException" });
    expect(failure.message).toBe("dynamodb Query: 400 ResourceNotFoundException");
    expect(failure.cause).toBeUndefined();
  });

  test("says so where an answer could not be read", async () => {
    const query = await dynamodb([{ status: 200, body: "{" }]);
    expect((await failureOf(query())).message).toBe("dynamodb Query: 200 unreadable");
  });

  test.each([
    ["of another", "<html>", undefined],
    ["whose type is none", '{"__type":7}', undefined],
    ["of a type without a namespace", '{"__type":"OverLimit"}', "OverLimit"],
  ])("can be read from a body %s", async (_, body, type) => {
    const query = await dynamodb([{ status: 400, body }]);
    expect((await failureOf(query())).type).toBe(type);
  });

  test("comes when the time is up, whatever is still to be tried", async () => {
    const query = await dynamodb(["silence"], 3);
    const failure = await failureOf(query(50));
    expect(failure).toMatchObject({ status: undefined, message: "dynamodb Query: no answer" });
    await sleep(100);
    expect(aws.asked).toHaveLength(1);
  });

  test("comes where nobody listens", async () => {
    const query = await dynamodb([]);
    await aws.close();
    await expect(query()).rejects.toThrow(AwsFailure);
  });
});
