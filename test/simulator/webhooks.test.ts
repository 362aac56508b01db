import { createHmac } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { conferenceNamed } from "../../infra/local/simulator/control.ts";
import { type Received, receiver } from "./receiver.ts";
import { ManualClock, project, running, signingKey } from "./running.ts";

/** Written out for one known set of parameters, so that it shares nothing with the code. */
const signatureOver = (key: string, text: string) => createHmac("sha1", key).update(text).digest("base64");
const events = (received: readonly Received[]) =>
  received.map(
    ({ fields }) => fields.get("StatusCallbackEvent") ?? `recording ${fields.get("RecordingStatus")}`,
  );

describe("status callbacks of a conference", () => {
  test("tell of its people, its start and its end, in order", async () => {
    const target = await receiver();
    const { control, simulator } = await running();
    const { conference, participants } = simulator.addConference({
      statusCallback: `${target.url}/events?a=1`,
    });
    await control("DELETE", `conferences/${conference}/participants/${participants[0]}`);
    await control("POST", `conferences/${conference}/end`);
    await control("POST", "settled");
    expect(events(target.received)).toEqual([
      "participant-join",
      "participant-join",
      "conference-start",
      "participant-leave",
      "participant-leave",
      "conference-end",
    ]);
    const [first] = target.received;
    expect(first).toMatchObject({ method: "POST", url: "/events?a=1" });
    expect(first?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(Object.fromEntries(first?.fields ?? [])).toMatchObject({
      AccountSid: project,
      ApiVersion: "2010-04-01",
      CallSid: participants[0],
      CallStatus: "in-progress",
      ConferenceSid: conference,
      FriendlyName: "support",
      From: "+15551234567",
      StatusCallbackEvent: "participant-join",
    });
  });

  test("only those events that were asked for", async () => {
    const target = await receiver();
    const { control, simulator } = await running();
    const statusCallback = `${target.url}/events`;
    const { conference } = simulator.addConference({ statusCallback, statusCallbackEvent: "start end" });
    await control("POST", `conferences/${conference}/end`);
    await control("POST", "settled");
    expect(events(target.received)).toEqual(["conference-start", "conference-end"]);
  });

  test("are signed with the key of the moment, over the URL with its query and the sorted fields", async () => {
    const target = await receiver();
    const { control, simulator } = await running({ clock: new ManualClock() });
    await control("POST", "credentials", { signingKey: "PSK_Another" });
    const statusCallback = `${target.url}/events?room=a%20b`;
    const { conference } = simulator.addConference({
      statusCallback,
      statusCallbackEvent: "start",
      participants: 0,
    });
    await control("POST", "settled");
    const text = `${statusCallback}AccountSid${project}ApiVersion2010-04-01ConferenceSid${conference}EndConferenceOnExitfalseFriendlyNamesupportHoldfalseMutedfalseStartConferenceOnEntertrueStatusCallbackEventconference-startTimestampMon, 23 Nov 2026 15:46:00 +0000`;
    expect(target.received[0]?.headers["x-signalwire-signature"]).toBe(signatureOver("PSK_Another", text));
  });
});

describe("status callbacks of recordings", () => {
  async function recorded(settings = {}, recordingStatusCallbackEvent?: string) {
    const target = await receiver();
    const all = await running({ settings, spaceHost: "example.signalwire.com" });
    const made = all.simulator.addConference({
      recordingStatusCallback: `${target.url}/recordings`,
      ...(recordingStatusCallbackEvent && { recordingStatusCallbackEvent }),
    });
    all.simulator.world.end(conferenceNamed(all.simulator.world, made.conference));
    await all.simulator.callbacks.settled();
    return { ...made, received: target.received, fields: target.received.map(({ fields }) => fields) };
  }

  test("tell of the end alone unless more is asked for", async () => {
    expect(events((await recorded()).received)).toEqual(["recording completed"]);
    const { received } = await recorded({}, "in-progress completed");
    expect(events(received)).toEqual(["recording in-progress", "recording completed"]);
  });

  test.each([
    ["conference", true, false],
    ["call", false, true],
    ["both", true, true],
    ["neither", false, false],
  ] as const)("carry the ids that are set: %s", async (recordingCallbackIds, ofConference, ofCall) => {
    const { fields, conference, participants } = await recorded({ recordingCallbackIds });
    expect(fields[0]?.get("ConferenceSid")).toBe(ofConference ? conference : null);
    expect(fields[0]?.get("CallSid")).toBe(ofCall ? participants[0] : null);
  });

  test("name the recording, where it can be had, and what became of it in either of the two words", async () => {
    const { fields, recordings } = await recorded({ finishedWord: "complete" });
    expect(Object.fromEntries(fields[0] ?? [])).toMatchObject({
      AccountSid: project,
      RecordingSid: recordings[0],
      RecordingUrl: `https://example.signalwire.com/api/laml/2010-04-01/Accounts/${project}/Recordings/${recordings[0]}`,
      RecordingStatus: "complete",
      RecordingChannels: "1",
      RecordingSource: "Conference",
    });
  });

  test("of a recording made by request go where the request said", async () => {
    const target = await receiver();
    const { rest, simulator } = await running();
    const [call = ""] = simulator.addConference().participants;
    const { body } = await rest(`Calls/${call}/Recordings`, {
      RecordingStatusCallback: `${target.url}/mine`,
      RecordingStatusCallbackEvent: "in-progress completed",
    });
    await rest(`Calls/${call}/Recordings/${body.sid}`, { Status: "stopped" });
    await simulator.callbacks.settled();
    expect(events(target.received)).toEqual(["recording in-progress", "recording completed"]);
    expect(target.received[0]?.fields.get("CallSid")).toBe(call);
    expect(target.received[0]?.fields.has("ConferenceSid")).toBe(false);
  });
});

describe("deliveries", () => {
  async function started(handler?: Parameters<typeof receiver>[0], settings = {}) {
    const target = await receiver(handler);
    const all = await running({ settings: { callbackRetryMs: [1, 1], readTimeoutMs: 100, ...settings } });
    const statusCallback = `${target.url}/events`;
    all.simulator.addConference({ statusCallback, statusCallbackEvent: "start" });
    await all.simulator.callbacks.settled();
    return { ...all, received: target.received, deliveries: all.simulator.callbacks.all() };
  }

  test("three attempts at most, and none after one that was taken", async () => {
    const always = await started((_received, response) => response.writeHead(500).end());
    expect(always.deliveries.map(({ attempts }) => attempts)).toEqual([[500, 500, 500]]);
    let left = 1;
    const once = await started((_received, response) => response.writeHead(left-- > 0 ? 503 : 200).end());
    expect(once.deliveries.map(({ attempts }) => attempts)).toEqual([[503, 200]]);
    expect(once.received[0]?.fields.toString()).toBe(once.received[1]?.fields.toString());
  });

  test("an answer that takes too long counts as none, and is asked for again", async () => {
    let left = 1;
    const { deliveries } = await started((_received, response) => {
      if (left-- <= 0) response.writeHead(204).end();
    });
    expect(deliveries.map(({ attempts }) => attempts)).toEqual([["the answer took longer than 100 ms", 204]]);
  });

  test("the next one waits for the first attempt of the one before", async () => {
    const held: (() => void)[] = [];
    const target = await receiver((_received, response) => held.push(() => response.writeHead(204).end()));
    const { simulator } = await running();
    simulator.addConference({ statusCallback: `${target.url}/events`, statusCallbackEvent: "join start" });
    for (let arrived = 1; arrived <= 3; arrived += 1) {
      await vi.waitFor(() => expect(held).toHaveLength(arrived));
      expect(target.received).toHaveLength(arrived);
      held.at(-1)?.();
    }
    await simulator.settled();
    expect(events(target.received)).toEqual(["participant-join", "participant-join", "conference-start"]);
  });

  test("can be doubled or lost", async () => {
    expect((await started(undefined, { callbackCopies: 2 })).received).toHaveLength(2);
    expect((await started(undefined, { callbackCopies: 0 })).received).toHaveLength(0);
  });

  test("can be late", async () => {
    const target = await receiver();
    const clock = new ManualClock();
    const { simulator } = await running({ clock, settings: { callbackDelayMs: 700 } });
    simulator.addConference({ statusCallback: `${target.url}/events`, statusCallbackEvent: "start join" });
    await clock.advance(699);
    expect(simulator.callbacks.all()).toEqual([]);
    await clock.advance(1);
    await simulator.callbacks.settled();
    expect(events(target.received)).toEqual(["participant-join", "participant-join", "conference-start"]);
  });

  test("none after it is closed", async () => {
    const target = await receiver();
    const clock = new ManualClock();
    const { simulator } = await running({ clock, settings: { callbackDelayMs: 1 } });
    simulator.addConference({ statusCallback: `${target.url}/events` });
    await simulator.close();
    await clock.advance(1);
    await simulator.callbacks.settled();
    expect(target.received).toEqual([]);
  });
});

describe("one webhook, sent on demand", () => {
  const url = (base: string) => `${base}/digits?room=a%20b`;
  const params = [
    ["Digits", "1"],
    ["AccountSid", "x"],
    ["Tag", "b"],
    ["Tag", "a"],
  ];
  const signed = async (signature?: string) => {
    const target = await receiver((_received, response) =>
      response.writeHead(403, { "content-type": "text/plain" }).end("no"),
    );
    const { control } = await running();
    const input = { url: url(target.url), params, ...(signature && { signature }) };
    const { body } = await control("POST", "webhooks", input);
    return { answer: body, base: target.url, received: target.received };
  };

  test("arrives as it was written, and its answer is shown", async () => {
    const { answer, received } = await signed();
    expect(answer).toEqual({ status: 403, contentType: "text/plain", body: "no" });
    expect(received[0]?.url).toBe("/digits?room=a%20b");
    expect([...(received[0]?.fields ?? [])]).toEqual(params);
  });

  test.each([
    ["right", (base: string) => signatureOver(signingKey, `${url(base)}AccountSidxDigits1TagbTaga`)],
    ["missing", () => undefined],
    [
      "wrong-key",
      (base: string) => signatureOver(`${signingKey}x`, `${url(base)}AccountSidxDigits1TagbTaga`),
    ],
    ["bare-url", (base: string) => signatureOver(signingKey, url(base))],
  ])("with the signature %s", async (signature, expected) => {
    const { base, received } = await signed(signature);
    expect(received[0]?.headers["x-signalwire-signature"]).toBe(expected(base));
  });

  test("a fragment is neither sent nor signed", async () => {
    const target = await receiver();
    const { control } = await running();
    await control("POST", "webhooks", { url: `${target.url}/x?a=1#rt=1000`, params: { Digits: "1" } });
    expect(target.received[0]?.url).toBe("/x?a=1");
    expect(target.received[0]?.headers["x-signalwire-signature"]).toBe(
      signatureOver(signingKey, `${target.url}/x?a=1Digits1`),
    );
  });

  test("by GET the parameters are in the URL that is signed", async () => {
    const target = await receiver();
    const { control } = await running();
    const input = { url: `${target.url}/x?a=1`, method: "GET", params: { Digits: "1" } };
    await control("POST", "webhooks", input);
    expect(target.received[0]).toMatchObject({ method: "GET", url: "/x?a=1&Digits=1" });
    expect(target.received[0]?.headers["x-signalwire-signature"]).toBe(
      signatureOver(signingKey, `${target.url}/x?a=1&Digits=1`),
    );
  });

  test("where nobody listens the answer is 502 and says so", async () => {
    const target = await receiver((_received, response) => response.destroy());
    const { control } = await running();
    const answer = await control("POST", "webhooks", { url: target.url });
    expect(answer.status).toBe(502);
    expect(answer.body.error).toBe("socket hang up");
  });
});
