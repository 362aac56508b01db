import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parsePolicy } from "../../functions/config/policy.ts";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import { conferenceSid, room } from "../../functions/recording/ids.ts";
import type { Delivery } from "../../functions/trigger/delivery.ts";
import { httpChain } from "../../functions/trigger/http-chain.ts";
import { signalsDoor } from "../../functions/trigger/signals.ts";
import { telephonyDoor } from "../../functions/trigger/telephony.ts";
import { conference, createBench, first, place, project, start } from "../flow/bench.ts";

// Somebody who cannot prove who they are asks about a conference that exists, is held and is in the directory, and about one that
// does not exist. They get the same bytes, and nobody is asked on the way, so that the time tells nothing either.

const unknown = conferenceSid("99999999-9999-4999-8999-999999999999");
const seconds = String(start / 1000);

async function bench() {
  const flow = createBench({ [first]: "in-progress" });
  await flow.handle(flow.command(place("payment-1")));
  await flow.directory.noteRoom(project, room("support"), conference);
  const asked: string[] = [];
  flow.ledger.hooks.before = ({ operation }) => void asked.push(`ledger ${operation}`);
  flow.directory.hooks.before = ({ operation }) => void asked.push(`directory ${operation}`);
  flow.signalwire.onLook = async (look) => {
    asked.push("look");
    return look();
  };
  const known = { signingKeys: ["PSK_ExampleSigningKey0123456789"] };
  const senders = {
    payments: { secrets: [`whsec_${Buffer.alloc(32, 1).toString("base64")}`], allow: ["pause"] },
  };
  const told: Delivery[] = [];
  const chain = { now: () => start, tell: (delivery: Delivery) => void told.push(delivery) };
  const telephony = httpChain(
    telephonyDoor({
      keys: { project: async () => known, projectAgain: async () => known },
      link: async () => "made-up-link-key",
      projects: [project],
      policy: parsePolicy(undefined),
      handleCommand: flow.handle,
      handleCallback: createHandleCallback(flow.ports),
      announce: async () => undefined,
      isCallOver: async () => false,
      roomOf: async () => undefined,
      alarm: () => undefined,
      now: () => start,
      sleep: () => new Promise(() => {}),
    }),
    chain,
  );
  const signals = httpChain(
    signalsDoor({
      keys: { senders: async () => senders, sendersAgain: async () => senders },
      projects: [project],
      handleCommand: flow.handle,
    }),
    chain,
  );
  type Sent = { path: string; query?: string; headers: Record<string, string>; body: string };
  const send = async ({ path, query = "", headers, body }: Sent) => {
    const event = {
      rawPath: path,
      rawQueryString: query,
      headers,
      body,
      isBase64Encoded: false,
      requestContext: {
        requestId: "gw-1",
        domainName: "api.example",
        http: { method: "POST", sourceIp: "192.0.2.1" },
      },
    };
    const handler = path.startsWith("/signals") ? signals : telephony;
    return JSON.stringify(await handler(event as never, { getRemainingTimeInMillis: () => 5_000 } as never));
  };
  return { send, asked, told };
}

const stranger = Buffer.alloc(32, 9);
const signed = (body: string) =>
  `v1,${createHmac("sha256", stranger).update(`msg_1.${seconds}.${body}`).digest("base64")}`;

describe("a stranger's signal", () => {
  const say = (type: string, data: object) =>
    JSON.stringify({
      type,
      timestamp: new Date(start).toISOString(),
      data: { hold: "payment-1", reason: "card-entry", ...data },
    });
  const headersOf: Record<string, (body: string) => Record<string, string>> = {
    "signed with a key of his own": (body) => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": seconds,
      "webhook-signature": signed(body),
    }),
    "without a signature": () => ({}),
    "five minutes old": () => ({
      "webhook-id": "msg_1",
      "webhook-timestamp": String(start / 1000 - 301),
      "webhook-signature": signed(""),
    }),
  };
  test.each(Object.entries(headersOf))(
    "%s is answered alike, whatever it is about and whoever it says it is from",
    async (_name, headers) => {
      const { send, asked, told } = await bench();
      const answers = new Set<string>();
      for (const sender of ["payments", "nobody", "constructor", "PAYMENTS"]) {
        for (const type of ["recording.pause", "recording.resume", "recording.stop", "recording.start"]) {
          for (const target of [
            { conference },
            { conference: unknown },
            { room: "support" },
            { room: "nowhere" },
            { call: unknown },
            {},
          ]) {
            const body = say(type, target);
            answers.add(
              await send({
                path: `/signals/${sender}`,
                headers: { "content-type": "application/json", ...headers(body) },
                body,
              }),
            );
          }
        }
      }
      expect([...answers]).toEqual([
        JSON.stringify({
          statusCode: 401,
          headers: { "content-type": "application/json", "cache-control": "no-store" },
          body: '{"message":"The request could not be verified","error":"unproven","requestId":"gw-1","safeToCollect":false}',
        }),
      ]);
      expect(asked).toEqual([]);
      expect(new Set(told.map((delivery) => JSON.stringify(delivery))).size).toBe(1);
    },
  );
});

describe("a stranger's form", () => {
  const signatures: Record<string, (url: string, body: string) => Record<string, string>> = {
    "signed with a key of his own": (url, body) => ({
      "x-signalwire-signature": createHmac("sha1", "PSK_Another")
        .update(url + body)
        .digest("base64"),
    }),
    "without a signature": () => ({}),
    "with a signature that is none": () => ({ "x-signalwire-signature": "x" }),
  };
  test.each(Object.entries(signatures))(
    "%s is answered alike, whatever it is about and wherever it goes",
    async (_name, headers) => {
      const { send, asked, told } = await bench();
      const answers = new Set<string>();
      for (const path of [
        "/telephony/digits",
        "/telephony/join",
        "/telephony/menu",
        "/telephony/events",
        "/telephony/other",
      ]) {
        for (const query of [
          `conference=${conference}`,
          `conference=${unknown}`,
          "room=support",
          "room=nowhere",
          "room=%ff",
          "",
        ]) {
          for (const account of [project, unknown, "x"]) {
            const body = `AccountSid=${account}&CallSid=${unknown}&ConferenceSid=${conference}&Digits=3`;
            const all = {
              "content-type": "application/x-www-form-urlencoded",
              ...headers(`https://api.example${path}?${query}`, body),
            };
            answers.add(await send({ path, query, headers: all, body }));
          }
        }
      }
      expect([...answers]).toEqual([
        JSON.stringify({ statusCode: 403, headers: { "content-type": "text/plain" }, body: "" }),
      ]);
      expect(asked).toEqual([]);
      expect(new Set(told.map((delivery) => JSON.stringify(delivery))).size).toBe(1);
    },
  );
});
