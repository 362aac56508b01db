import { createHmac } from "node:crypto";
import type { Context } from "aws-lambda";
import { describe, expect, test } from "vitest";
import { httpChain } from "../../functions/trigger/http-chain.ts";
import type { SenderKeys, Senders } from "../../functions/trigger/sender-proof.ts";
import { signalsDoor } from "../../functions/trigger/signals.ts";
import { createBench, first, project, start } from "../flow/bench.ts";

// What somebody would try who is no sender, who has another sender's key, or who has a message that a sender once signed.

const payments = Buffer.alloc(32, 1);
const newer = Buffer.alloc(32, 2);
const consent = Buffer.alloc(24, 3);
const secretOf = (key: Buffer): string => `whsec_${key.toString("base64")}`;
const senders: Senders = {
  payments: { secrets: [secretOf(payments)], allow: ["pause", "resume"] },
  consent: { secrets: [secretOf(consent)], allow: ["pause", "resume", "stop"] },
  reader: { secrets: [secretOf(consent)], allow: [] },
};
const conference = "22222222-2222-4222-8222-222222222222";
const at = String(start / 1000);

const saying = (type: string, data: object = {}, afterMs = 0): string => {
  const reason = type === "recording.resume" ? {} : { reason: "card-entry" };
  return JSON.stringify({
    type,
    timestamp: new Date(start + afterMs).toISOString(),
    data: { conference, hold: "payment-1", ...reason, ...data },
  });
};
const pause = saying("recording.pause");

