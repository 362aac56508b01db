import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { CheckNotQueued, createCheckQueue, parseCheck } from "../../functions/ledger/check-queue.ts";
import type { Check } from "../../functions/ledger/ledger.ts";
import { serviceAt, withCalls } from "../aws/service-at.ts";
import { conference, project } from "./examples.ts";

const check: Check = { project, conference, chain: "chain-1", hop: 3 };

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** A queue whose server answers with `respond`, and the bodies of what it was asked. */
async function queueAt(respond: (body: string) => { status: number; body: string } | "silence") {
  const requests: unknown[] = [];
  server = createServer(async (incoming, answer) => {
    const body = (await incoming.toArray()).join("");
    requests.push(JSON.parse(body));
    const response = respond(body);
    if (response === "silence") return;
    answer.writeHead(response.status, { "content-type": "application/x-amz-json-1.0" }).end(response.body);
  });
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const order: string[] = [];
  const sqs = withCalls(serviceAt(endpoint, "sqs"), (_operation, _input, call) => {
    order.push("check");
    return call();
  });
  const queueUrl = `${endpoint}/000000000000/checks`;
  return { queue: createCheckQueue({ sqs, queueUrl, timeoutMs: 200 }), queueUrl, requests, order };
}

describe("sending", () => {
  const queued = (body: string) => {
    const MD5OfMessageBody = createHash("md5").update(JSON.parse(body).MessageBody).digest("hex");
    return { status: 200, body: JSON.stringify({ MessageId: "m-1", MD5OfMessageBody }) };
  };

  test("a message carries project, conference, chain and hop, and nothing else", async () => {
    const { queue, queueUrl, requests } = await queueAt(queued);
    await queue.send({ ...check, reason: "card-entry" } as Check, 30);
    expect(requests).toEqual([
      {
        QueueUrl: queueUrl,
        DelaySeconds: 30,
        MessageBody:
          '{"project":"7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01","conference":"c0ffee00-1111-4222-8333-444455556666","chain":"chain-1","hop":3}',
      },
    ]);
  });

  test("what was sent is what is read", async () => {
    const bodies: string[] = [];
    const { queue } = await queueAt((body) => {
      bodies.push(JSON.parse(body).MessageBody);
      return queued(body);
    });
    await queue.send(check, 0);
    expect(parseCheck(bodies[0] ?? "")).toEqual(check);
  });

  test("what is asked in the same turn of the event loop goes out first", async () => {
    const { queue, order } = await queueAt(queued);
    const sending = queue.send(check, 5);
    for (let step = 0; step < 100; step += 1) await Promise.resolve();
    order.push("ledger");
    await sending;
    expect(order).toEqual(["ledger", "check"]);
  });

  test.each([
    ["refuses", () => ({ status: 400, body: JSON.stringify({ __type: "OverLimit" }) })],
    ["is broken", () => ({ status: 500, body: "" })],
    ["is silent", () => "silence" as const],
  ])("a check is not queued where the queue %s", async (_, respond) => {
    const { queue } = await queueAt(respond);
    await expect(queue.send(check, 5)).rejects.toThrow(CheckNotQueued);
  });
});

describe("reading", () => {
  const body = (of: object) => JSON.stringify({ ...check, ...of });

  test("a whole message is a check", () => {
    expect(parseCheck(body({}))).toEqual(check);
  });

  test.each([
    ["no JSON", "{"],
    ["no object", '"text"'],
    ["null", "null"],
    ["a list", "[]"],
    ["no project", body({ project: undefined })],
    ["a project that is no UUID", body({ project: "project#1" })],
    ["a conference that is no UUID", body({ conference: "c0ffee00/../x" })],
    ["a conference with a line break behind it", body({ conference: `${conference}\n` })],
    ["no chain", body({ chain: undefined })],
    ["an empty chain", body({ chain: "" })],
    ["a chain that is endless", body({ chain: "c".repeat(129) })],
    ["a hop that is text", body({ hop: "3" })],
    ["a hop below none", body({ hop: -1 })],
    ["half a hop", body({ hop: 0.5 })],
    ["more than a check has", body({ resume: true })],
  ])("%s is no check", (_, text) => {
    expect(parseCheck(text)).toBeUndefined();
  });
});
