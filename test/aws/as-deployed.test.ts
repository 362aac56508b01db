import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { createAwsServices } from "../../functions/aws/services.ts";
import { CheckNotQueued, createCheckQueue } from "../../functions/ledger/check-queue.ts";
import { createDynamoLedger } from "../../functions/ledger/dynamo-ledger.ts";
import { LedgerFailure } from "../../functions/ledger/ledger.ts";
import { conference, project, ref } from "../ledger/examples.ts";
import { serviceAt } from "./service-at.ts";
import { type Answer, type Aws, json, startAws } from "./stand-in.ts";

let aws: Aws;
afterEach(() => aws.close());

/** With the attempts, time-outs and turns that a function has. */
async function services(...answers: readonly Answer[]) {
  aws = await startAws(...answers);
  return createAwsServices({ AWS_ENDPOINT_URL: aws.endpoint }, Date.now);
}

describe("a service as the functions have it", () => {
  test("is asked again where a kept connection was closed, and twice at most", async () => {
    const { dynamodb } = await services(json(200, {}));
    await dynamodb.call("Query", {}, z.unknown(), 1_000);
    aws.closeConnections();
    expect(await dynamodb.call("Query", {}, z.unknown(), 1_000)).toEqual({});
    await aws.close();
    const { sqs } = await services("reset");
    await expect(sqs.call("SendMessage", {}, z.unknown(), 1_000)).rejects.toThrow();
    expect(aws.asked).toHaveLength(2);
  });

  test("that is busy is not asked again at once", async () => {
    const { dynamodb } = await services(json(503, {}), json(200, {}));
    const started = performance.now();
    await dynamodb.call("Query", {}, z.unknown(), 1_000);
    expect(performance.now() - started).toBeGreaterThan(45);
  });

  test("opens one connection for secrets that are read at once, and one for each question to a table", async () => {
    const { secretsManager, dynamodb } = await services(json(200, {}));
    await Promise.all([1, 2, 3].map(() => secretsManager.call("GetSecretValue", {}, z.unknown(), 1_000)));
    expect(aws.connections()).toBe(1);
    await Promise.all([1, 2, 3].map(() => dynamodb.call("Query", {}, z.unknown(), 1_000)));
    expect(aws.connections()).toBe(4);
  });

  test("whose time is up while another one had its turn is not asked at all", async () => {
    const { secretsManager } = await services("silence");
    const calls = [1, 2, 3].map(() => secretsManager.call("GetSecretValue", {}, z.unknown(), 200));
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(aws.asked).toHaveLength(1);
  });
});

describe("a 200 that does not hold what it should", () => {
  test("is no empty ledger", async () => {
    aws = await startAws(json(200, {}));
    const ledger = createDynamoLedger({ dynamodb: serviceAt(aws.endpoint, "dynamodb"), table: "ledger" });
    await expect(ledger.newest(ref)).rejects.toThrow(LedgerFailure);
    await expect(ledger.entries(ref)).rejects.toThrow(LedgerFailure);
  });

  test("is no check on the queue", async () => {
    aws = await startAws(json(200, {}));
    const queue = createCheckQueue({
      sqs: serviceAt(aws.endpoint, "sqs"),
      queueUrl: `${aws.endpoint}/0/checks`,
    });
    await expect(queue.send({ project, conference, chain: "c", hop: 0 }, 5)).rejects.toThrow(CheckNotQueued);
  });
});
