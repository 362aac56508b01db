import { XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { Callback } from "../../functions/recording/callback.ts";
import type { Outcome } from "../../functions/recording/outcome.ts";
import {
  answer,
  bench,
  call,
  conference,
  done,
  inConference,
  inRoom,
  linkIn,
  now,
  project,
} from "../fixtures/telephony-bench.ts";

describe("a key press", () => {
  test("1 places the hold of its call and says that the recording is paused", async () => {
    const { post, commands } = bench();
    const reply = await post(inRoom, { Digits: "1" });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers["content-type"]).toBe("text/xml; charset=utf-8");
    expect(reply.body).toContain(">The recording is paused.</Say><Dial ");
    expect(commands).toEqual([
      {
        project,
        target: { by: "room", room: "support" },
        source: "telephony",
        operation: {
          type: "place-hold",
          hold: `call:${call}`,
          reason: "card-entry",
          time: { at: now, clock: "receipt" },
        },
        cause: { source: "telephony", request: "r-1", call, sourceIp: "192.0.2.1" },
        receivedAt: now,
      },
    ]);
  });

  test.each<[string, Outcome, string]>([
    [
      "1",
      { kind: "pending", answer: { ...answer, confirmed: false, safeToCollect: false } },
      "could not be paused. Do not take card details",
    ],
    ["1", done({ safeToCollect: false }), "could not be paused. Do not take card details"],
    ["1", { kind: "refused", why: "no-such-conference" }, "could not be paused. Do not take card details"],
    ["1", { kind: "unavailable", why: "ledger" }, "could not be paused. Do not take card details"],
    ["2", done({ wanted: "in-progress", safeToCollect: false }), "The recording is running again."],
    ["2", done({ wanted: "paused", safeToCollect: false }), "stays paused for another reason"],
    ["2", { kind: "refused", why: "stopped" }, "could not be resumed yet"],
    ["3", done({ wanted: "stopped" }), "The recording is stopped."],
    ["3", { kind: "unavailable", why: "signalwire" }, "could not be stopped yet"],
  ])("%s with %o says what is true", async (digit, outcome, said) => {
    const { post } = bench(async () => outcome);
    expect((await post(inConference, { Digits: digit })).body).toContain(said);
  });

  test.each(["", "4", "*", "12", "１"])("%j changes nothing and asks again", async (digits) => {
    const { post, commands } = bench();
    const { body } = await post(inRoom, { Digits: digits });
    expect(commands).toEqual([]);
    expect(body).toContain('<Gather numDigits="1"');
  });

  test("that looks like a card number does nothing, is counted and appears nowhere", async () => {
    const { post, commands, alarms, told } = bench();
    const { statusCode, body } = await post(inRoom, { Digits: "4111111111111111" });
    expect([statusCode, commands, alarms]).toEqual([200, [], ["card-number-seen"]]);
    expect(body + JSON.stringify(told)).not.toContain("4111");
  });

  test.each([
    "/telephony/digits",
    "/telephony/digits?room=a&conference=b",
    "/telephony/digits?room=a&room=b",
  ])("to %s, which names no conference, is answered with the warning", async (path) => {
    const { post, commands } = bench();
    expect((await post(path, { Digits: "1" })).body).toContain("Do not take card details now.");
    expect(commands).toEqual([]);
  });

  test("is answered with the warning when there is no outcome in time, and when there never is one", async () => {
    const hanging = bench(() => new Promise(() => {}));
    const waiting = hanging.post(inRoom, { Digits: "1" });
    hanging.wake();
    expect((await waiting).body).toContain("Do not take card details now.");
    const failing = bench(() => Promise.reject(new Error("boom")));
    expect((await failing.post(inRoom, { Digits: "1" })).body).toContain("Do not take card details now.");
  });

  test("says the owner's own words", async () => {
    const { post } = bench(undefined, {
      texts: { paused: "Aufnahme & Pause" },
      language: "de-DE",
      voice: "x",
    });
    expect((await post(inConference, { Digits: "1" })).body).toContain(
      '<Say language="de-DE" voice="x">Aufnahme &amp; Pause</Say>',
    );
  });
});

describe("a payment IVR", () => {
  const policy = { redirectOrigins: ["https://ivr.example"] };
  const gate = `${inConference}&then=https%3A%2F%2Fivr.example%2Fcard%3Fa%3D1%26b&else=https%3A%2F%2Fivr.example%2Fagent`;

  test("goes on to the card prompt only after the pause was confirmed", async () => {
    expect((await bench(undefined, policy).post(gate, { Digits: "1" })).body).toContain(
      '<Response><Redirect method="POST">https://ivr.example/card?a=1&amp;b</Redirect></Response>',
    );
    const unconfirmed = bench(async () => ({ kind: "unavailable", why: "ledger" }), policy);
    expect((await unconfirmed.post(gate, { Digits: "1" })).body).toContain(
      ">https://ivr.example/agent</Redirect>",
    );
  });

  test.each([
    "https://evil.example/card",
    "https://ivr.example@evil.example/",
    "javascript:alert(1)",
    "//ivr.example/x",
  ])("does not go to %s", async (url) => {
    const { post, alarms } = bench(undefined, policy);
    const { body } = await post(`${inConference}&then=${encodeURIComponent(url)}`, { Digits: "1" });
    expect(body).not.toContain("Redirect");
    expect(alarms).toEqual(["redirect-refused"]);
  });
});

