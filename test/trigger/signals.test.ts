import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { Command } from "../../functions/recording/command.ts";
import { conferenceSid, projectId } from "../../functions/recording/ids.ts";
import type { Outcome } from "../../functions/recording/outcome.ts";
import type { Delivery } from "../../functions/trigger/delivery.ts";
import { httpChain } from "../../functions/trigger/http-chain.ts";
import type { SenderKeys, Senders } from "../../functions/trigger/sender-proof.ts";
import { signalsDoor } from "../../functions/trigger/signals.ts";
import { type Sent, secret, signedSignal } from "./signed-signal.ts";

const project = projectId("7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01");
const conference = conferenceSid("c0ffee00-1111-4222-8333-444455556666");
const now = 1_795_448_760_000;
const newerSecret = "whsec_GBkaGxwdHh8gISIjJCUmJygpKissLS4v";

const senders: Senders = {
  payments: { secrets: [secret], allow: ["pause", "resume"] },
  consent: { secrets: [secret], allow: ["stop"] },
};
const done: Outcome = {
  kind: "done",
  answer: {
    conference,
    wanted: "paused",
    confirmed: true,
    safeToCollect: true,
    recordings: [],
    holds: [],
    position: 4,
  },
};
const pause = {
  type: "recording.pause",
  timestamp: "2026-11-23T15:46:00.000Z",
  data: { project, conference, hold: "payment-7f3a", reason: "card-entry" },
};

type Setup = { outcome?: Outcome; projects?: (typeof project)[]; keys?: Partial<SenderKeys> };

/** Sends one signal through the whole chain. */
async function send(sent: Omit<Sent, "body"> & { json?: unknown; body?: Sent["body"] }, setup: Setup = {}) {
  const commands: Command[] = [];
  const deliveries: Delivery[] = [];
  const asked: string[] = [];
  const keys: SenderKeys = {
    senders: async () => {
      asked.push("senders");
      return setup.keys?.senders ? setup.keys.senders() : senders;
    },
    sendersAgain: async () => {
      asked.push("sendersAgain");
      return setup.keys?.sendersAgain ? setup.keys.sendersAgain() : senders;
    },
  };
  const handleCommand = async (command: Command) => {
    commands.push(command);
    return setup.outcome ?? done;
  };
  const door = signalsDoor({ keys, projects: setup.projects ?? [project], handleCommand });
  const handler = httpChain(door, { now: () => now, tell: (delivery) => deliveries.push(delivery) });
  const { json = pause, body = JSON.stringify(json), ...rest } = sent;
  const reply = await handler(signedSignal({ ...rest, body }), {} as Context);
  return { status: reply.statusCode, reply, body: JSON.parse(reply.body), commands, deliveries, asked };
}

const withData = (data: object, type = "recording.pause") => ({
  json: { ...pause, type, data: { ...pause.data, ...data } },
});