const sign = (key: Buffer, id: string, timestamp: string, body: string): string =>
  `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;

type Sent = {
  readonly sender?: string;
  readonly path?: string;
  readonly id?: string;
  readonly timestamp?: string;
  readonly body?: string;
  readonly key?: Buffer;
  readonly signature?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
};

/** A door with everything behind it, over fakes. */
function bench(known: Senders = senders, read: Partial<SenderKeys> = {}) {
  const flow = createBench({ [first]: "in-progress" });
  const asked: string[] = [];
  const reading = (name: string) => async () => {
    asked.push(name);
    return known;
  };
  const keys = { senders: reading("senders"), sendersAgain: reading("sendersAgain"), ...read };
  const door = signalsDoor({ keys, projects: [project], handleCommand: flow.handle });
  const handler = httpChain(door, { now: () => start, tell: () => undefined });
  const send = async (sent: Sent) => {
    const { sender = "payments", id = "msg_1", timestamp = at, body = pause, key = payments } = sent;
    const event = {
      rawPath: sent.path ?? `/signals/${sender}`,
      rawQueryString: "",
      headers: {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": sent.signature ?? sign(key, id, timestamp, body),
        ...sent.headers,
      },
      body,
      isBase64Encoded: false,
      requestContext: {
        requestId: "gw-1",
        domainName: "d",
        http: { method: sent.method ?? "POST", sourceIp: "192.0.2.1" },
      },
    };
    const reply = await handler(event as never, {} as Context);
    return { reply, status: reply.statusCode, json: JSON.parse(reply.body) as Record<string, unknown> };
  };
  return { flow, asked, send };
}

test("the message that all of these change is taken", async () => {
  const { send, flow } = bench();
  expect((await send({})).status).toBe(200);
  expect(flow.signalwire.sent).toEqual([`${first} paused`]);
});

describe("gets the same 401, writes nothing and sends nothing:", () => {
  const right = sign(payments, "msg_1", at, pause);
  const resume = saying("recording.resume");
  test.each<[string, Sent]>([
    ["another verb in the body than the one that was signed", { body: resume, signature: right }],
    [
      "another hold in the body than the one that was signed",
      { body: saying("recording.pause", { hold: "payment-2" }), signature: right },
    ],
    ["the same JSON, written in another way", { body: pause.replace(",", ", "), signature: right }],
    ["a message of one sender at another's path", { sender: "consent" }],
    ["a message of nobody", { sender: "nobody" }],
    ["a name of Object's", { sender: "__proto__" }],
    ["a sender's name in capitals", { sender: "PAYMENTS" }],
    ["a sender's name with an escape", { sender: "%70ayments" }],
    ["a sender's name with a NUL behind it", { sender: "payments\u0000" }],
    ["an id with a dot", { id: "msg.1" }],
    [
      "an old message whose timestamp moved into its id",
      {
        id: `msg_1.${Number(at) - 900}`,
        signature: sign(payments, "msg_1", `${Number(at) - 900}.${at}`, pause),
      },
    ],
    ["an id of 129 characters", { id: "a".repeat(129) }],
    ["an id that was sent twice", { id: "msg_1,msg_1" }],
    ["an id with a space", { id: "msg 1" }],
    ["a timestamp with a tail", { timestamp: `${at}a` }],
    ["a timestamp in hexadecimal", { timestamp: `0x${Number(at).toString(16)}` }],
    ["a timestamp as an exponent", { timestamp: `${Number(at) / 10}e1` }],
    ["a timestamp with a fraction", { timestamp: `${at}.0` }],
    ["a timestamp in milliseconds", { timestamp: String(start) }],
    [
      "a timestamp in other digits",
      { timestamp: [...at].map((digit) => String.fromCharCode(0x660 + Number(digit))).join("") },
    ],
    ["a timestamp that was sent twice", { timestamp: `${at},${at}` }],
    ["a message 301 s old", { timestamp: String(Number(at) - 301) }],
    ["a message 301 s ahead", { timestamp: String(Number(at) + 301) }],
    ["the right signature as the sixth", { signature: `v1,a v1,b v1,c v1,d v1,e ${right}` }],
    ["a signature that was sent twice", { signature: `${right},${right}` }],
    [
      "a wrong signature, and in a header of its own the right one",
      { signature: `v1,${"A".repeat(43)}=,v1,x ${right}` },
    ],
    ["a signature under two spellings of its header", { headers: { "Webhook-Signature": right } }],
    ["the right signature as another version", { signature: right.replace("v1,", "v1a,") }],
    ["the right signature without its version", { signature: right.slice(3) }],
    [
      "the right signature in base64url",
      { signature: right.replaceAll("+", "-").replaceAll("/", "_").replace("=", "") },
    ],
    ["a signature by an empty key", { key: Buffer.alloc(0) }],
    [
      "a signature by the text of the secret",
      { signature: sign(Buffer.from(secretOf(payments)), "msg_1", at, pause) },
    ],
    [
      "a signature by SignalWire's scheme",
      {
        signature: "",
        headers: { "x-signalwire-signature": createHmac("sha1", payments).update(pause).digest("base64") },
      },
    ],
    [
      "headers of Svix' names alone",
      {
        headers: {
          "webhook-signature": "",
          "svix-id": "msg_1",
          "svix-timestamp": at,
          "svix-signature": right,
        },
      },
    ],
  ])("%s", async (_name, sent) => {
    const { send, flow } = bench();
    const { reply } = await send(sent);
    expect(reply).toEqual({
      statusCode: 401,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: '{"message":"The request could not be verified","error":"unproven","requestId":"gw-1","safeToCollect":false}',
    });
    expect([await flow.facts(), flow.signalwire.sent, flow.signalwire.looks, flow.checks.sent]).toEqual([
      [],
      [],
      0,
      [],
    ]);
  });
});

test("an old message of a sender whose ids have dots, its timestamp moved into its body, says nothing", async () => {
  const { send, flow } = bench();
  const old = String(Number(at) - 900);
  const { status } = await send({
    body: `${old}.${pause}`,
    signature: sign(payments, `msg_1.${at}`, old, pause),
  });
  expect(status).toBe(400);
  expect([await flow.facts(), flow.signalwire.sent]).toEqual([[], []]);
});

describe("is judged before any key is asked for:", () => {
  test.each<[string, Sent, number]>([
    ["64 KiB and one byte", { body: `${pause}${" ".repeat(65_537 - pause.length)}` }, 413],
    ["a form", { headers: { "content-type": "application/x-www-form-urlencoded" } }, 415],
    ["two content types", { headers: { "Content-Type": "application/json" } }, 415],
    ["a stale timestamp", { timestamp: String(Number(at) - 301) }, 401],
    ["six signatures", { signature: "v1,a v1,b v1,c v1,d v1,e v1,f" }, 401],
    ["an id with a dot", { id: "a.b" }, 401],
    ["another path", { path: "/signals/payments/more" }, 404],
    ["another method", { method: "PUT" }, 404],
  ])("%s", async (_name, sent, status) => {
    const { send, asked } = bench();
    expect((await send(sent)).status).toBe(status);
    expect(asked).toEqual([]);
  });
});

describe("a secret that is too weak vouches for nobody:", () => {
  test.each<[string, Buffer[], Buffer]>([
    ["no bytes", [Buffer.alloc(0)], Buffer.alloc(0)],
    ["23 bytes", [Buffer.alloc(23, 7)], Buffer.alloc(23, 7)],
    ["23 bytes beside a good one", [payments, Buffer.alloc(23, 7)], payments],
  ])("%s", async (_name, keys, key) => {
    const { send } = bench({ payments: { secrets: keys.map(secretOf), allow: ["pause"] } });
    expect((await send({ key })).status).toBe(401);
  });

  test("24 bytes do", async () => {
    const { send } = bench({ payments: { secrets: [secretOf(Buffer.alloc(24, 7))], allow: ["pause"] } });
    expect((await send({ key: Buffer.alloc(24, 7) })).status).toBe(200);
  });
});

describe("during a rotation", () => {
  const both = { payments: { secrets: [secretOf(newer), secretOf(payments)], allow: ["pause"] } };

  test.each([
    ["the newer", newer],
    ["the older", payments],
  ])("a message by %s of two secrets is taken", async (_name, key) => {
    expect((await bench(both).send({ key })).status).toBe(200);
  });

  test("a secret that only a second reading finds is taken", async () => {
    const { send } = bench(senders, { sendersAgain: async () => both });
    expect((await send({ key: newer })).status).toBe(200);
  });

  test("a secret that a second reading does not find any more is refused", async () => {
    const { send } = bench({ payments: { secrets: [secretOf(newer)], allow: ["pause"] } });
    expect((await send({ key: payments })).status).toBe(401);
  });
});

describe("a sender that is proven", () => {
  const stop = saying("recording.stop", { hold: undefined });

  test.each([
    ["payments", payments, stop],
    ["reader", consent, pause],
    ["reader", consent, saying("recording.resume")],
    ["reader", consent, stop],
  ])("%s may not do more than its list says", async (sender, key, body) => {
    const { send, flow } = bench();
    const { status, json } = await send({ sender, key, body });
    expect({ status, error: json.error }).toEqual({ status: 403, error: "not-allowed" });
    expect([await flow.facts(), flow.signalwire.sent]).toEqual([[], []]);
  });

  test("releases its own holds and nobody else's, though they have the same name", async () => {
    const { send, flow } = bench();
    await send({});
    const resume = { body: saying("recording.resume", {}, 1), id: "msg_2" };
    const theirs = await send({ ...resume, sender: "consent", key: consent });
    expect(theirs.json).toMatchObject({
      wanted: "paused",
      holds: [{ id: "payment-1", source: "signal:payments" }],
    });
    expect(flow.signalwire.sent).toEqual([`${first} paused`]);
    const own = await send({ ...resume });
    expect(own.json).toMatchObject({ wanted: "in-progress", holds: [] });
  });

  test("does not take over another's hold by placing one of the same name", async () => {
    const { send } = bench();
    await send({});
    await send({ sender: "consent", key: consent, id: "msg_2" });
    const own = await send({
      sender: "consent",
      key: consent,
      id: "msg_3",
      body: saying("recording.resume", {}, 1),
    });
    expect(own.json).toMatchObject({
      wanted: "paused",
      holds: [{ id: "payment-1", source: "signal:payments" }],
    });
  });

  test("changes nothing by sending the same message again", async () => {
    const { send, flow } = bench();
    const once = await send({});
    const twice = await send({});
    expect([once.status, twice.status]).toEqual([200, 200]);
    expect(twice.json.holds).toEqual(once.json.holds);
    expect((await flow.facts()).filter((fact) => fact === "hold-placed")).toHaveLength(1);
  });
});
