import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parsePolicy } from "../../functions/config/policy.ts";
import { projectId } from "../../functions/recording/ids.ts";
import { httpChain } from "../../functions/trigger/http-chain.ts";
import { telephonyDoor } from "../../functions/trigger/telephony.ts";
import type { SigningKeys } from "../../functions/trigger/telephony-proof.ts";
import { done } from "../fixtures/telephony-bench.ts";

// What somebody would try who is not SignalWire, or who has a request that SignalWire once signed.

const project = "b3877c40-da60-4998-90ad-b792e98472af";
const call = "b3877c40-da60-4998-90ad-b792e98472ca";
const key = "PSK_ExampleSigningKey0123456789";
const newer = "PSK_NewerSigningKey0123456789";
const host = "a1b2c3.execute-api.eu-west-1.amazonaws.com";
const url = `https://${host}/telephony/digits?room=support`;
const formType = "application/x-www-form-urlencoded";
const body = `AccountSid=${project}&CallSid=${call}&CallStatus=in-progress&Digits=1`;

function sign(signed: string, form: string, by = key): string {
  const pairs = [...new URLSearchParams(form)].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac("sha1", by)
    .update(signed + pairs.flat().join(""))
    .digest("base64");
}

type Sent = {
  readonly path?: string;
  readonly query?: string;
  readonly body?: string | Buffer;
  readonly signature?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
};

/** Sends one form, which is the right one but for what `sent` says. */
async function send(sent: Sent, keys: readonly string[] = [key], read: Partial<SigningKeys> = {}) {
  const commands: unknown[] = [];
  const asked: string[] = [];
  const known = (name: string) => async () => {
    asked.push(name);
    return { signingKeys: keys };
  };
  const door = telephonyDoor({
    keys: { project: known("project"), projectAgain: known("projectAgain"), ...read },
    link: async () => "made-up-link-key",
    projects: [projectId(project)],
    policy: parsePolicy(undefined),
    handleCommand: async (command) => {
      commands.push(command);
      return done();
    },
    handleCallback: async (callback) => void commands.push(callback),
    announce: async () => undefined,
    isCallOver: async () => false,
    roomOf: async () => undefined,
    alarm: () => undefined,
    now: () => 0,
    sleep: () => new Promise(() => {}),
  });
  const { path = "/telephony/digits", query = "room=support", method = "POST", headers = {} } = sent;
  const event = {
    rawPath: path,
    rawQueryString: query,
    headers: {
      "content-type": formType,
      "x-signalwire-signature": sent.signature ?? sign(url, body),
      ...headers,
    },
    body: Buffer.from(sent.body ?? body).toString("base64"),
    isBase64Encoded: true,
    requestContext: { requestId: "r", domainName: host, http: { method, sourceIp: "192.0.2.1" } },
  };
  const context = { getRemainingTimeInMillis: () => 5_000 };
  const reply = await httpChain(door, { now: () => 0, tell: () => undefined })(
    event as never,
    context as never,
  );
  return { status: reply.statusCode, reply, commands, asked };
}

const refusal = { statusCode: 403, headers: { "content-type": "text/plain" }, body: "" };

test("the request that all of these change is taken", async () => {
  const { status, commands } = await send({});
  expect(status).toBe(200);
  expect(commands).toMatchObject([
    { target: { by: "room", room: "support" }, operation: { type: "place-hold" } },
  ]);
});