describe("a signal that is taken", () => {
  it("becomes a command that places a hold of its sender", async () => {
    const { status, body, commands, deliveries, asked } = await send({
      id: "msg_2",
      ...withData({ expiresInSeconds: 600, pauseBehavior: "skip" }),
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      conference: "c0ffee00-1111-4222-8333-444455556666",
      wanted: "paused",
      confirmed: true,
      safeToCollect: true,
      recordings: [],
      holds: [],
      position: 4,
    });
    expect(commands).toEqual([
      {
        project: "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
        target: { by: "conference", conference: "c0ffee00-1111-4222-8333-444455556666" },
        source: "signal:payments",
        operation: {
          type: "place-hold",
          hold: "payment-7f3a",
          reason: "card-entry",
          time: { at: 1_795_448_760_000, clock: "sender" },
          expiresInSeconds: 600,
          pauseBehavior: "skip",
        },
        cause: { source: "signal:payments", request: "msg_2", sourceIp: "203.0.113.7" },
        receivedAt: 1_795_448_760_000,
      },
    ]);
    expect(deliveries).toEqual([
      {
        route: "/signals/{sender}",
        requestId: "gw-1",
        status: 200,
        durationMs: 0,
        source: "signal:payments",
        command: "place-hold",
        project: "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
        conference: "c0ffee00-1111-4222-8333-444455556666",
        outcome: "done",
        confirmed: true,
        position: 4,
      },
    ]);
    expect(asked).toEqual(["senders"]);
  });

  it("releases the hold that a resume names, whatever fields of a pause come with it", async () => {
    const { commands } = await send(withData({ expiresInSeconds: 600 }, "recording.resume"));
    expect(commands[0]?.operation).toEqual({
      type: "release-hold",
      hold: "payment-7f3a",
      time: { at: 1_795_448_760_000, clock: "sender" },
    });
  });

  it("stops, with or without a reason", async () => {
    const stop = { ...pause, type: "recording.stop", data: { conference, reason: "consent-withdrawn" } };
    const withReason = await send({ sender: "consent", json: stop });
    expect(withReason.commands[0]?.operation).toEqual({ type: "stop", reason: "consent-withdrawn" });
    const without = await send({ sender: "consent", json: { ...stop, data: { conference } } });
    expect(without.commands[0]?.operation).toEqual({ type: "stop" });
  });

  it.each([
    [
      { conference: undefined, room: "Support 7" },
      { by: "room", room: "Support 7" },
    ],
    [
      { conference: undefined, call: "CA11CA11-1111-4222-8333-444455556666" },
      { by: "call", call: "ca11ca11-1111-4222-8333-444455556666" },
    ],
    [
      { conference: "C0FFEE00-1111-4222-8333-444455556666" },
      { by: "conference", conference: "c0ffee00-1111-4222-8333-444455556666" },
    ],
  ])("names its conference by %j", async (data, target) => {
    const { commands } = await send(withData(data));
    expect(commands[0]?.target).toEqual(target);
  });

  it("may concern one recording alone", async () => {
    const { commands } = await send(withData({ recording: "AB5C3C9E-0c1a-4f6b-9a55-2f1f6f1e8a01" }));
    expect(commands[0]?.recording).toBe("ab5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01");
  });

  it("means the one configured project if it names none", async () => {
    const { commands } = await send(withData({ project: undefined }));
    expect(commands[0]?.project).toBe("7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01");
  });

  it.each([
    ["2026-11-23T15:46:00Z", 1_795_448_760_000],
    ["2026-11-23T16:46:00.250+01:00", 1_795_448_760_250],
    ["2026-11-23T15:51:00Z", 1_795_449_060_000],
    ["2020-01-01T00:00:00Z", 1_577_836_800_000],
  ])("has the time of its sender, %s", async (timestamp, at) => {
    const { commands } = await send({ json: { ...pause, timestamp } });
    expect(commands[0]?.operation).toMatchObject({ time: { at, clock: "sender" } });
  });

  it.each([
    ["the shortest expiry", { expiresInSeconds: 5 }],
    ["the longest expiry", { expiresInSeconds: 14_400 }],
    ["the longest hold", { hold: "A".repeat(128) }],
    ["every character a hold may have", { hold: "aZ09_.:-" }],
    ["the longest reason", { reason: "a".repeat(64) }],
    ["the longest room", { conference: undefined, room: "é".repeat(64) }],
    ["a conference whose digits pass a card's check", { conference: "41111111-1111-1111-1111-111111111111" }],
    ["a hold that is a UUID", { hold: "41111111-1111-4111-8111-1111abcdef01" }],
  ])("may have %s", async (_, data) => {
    expect((await send(withData(data))).status).toBe(200);
  });

  it("is read from bytes too", async () => {
    expect((await send({ body: Buffer.from(JSON.stringify(pause)) })).status).toBe(200);
  });

  it.each(["msg-4111-1111-1111-1111", "PSK_MadeUpKey1234567890", "PT0123456789abcdef0123456789abcdef"])(
    "is not refused for a number of its delivery that is none, %s, which goes nowhere",
    async (id) => {
      const { status, commands, deliveries } = await send({ id });
      expect(status).toBe(200);
      expect(commands[0]?.cause.request).toBe("gw-1");
      expect(JSON.stringify([commands, deliveries])).not.toContain(id);
    },
  );
});

