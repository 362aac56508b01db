import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { createDynamoLedger } from "../../functions/ledger/dynamo-ledger.ts";
import { createDynamoScan } from "../../functions/ledger/dynamo-scan.ts";
import { projectId } from "../../functions/recording/ids.ts";
import { projectSecrets } from "../../functions/secrets.ts";
import { serviceAt } from "./service-at.ts";
import { json, startAws } from "./stand-in.ts";

let close = () => {};
afterEach(() => close());

/** A service that answers each request after `delayMs`. */
async function answering(delayMs: number, value: object, status = 200): Promise<string> {
  const server = createServer(async (request, response) => {
    request.resume();
    await sleep(delayMs);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => {
    server.close();
    server.closeAllConnections();
  };
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("an answer that is slower than a second, and within the time that its reader allows", () => {
  test("is a secret's", async () => {
    const secret = { space: "example.signalwire.com", apiToken: "PT_made_up", signingKeys: ["PSK_made_up"] };
    const endpoint = await answering(1_200, { SecretString: JSON.stringify(secret) });
    const project = projectId("b3877c40-da60-4998-90ad-b792e98472af");
    const secrets = projectSecrets("holdfast/test/signalwire/", {
      secretsManager: serviceAt(endpoint, "secretsmanager", { isOneAtATime: true, maxAttempts: 2 }),
      now: Date.now,
      alarm: () => undefined,
      readTimeoutMs: 60_000,
    });
    expect(await secrets.project(project)).toMatchObject({ apiToken: "PT_made_up" });
  });

  test("is a page of the whole table", async () => {
    const endpoint = await answering(1_200, { Items: [] });
    const table = { dynamodb: serviceAt(endpoint, "dynamodb", { maxAttempts: 2 }), table: "ledger" };
    const scan = createDynamoScan(table, createDynamoLedger(table));
    expect(await scan.page(undefined)).toEqual({ ledgers: [], strays: 0 });
  });
});

test("a service that stays busy is called busy where no time is left to ask again", async () => {
  const busy = json(400, { __type: "x#ThrottlingException" });
  const aws = await startAws(busy);
  close = () => void aws.close();
  const clock = { maxAttempts: 2, now: () => (aws.asked.length === 0 ? 0 : 30) };
  const service = serviceAt(aws.endpoint, "dynamodb", clock);
  const failure = await service.call("Query", {}, z.unknown(), 60).catch((cause: unknown) => cause);
  expect(failure).toMatchObject({ name: "AwsFailure", status: 400, type: "ThrottlingException" });
  expect(aws.asked).toHaveLength(1);
});