describe("is refused with nothing but 403, and does nothing:", () => {
  const bareUrl = sign(url, "");
  const long = `${url}&exp=1&mac=abc`;
  const inRoom = (room: string) => `https://${host}/telephony/digits?room=${room}`;
  test.each<[string, Sent]>([
    ["a signature of the bare URL over a body", { signature: bareUrl }],
    ["a signature of the bare URL without a body, which names no project", { signature: bareUrl, body: "" }],
    [
      "a signature of the URL whose query has the hash of the body",
      { query: "room=support&bodySHA256=00", signature: sign(`${url}&bodySHA256=00`, "") },
    ],
    [
      "JSON, whatever it is signed with",
      { headers: { "content-type": "application/json" }, body: "{}", signature: sign(url, "") },
    ],
    ["a multipart form", { headers: { "content-type": "multipart/form-data; boundary=x" } }],
    ["no content type", { headers: { "content-type": "" } }],
    ["two content types", { headers: { "content-type": `${formType},application/json` } }],
    [
      "the hexadecimal signature of the other scheme",
      {
        signature: createHmac("sha1", key)
          .update(url + body)
          .digest("hex"),
      },
    ],
    [
      "a signature of 20 bytes that are not the right ones",
      { signature: Buffer.alloc(20).toString("base64") },
    ],
    [
      "the first 19 bytes of the right signature",
      { signature: Buffer.from(sign(url, body), "base64").subarray(0, 19).toString("base64") },
    ],
    [
      "the right signature and one byte more",
      {
        signature: Buffer.concat([Buffer.from(sign(url, body), "base64"), Buffer.alloc(1)]).toString(
          "base64",
        ),
      },
    ],
    ["a signature that was sent twice", { signature: `${sign(url, body)},${sign(url, body)}` }],
    [
      "a right signature behind a wrong one",
      { signature: `AAAAAAAAAAAAAAAAAAAAAAAAAAA=,${sign(url, body)}` },
    ],
    [
      "a signature under two spellings of its header",
      { headers: { "X-SignalWire-Signature": sign(url, body) } },
    ],
    [
      "a signature in Twilio's header alone",
      { signature: "", headers: { "x-twilio-signature": sign(url, body) } },
    ],
    [
      "a signature in the header of the other scheme alone",
      { signature: "", headers: { "x-signalwire-sha256-signature": sign(url, body) } },
    ],
    ["a signature by an empty key", { signature: sign(url, body, "") }],
    ["another path", { path: "/telephony/menu" }],
    ["another query", { query: "room=sales" }],
    ["another spelling of the same query", { query: "room=%73upport" }],
    ["a query that lost its question mark", { query: "", path: "/telephony/digits%3Froom=support" }],
    ["GET with the same form", { method: "GET" }],
    ["bytes that are not UTF-8", { body: Buffer.concat([Buffer.from(`${body}&Tag=`), Buffer.from([0xff])]) }],
    ["an escape that is not UTF-8", { body: `${body}&Tag=%ff`, signature: sign(url, `${body}&Tag=\ufffd`) }],
    ["a broken escape", { body: `${body}&Tag=%zz`, signature: sign(url, `${body}&Tag=%25zz`) }],
    ["an overlong escape", { body: `${body}&Tag=%c0%80`, signature: sign(url, `${body}&Tag=\ufffd\ufffd`) }],
    [
      "a project that is not configured",
      { body: body.replace(project, call), signature: sign(url, body.replace(project, call)) },
    ],
    [
      "two projects",
      { body: `${body}&AccountSid=${call}`, signature: sign(url, `${body}&AccountSid=${call}`) },
    ],
    [
      "a project in the query alone",
      { body: `CallSid=${call}&Digits=1`, signature: sign(url, `CallSid=${call}&Digits=1`) },
    ],
    [
      "the end of a signed URL as a parameter: its expiry and MAC",
      { body: `%26exp%3D1%26mac%3Dabc=&${body}`, signature: sign(long, body) },
    ],
    [
      "the end of a signed URL as a parameter: a part of the room's name",
      { query: "room=1", body: `2=&${body}`, signature: sign(inRoom("12"), body) },
    ],
    [
      "the end of a signed URL as a parameter in capitals",
      { query: "room=Team", body: `A=1&${body}`, signature: sign(inRoom("TeamA1"), body) },
    ],
    [
      "the end of a signed URL as a value without a name",
      { query: "room=1", body: `=2&${body}`, signature: sign(inRoom("12"), body) },
    ],
  ])("%s", async (_name, sent) => {
    const { reply, commands } = await send(sent);
    expect(reply).toEqual(refusal);
    expect(commands).toEqual([]);
  });
});

test("64 KiB and one byte are refused before any key is asked for", async () => {
  const { status, reply, asked } = await send({
    body: `${body}&Tag=${"x".repeat(65_536 - body.length - 4)}`,
  });
  expect({ status, body: reply.body, asked }).toEqual({ status: 413, body: "", asked: [] });
});

test.each([
  ["Host", { host: "attacker.example" }],
  ["X-Forwarded-Host", { "x-forwarded-host": "attacker.example", "x-forwarded-proto": "https" }],
  ["X-Forwarded-Port", { "x-forwarded-port": "8443" }],
  ["Forwarded", { forwarded: "host=attacker.example;proto=https" }],
  ["X-Original-URL", { "x-original-url": "/telephony/digits?room=sales" }],
])(
  "%s changes nothing: a signature of what it names is refused, and that of what was called is taken",
  async (_name, headers) => {
    const theirs = url.replace(host, "attacker.example");
    expect((await send({ headers, signature: sign(theirs, body) })).status).toBe(403);
    expect(
      (
        await send({
          headers,
          signature: sign(theirs.replace("attacker.example", "attacker.example:8443"), body),
        })
      ).status,
    ).toBe(403);
    expect((await send({ headers })).status).toBe(200);
  },
);

describe("an explicit :443", () => {
  test.each([
    [`https://${host}:443/telephony/digits?room=support`, 200],
    [`https://${host}:444/telephony/digits?room=support`, 403],
    [`http://${host}/telephony/digits?room=support`, 403],
    [`http://${host}:443/telephony/digits?room=support`, 403],
    [`https://${host}/telephony/digits:443?room=support`, 403],
    [`https://${host}/telephony/digits?room=support:443`, 403],
  ])("signed as %s: %i", async (signed, status) => {
    expect((await send({ signature: sign(signed, body) })).status).toBe(status);
  });
});

describe("during a rotation", () => {
  test.each([
    ["the newer of two", [newer, key], newer],
    ["the older of two", [newer, key], key],
    ["the third of three", ["PSK_Another", newer, key], key],
  ])("a signature by %s is taken", async (_name, keys, by) => {
    expect((await send({ signature: sign(url, body, by) }, keys)).status).toBe(200);
  });

  test("a key that only a second reading finds is taken", async () => {
    const projectAgain = async () => ({ signingKeys: [newer, key] });
    const { status, asked } = await send({ signature: sign(url, body, newer) }, [key], { projectAgain });
    expect({ status, asked }).toEqual({ status: 200, asked: ["project"] });
  });

  test("a key that is not in the secret any more is refused", async () => {
    expect((await send({ signature: sign(url, body, key) }, [newer])).status).toBe(403);
  });

  test.each([
    ["", [""]],
    ["beside the right one", [key, ""]],
    ["in front of it", ["", key]],
  ])("an empty key refuses everything %s", async (_name, keys) => {
    expect((await send({}, keys)).status).toBe(403);
    expect((await send({ signature: sign(url, body, "") }, keys)).status).toBe(403);
  });
});