describe("a signal that nobody vouches for", () => {
  const unproven = {
    error: "unproven",
    message: "The request could not be verified",
    requestId: "gw-1",
    safeToCollect: false,
  };

  it.each([
    ["an unknown sender", { sender: "nobody" }],
    ["a name of Object's", { sender: "constructor" }],
    ["a name in capitals", { sender: "Payments" }],
    ["an encoded name", { sender: "%70ayments" }],
    ["no name", { path: "/signals/" }],
    ["a wrong secret", { secret: newerSecret }],
    ["no headers", { headers: { "webhook-id": undefined } }],
    ["another body than the one signed", { headers: { "webhook-signature": `v1,${"A".repeat(43)}=` } }],
    ["a time 301 s ago", { timestamp: "1795448459" }],
    ["a time 301 s ahead", { timestamp: "1795449061" }],
  ])("gets the same 401 for %s", async (_, sent) => {
    const { status, body, reply, commands, deliveries } = await send(sent);
    expect(status).toBe(401);
    expect(body).toEqual(unproven);
    expect(reply.headers).toEqual({ "content-type": "application/json", "cache-control": "no-store" });
    expect(commands).toEqual([]);
    expect(deliveries).toEqual([
      { route: "/signals/{sender}", requestId: "gw-1", durationMs: 0, rejected: "unproven", status: 401 },
    ]);
  });

  it("gets 401 whatever its body holds", async () => {
    for (const body of ["{", "", '{"type":"recording.pause"}', "4111111111111111"]) {
      expect((await send({ body, secret: newerSecret })).body).toEqual(unproven);
    }
  });

  it.each([
    ["an unknown sender", { sender: "nobody" }],
    ["a wrong secret", { secret: newerSecret }],
  ])("has the keys read once more for %s", async (_, sent) => {
    expect((await send(sent)).asked).toEqual(["senders", "sendersAgain"]);
  });

  it("has no key read for headers that prove nothing", async () => {
    expect((await send({ timestamp: "1795448459" })).asked).toEqual([]);
  });

  it("is taken where the second reading finds its key", async () => {
    const rotated = { payments: { secrets: [newerSecret, secret], allow: ["pause"] } };
    const { status } = await send({ secret: newerSecret }, { keys: { sendersAgain: async () => rotated } });
    expect(status).toBe(200);
  });

  it("is refused under a name that no source may have, though somebody has it", async () => {
    const odd = async () => ({ "Pay ments": { secrets: [secret], allow: ["pause"] } });
    const { status } = await send({ sender: "Pay ments" }, { keys: { senders: odd, sendersAgain: odd } });
    expect(status).toBe(401);
  });

  it("is refused where its secret is empty, though it fits", async () => {
    const empty = { payments: { secrets: [""], allow: ["pause"] } };
    const keys = { senders: async () => empty, sendersAgain: async () => empty };
    expect((await send({}, { keys })).status).toBe(401);
  });

  it.each([
    ["senders", {}],
    ["sendersAgain", { secret: newerSecret }],
  ])("gets 503 where %s cannot be had", async (name, sent) => {
    const failing = () => Promise.reject(new Error("no answer"));
    const { status, body, reply, commands } = await send(sent, { keys: { [name]: failing } });
    expect(status).toBe(503);
    expect(body).toEqual({
      error: "unavailable",
      message: "The request could not be verified at the moment; send it again",
      requestId: "gw-1",
      safeToCollect: false,
    });
    expect(reply.headers["retry-after"]).toBe("1");
    expect(commands).toEqual([]);
  });
});