describe("join and menu", () => {
  test("the agent's star leads to the menu, and its digit to the pause", async () => {
    const { post, commands } = bench();
    const joined = await post("/telephony/join?room=support&role=agent");
    expect(joined.body).toContain(
      'hangupOnStar="true"><Conference record="record-from-start" trim="do-not-trim"',
    );
    expect(joined.body).toContain(">support</Conference>");
    const menu = await post(linkIn(joined.body), { DialCallStatus: "answered" });
    expect(menu.body).toContain("Press 1 to pause the recording");
    await post(linkIn(menu.body), { Digits: "1" });
    expect(commands).toHaveLength(1);
  });

  test("callbacks come back with the name of the room, so that a recording's own finds it", async () => {
    for (const role of ["agent", "caller"]) {
      const { body } = await bench().post(`/telephony/join?room=${encodeURIComponent("a & b")}&role=${role}`);
      expect(body.match(/\w*[sS]tatusCallback="[^"]*"/g)).toEqual([
        'statusCallback="https://hooks.example.com/telephony/events?room=a%20%26%20b"',
        'recordingStatusCallback="https://hooks.example.com/telephony/events?room=a%20%26%20b"',
      ]);
    }
  });

  test("a caller has no star", async () => {
    const { body } = await bench().post("/telephony/join?room=support&role=caller");
    expect(body).not.toContain("action");
    expect(body).not.toContain("hangupOnStar");
  });

  test("a menu whose URL is not ours, and the end of the call, are an empty document", async () => {
    const { post } = bench();
    const empty = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
    expect((await post("/telephony/menu?room=support&role=agent")).body).toBe(empty);
    const joined = await post("/telephony/join?room=support&role=agent");
    expect((await post(linkIn(joined.body), { CallStatus: "completed" })).body).toBe(empty);
  });

  test("a digits URL of ours that was changed does nothing", async () => {
    const { post, commands } = bench();
    const menu = await post(linkIn((await post("/telephony/join?room=support&role=agent")).body));
    await post(linkIn(menu.body).replace("room=support", "room=other"), { Digits: "1" });
    expect(commands).toEqual([]);
  });

  test("a hostile room is text and nothing else", async () => {
    const { body } = await bench().post(
      `/telephony/join?room=${encodeURIComponent('"><Hangup/>')}&role=agent`,
    );
    expect(XMLValidator.validate(body)).toBe(true);
    expect(body).not.toContain("<Hangup");
  });
});

describe("a callback", () => {
  test.each<[Record<string, string>, Partial<Callback>]>([
    [
      {
        StatusCallbackEvent: "participant-join",
        ConferenceSid: conference.toUpperCase(),
        FriendlyName: "support",
      },
      { event: "participant-join", conference: conference as never, room: "support" as never },
    ],
    [
      { RecordingStatus: "in-progress", RecordingSid: call, ConferenceSid: conference },
      { event: "recording-started", recording: call as never },
    ],
    [{ RecordingStatus: "complete", RecordingSid: call }, { event: "recording-over" }],
    [{ RecordingStatus: "completed" }, { event: "recording-over" }],
    [{ RecordingStatus: "absent" }, { event: "recording-over" }],
    [{ StatusCallbackEvent: "conference-end", ConferenceSid: conference }, { event: "conference-end" }],
    [{ StatusCallbackEvent: "participant-mute" }, { event: "other" }],
    [
      { RecordingStatus: "in-progress", RecordingSid: call, in: "?room=sales%20%26%20more" },
      { event: "recording-started", room: "sales & more" as never },
    ],
    [
      { StatusCallbackEvent: "conference-start", FriendlyName: "support", in: "?room=sales" },
      { event: "conference-start", room: "support" as never },
    ],
    [{ ConferenceSid: "not-a-uuid" }, { event: "other" }],
  ])("%o is understood", async ({ in: query = "", ...fields }, expected) => {
    const { post, callbacks, told } = bench();
    const reply = await post(`/telephony/events${query}`, {
      ...fields,
      RecordingUrl: "https://secret.example/recording",
    });
    expect([reply.statusCode, reply.body]).toEqual([204, ""]);
    expect(callbacks).toEqual([expect.objectContaining({ project, call, request: "r-1", ...expected })]);
    expect(JSON.stringify([callbacks, told])).not.toContain("secret.example");
  });
});

describe("what is not proven", () => {
  test("is 403 and nothing else", async () => {
    const { post, commands, callbacks } = bench();
    for (const path of [inRoom, "/telephony/join?room=x", "/telephony/menu", "/telephony/events"]) {
      expect(await post(path, { Digits: "1" }, "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")).toMatchObject({
        statusCode: 403,
        body: "",
      });
    }
    expect([commands, callbacks]).toEqual([[], []]);
  });

  test("of a project that is not configured is 403, whoever signed it", async () => {
    const { post } = bench();
    expect((await post(inRoom, { AccountSid: conference, Digits: "1" })).statusCode).toBe(403);
  });
});