describe("a signal that is turned away", () => {
  it.each([
    ["another path", { path: "/other" }, 404, "no-such-route"],
    ["a path below", { path: "/signals/payments/x" }, 404, "no-such-route"],
    ["another method", { method: "PUT" }, 404, "no-such-route"],
    [
      "a form",
      { headers: { "content-type": "application/x-www-form-urlencoded" } },
      415,
      "wrong-content-type",
    ],
    ["no content type", { headers: { "content-type": undefined } }, 415, "wrong-content-type"],
    ["65,537 bytes", { body: " ".repeat(65_537) }, 413, "too-large"],
    ["nothing", { body: "" }, 400, "malformed"],
    ["half of an object", { body: '{"type":' }, 400, "malformed"],
    ["bytes that are not UTF-8", { body: Buffer.from('{"type":"\xff"}', "latin1") }, 400, "malformed"],
    ["arrays 30,000 deep", { body: "[".repeat(30_000) + "]".repeat(30_000) }, 400, "invalid"],
    ["objects 10,000 deep", { body: `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}` }, 400, "invalid"],
    ["a verb it may not use", { sender: "consent" }, 403, "not-allowed"],
    [
      "another project",
      withData({ project: "00000000-0000-4000-8000-000000000000" }),
      403,
      "unknown-project",
    ],
  ])("for %s", async (_, sent, status, error) => {
    const turned = await send(sent);
    expect(turned.status).toBe(status);
    expect(turned.body).toMatchObject({ error, requestId: "gw-1", safeToCollect: false });
    expect(turned.commands).toEqual([]);
    expect(turned.deliveries).toHaveLength(1);
  });

  it("for a stop by a sender who may only pause", async () => {
    expect((await send(withData({}, "recording.stop"))).status).toBe(403);
  });

  it("for naming no project where several are configured", async () => {
    const projects = [project, projectId("7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a02")];
    const { status, body } = await send(withData({ project: undefined }), { projects });
    expect(status).toBe(400);
    expect(body.field).toBe("data.project");
  });

  const { data } = pause;
  it.each([
    ["null", null, undefined],
    ["a list", [], undefined],
    ["no type", { ...pause, type: undefined }, "type"],
    ["an unknown type", { ...pause, type: "recording.start" }, "type"],
    ["a type of Object's", { ...pause, type: "__proto__" }, "type"],
    ["no data", { ...pause, data: undefined }, "data"],
    ["data that is text", { ...pause, data: "x" }, "data"],
    ["an unknown field", { ...pause, sender: "x" }, "sender"],
    ["an unknown field in data", { ...pause, data: { ...data, holds: "x" } }, "data.holds"],
    ["an unknown field that is no name", { ...pause, data: { ...data, "a b": 1 } }, "data"],
    ["an unknown field that may be a key", { ...pause, data: { ...data, f81d4fae7dec: 1 } }, "data"],
    ["no timestamp", { ...pause, timestamp: undefined }, "timestamp"],
    ["a timestamp without offset", { ...pause, timestamp: "2026-11-23T15:46:00" }, "timestamp"],
    ["a timestamp that is a number", { ...pause, timestamp: 1795448760 }, "timestamp"],
    ["a day that does not exist", { ...pause, timestamp: "2026-02-30T15:46:00Z" }, "timestamp"],
    ["a time 301 s ahead", { ...pause, timestamp: "2026-11-23T15:51:00.001Z" }, "timestamp"],
    ["no conference", { ...pause, data: { ...data, conference: undefined } }, "data"],
    ["a conference and a room", { ...pause, data: { ...data, room: "Support" } }, "data"],
    ["a conference that is no UUID", { ...pause, data: { ...data, conference: "CF1" } }, "data.conference"],
    ["a call that is no UUID", { ...pause, data: { ...data, call: "CA1" } }, "data.call"],
    ["a recording that is no UUID", { ...pause, data: { ...data, recording: "RE1" } }, "data.recording"],
    ["a project that is no UUID", { ...pause, data: { ...data, project: "*" } }, "data.project"],
    ["an empty room", { ...pause, data: { ...data, conference: undefined, room: "" } }, "data.room"],
    [
      "a room of 65",
      { ...pause, data: { ...data, conference: undefined, room: "a".repeat(65) } },
      "data.room",
    ],
    ["half a character", { ...pause, data: { ...data, conference: undefined, room: "\ud800" } }, "data.room"],
    ["no hold", { ...pause, data: { ...data, hold: undefined } }, "data.hold"],
    ["an empty hold", { ...pause, data: { ...data, hold: "" } }, "data.hold"],
    ["a hold of 129", { ...pause, data: { ...data, hold: "a".repeat(129) } }, "data.hold"],
    ["a hold with a slash", { ...pause, data: { ...data, hold: "a/b" } }, "data.hold"],
    ["a hold with a line end", { ...pause, data: { ...data, hold: "a\n" } }, "data.hold"],
    ["a resume without hold", { ...pause, type: "recording.resume", data: { conference } }, "data.hold"],
    ["no reason", { ...pause, data: { ...data, reason: undefined } }, "data.reason"],
    ["a reason in capitals", { ...pause, data: { ...data, reason: "Card" } }, "data.reason"],
    ["an expiry of 4", { ...pause, data: { ...data, expiresInSeconds: 4 } }, "data.expiresInSeconds"],
    [
      "an expiry of 14,401",
      { ...pause, data: { ...data, expiresInSeconds: 14_401 } },
      "data.expiresInSeconds",
    ],
    ["half a second", { ...pause, data: { ...data, expiresInSeconds: 5.5 } }, "data.expiresInSeconds"],
    ["an expiry as text", { ...pause, data: { ...data, expiresInSeconds: "600" } }, "data.expiresInSeconds"],
    ["another behaviour", { ...pause, data: { ...data, pauseBehavior: "mute" } }, "data.pauseBehavior"],
    ["null for a field", { ...pause, data: { ...data, recording: null } }, "data.recording"],
  ])("for %s, naming the field", async (_, json, field) => {
    const { status, body, commands } = await send({ json });
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: "invalid", requestId: "gw-1", safeToCollect: false });
    expect(body.field).toBe(field);
    expect(body.message).toMatch(/^The request is not valid: .+/);
    expect(commands).toEqual([]);
  });

  it.each([
    ["the hold", withData({ hold: "payment-4111111111111111" }), "data.hold"],
    ["the reason", withData({ reason: "4111-1111-1111-1111" }), "data.reason"],
    ["the room", withData({ conference: undefined, room: "4111 1111 1111 1111" }), "data.room"],
    ["the conference", withData({ conference: "4111 1111 1111 1111" }), "data.conference"],
    ["a number", withData({ expiresInSeconds: 4111111111111111 }), "data.expiresInSeconds"],
    ["an unknown field", withData({ card: "4111111111111111" }), "data.card"],
    ["a field's name", withData({ "4111111111111111": 1 }), "data"],
    ["a list", withData({ cards: [["4111111111111111"]] }), "data.cards"],
    ["the type", { json: { ...pause, type: "4111111111111111" } }, "type"],
    ["the whole", { json: "4111111111111111" }, undefined],
  ])("for a card number in %s, which is repeated nowhere", async (_, sent, field) => {
    const { status, body, reply, commands, deliveries } = await send(sent);
    expect(status).toBe(400);
    expect(body).toEqual({
      error: "card-number",
      message: "The request holds what looks like a card number",
      requestId: "gw-1",
      safeToCollect: false,
      ...(field === undefined ? {} : { field }),
    });
    expect(commands).toEqual([]);
    expect(JSON.stringify([reply, deliveries])).not.toMatch(/4111/);
  });

  it.each([
    ["a signing key in the hold", withData({ hold: "PSK_MadeUpKey1234567890" }), "data.hold"],
    [
      "an API token in the room",
      withData({ conference: undefined, room: "PT0123456789abcdef0123456789abcdef" }),
      "data.room",
    ],
    ["a sender's secret in an unknown field", withData({ note: "whsec_TWFkZVVwU2VjcmV0" }), "data.note"],
    ["a key as a field's name", withData({ PSK_MadeUpKey1234567890: 1 }), "data"],
    [
      "a recording's URL in the room",
      withData({ conference: undefined, room: "HTTPS://example.com/Recordings/1.mp3" }),
      "data.room",
    ],
  ])("for %s, which is repeated nowhere", async (_, sent, field) => {
    const { status, body, reply, commands, deliveries } = await send(sent);
    expect(status).toBe(400);
    expect(body).toMatchObject({ error: "invalid", field });
    expect(body.message).toMatch(/must hold no key and no URL$/);
    expect(commands).toEqual([]);
    expect(JSON.stringify([reply, deliveries])).not.toMatch(/PSK_|PT01|whsec_|\.mp3/);
  });
});
