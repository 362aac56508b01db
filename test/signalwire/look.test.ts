import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callSid, recordingSid } from "../../functions/recording/ids.ts";
import { account, clientOf, recordings, ref, startedAt } from "./client.ts";
import { html, json, reset, ScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.listening();
});
afterEach(() => server.close());

const deadline = startedAt + 4000;
const look = (callRecordings = false, onSeen = (_: unknown) => undefined) =>
  clientOf(server.origin).client.look(ref, { callRecordings, deadline, onSeen });

const list = `GET ${recordings}?PageSize=1000`;
const conference = `GET ${account}/Conferences/43bb71ee-553f-4074-bb20-8e2747647cce`;
const participants = `${conference}/Participants?PageSize=1000`;
const ofCall = (call: string) => `GET ${account}/Recordings?CallSid=${call}&PageSize=1000`;
const a = "0a000000-0000-4000-8000-00000000000a";
const b = "0b000000-0000-4000-8000-00000000000b";
const c = "0c000000-0000-4000-8000-00000000000c";
const call1 = "01000000-0000-4000-8000-000000000001";
const call2 = "02000000-0000-4000-8000-000000000002";
const call3 = "03000000-0000-4000-8000-000000000003";
const page = (items: object[], next: string | null = null) =>
  json(200, { page: 0, next_page_uri: next, recordings: items });
const taking = (...calls: string[]) =>
  json(200, {
    next_page_uri: null,
    participants: calls.map((call_sid) => ({ call_sid, status: "in-progress" })),
  });
const missing = json(404, { code: 20404, message: "", more_info: "", status: 404 });

describe("the conference's recordings", () => {
  test("are listed with their documented words, whatever else an answer holds", async () => {
    server.on(
      list,
      page([
        {
          sid: a,
          status: "in-progress",
          price: 0.0,
          channels: 1,
          trim: null,
          duration: "20",
          subresource_uris: null,
        },
        { sid: b, status: "resumed", price: "-0.0025" },
        { sid: c, status: "processing" },
      ]),
    );
    expect(await look()).toEqual({
      conference: "running",
      recordings: [
        { sid: a, status: "in-progress" },
        { sid: b, status: "resumed" },
        { sid: c, status: "unrecognised" },
      ],
    });
    expect(server.requests).toEqual([list]);
    expect(server.received[0]).toMatchObject({ body: "", headers: { accept: "application/json" } });
    expect(server.received[0]?.headers).not.toHaveProperty("content-type");
  });

  test.each([[undefined], [null], [7], ["PAUSED"], [["paused"]]])(
    "status %j is unrecognised",
    async (status) => {
      server.on(list, page([{ sid: a, status }]));
      expect((await look()).recordings).toEqual([{ sid: a, status: "unrecognised" }]);
    },
  );

  test("are read page by page, to the end", async () => {
    server.on(list, page([{ sid: a, status: "completed" }], `${recordings}?Page=1&PageToken=PA1`));
    server.on(
      `GET ${recordings}?Page=1&PageToken=PA1`,
      page([{ sid: b, status: "paused" }], `${recordings}.json?Page=2&PageToken=PA2`),
    );
    server.on(`GET ${recordings}.json?Page=2&PageToken=PA2`, page([{ sid: c, status: "completed" }]));
    expect(await look()).toEqual({
      conference: "running",
      recordings: [
        { sid: a, status: "completed" },
        { sid: b, status: "paused" },
        { sid: c, status: "completed" },
      ],
    });
  });

  const unbelieved: [string, unknown][] = [
    [
      "another host",
      "https://elsewhere.example/api/laml/2010-04-01/Accounts/b3877c40-da60-4998-90ad-b792e98472af/x",
    ],
    [
      "another host without a scheme",
      "//elsewhere.example/api/laml/2010-04-01/Accounts/b3877c40-da60-4998-90ad-b792e98472af/x",
    ],
    ["another account", "/api/laml/2010-04-01/Accounts/00000000-da60-4998-90ad-b792e98472af/Conferences"],
    ["another account by dots", `${account}/../00000000-da60-4998-90ad-b792e98472af/Conferences`],
    ["another account by encoded dots", `${account}/%2e%2e/00000000-da60-4998-90ad-b792e98472af/Conferences`],
    ["an account that begins alike", `${account}0/Conferences`],
    ["another part of the site", "/api/project/tokens"],
    ["no text", 7],
  ];
  test.each(unbelieved)("fail the look where the next page is at %s", async (_, next) => {
    server.on("*", page([{ sid: a, status: "paused" }], next as string));
    await expect(look()).rejects.toMatchObject({ name: "SignalWireFailure" });
    expect(server.requests).toEqual([list]);
  });

  test("fail the look where the pages do not end", async () => {
    server.on("*", page([{ sid: a, status: "paused" }], `${recordings}?Page=1`));
    await expect(look()).rejects.toMatchObject({ name: "SignalWireFailure" });
    expect(server.requests).toHaveLength(50);
  });

  test("fail the look where a later page is missing", async () => {
    server.on(list, page([{ sid: a, status: "completed" }], `${recordings}?Page=1`));
    server.on("*", missing);
    await expect(look()).rejects.toMatchObject({ name: "SignalWireFailure" });
  });

  const unreadable: [string, unknown][] = [
    ["an item without a sid", { recordings: [{ sid: a, status: "paused" }, { status: "in-progress" }] }],
    [
      "an item whose sid cannot stand in a path",
      { recordings: [{ sid: "../Calls", status: "in-progress" }] },
    ],
    ["an item that is none", { recordings: [null] }],
    ["no list", { next_page_uri: null }],
    ["something else", []],
  ];
  test.each(unreadable)("fail the look where there is %s", async (_, answer) => {
    server.on("*", json(200, answer));
    await expect(look()).rejects.toMatchObject({ name: "SignalWireFailure", status: 200, retryable: true });
  });

  test("fail the look where the answer is a web page", async () => {
    server.on("*", html(200, "<html>4111 1111 1111 1111"));
    const failure = await look().catch((error: Error) => error);
    expect(failure).toMatchObject({ name: "SignalWireFailure", message: `GET ${recordings}: 200` });
    expect((failure as Error).cause).toBeUndefined();
  });

  test.each([
    [401, false],
    [403, false],
    [422, false],
    [302, false],
    [503, true],
    [429, true],
  ])("fail the look after %i, retryable: %s", async (status, retryable) => {
    server.on("*", json(status));
    await expect(look()).rejects.toMatchObject({ name: "SignalWireFailure", status, retryable });
  });

  test("fail the look where no answer comes", async () => {
    server.on("*", reset);
    await expect(look()).rejects.toMatchObject({ status: undefined, retryable: true });
  });
});

describe("the conference itself", () => {
  const states: [string, "running" | "over"][] = [
    ["init", "running"],
    ["in-progress", "running"],
    ["completed", "over"],
    ["a-new-word", "running"],
  ];
  test.each(states)("%s, asked for where nothing is recorded, is %s", async (status, expected) => {
    server.on(list, page([{ sid: a, status: "completed" }])).on(conference, json(200, { status }));
    expect(await look()).toEqual({ conference: expected, recordings: [{ sid: a, status: "completed" }] });
  });

  test("is asked for where a recording is only queued", async () => {
    server.on(list, page([{ sid: a, status: "queued" }])).on(conference, json(200, { status: "completed" }));
    expect(await look()).toEqual({ conference: "over", recordings: [{ sid: a, status: "queued" }] });
  });

  test("is unknown where SignalWire knows neither it nor its recordings", async () => {
    server.on("*", missing);
    expect(await look(true)).toEqual({ conference: "unknown", recordings: [] });
  });

  test("is known although its recordings are not", async () => {
    server.on(list, missing).on(conference, json(200, { status: "in-progress" }));
    expect(await look()).toEqual({ conference: "running", recordings: [] });
  });

  test("fails the look where it cannot be asked for", async () => {
    server.on(list, page([])).on(conference, json(500));
    await expect(look()).rejects.toMatchObject({ status: 500 });
  });
});

describe("a recording that is known to be live and in no list", () => {
  const one = (sid: string) => `GET ${recordings}/${sid}`;
  const ofAccount = (sid: string) => `GET ${account}/Recordings/${sid}`;
  const lookFor = (callRecordings: boolean, ...known: { sid: string; call?: string }[]) =>
    clientOf(server.origin).client.look(ref, {
      callRecordings,
      deadline,
      known: known.map(({ sid, call }) => ({
        sid: recordingSid(sid),
        ...(call !== undefined && { call: callSid(call) }),
      })),
    });

  test("is asked for by its sid, and none other is", async () => {
    server.on(list, page([{ sid: a, status: "paused" }]));
    server.on(one(b), json(200, { sid: b, status: "in-progress" }));
    expect(await lookFor(false, { sid: a }, { sid: b })).toEqual({
      conference: "running",
      recordings: [
        { sid: a, status: "paused" },
        { sid: b, status: "in-progress" },
      ],
    });
    expect(server.requests).toEqual([list, one(b)]);
  });

  test("shows that its conference runs, whatever the conference says", async () => {
    server.on(list, page([])).on(conference, json(200, { status: "completed" }));
    server.on(one(a), json(200, { sid: a, status: "paused" }));
    expect((await lookFor(false, { sid: a })).conference).toBe("running");
  });

  test("is gone where SignalWire does not know it", async () => {
    server
      .on(list, page([]))
      .on(conference, json(200, { status: "in-progress" }))
      .on(one(a), missing);
    expect(await lookFor(false, { sid: a })).toEqual({ conference: "running", recordings: [] });
  });

  test("fails the look where it cannot be asked for", async () => {
    server
      .on(list, page([]))
      .on(conference, json(200, { status: "in-progress" }))
      .on(one(a), json(500));
    await expect(lookFor(false, { sid: a })).rejects.toMatchObject({ status: 500 });
  });

  test("of a call is asked for among all recordings, if call recordings are wanted", async () => {
    server.on(list, page([{ sid: a, status: "paused" }])).on(participants, taking());
    server.on(ofAccount(b), json(200, { sid: b, status: "in-progress", call_sid: call1 }));
    server.on(ofAccount(c), json(200, { sid: c, status: "in-progress", call_sid: call2 }));
    const ofCall1 = [
      { sid: b, call: call1 },
      { sid: c, call: call1 },
    ];
    expect((await lookFor(true, ...ofCall1)).recordings).toEqual([
      { sid: a, status: "paused" },
      { sid: b, status: "in-progress", call: call1 },
    ]);
    const before = server.requests.length;
    expect((await lookFor(false, ...ofCall1)).recordings).toEqual([{ sid: a, status: "paused" }]);
    expect(server.requests.slice(before)).toEqual([list]);
  });
});

describe("the recordings of participants' calls", () => {
  test("are seen besides the conference's, each with its call", async () => {
    server.on(list, page([{ sid: a, status: "in-progress" }]));
    server.on(participants, taking(call1, call2));
    server.on(ofCall(call1), page([{ sid: b, status: "paused", call_sid: call1 }]));
    server.on(ofCall(call2), page([{ sid: c, status: "in-progress", call_sid: null }]));
    const { conference, recordings } = await look(true);
    expect(conference).toBe("running");
    expect(recordings).toHaveLength(3);
    expect(recordings).toEqual(
      expect.arrayContaining([
        { sid: a, status: "in-progress" },
        { sid: b, status: "paused", call: call1 },
        { sid: c, status: "in-progress", call: call2 },
      ]),
    );
  });

  test("are not asked for where the policy does not want them", async () => {
    server.on(list, page([{ sid: a, status: "in-progress" }]));
    await look(false);
    expect(server.requests).toEqual([list]);
  });

  test("of another call, or of a conference, are left out", async () => {
    server.on(list, page([{ sid: a, status: "in-progress" }])).on(participants, taking(call1));
    server.on(
      ofCall(call1),
      page([
        { sid: b, status: "in-progress", call_sid: call2 },
        {
          sid: c,
          status: "in-progress",
          call_sid: null,
          conference_sid: "43bb71ee-553f-4074-bb20-8e2747647cce",
        },
        { sid: a, status: "in-progress", call_sid: call1 },
      ]),
    );
    expect((await look(true)).recordings).toEqual([{ sid: a, status: "in-progress" }]);
  });

  test("do not tell whether the conference is running", async () => {
    server
      .on(list, page([]))
      .on(conference, json(200, { status: "completed" }))
      .on(participants, taking(call1));
    server.on(ofCall(call1), page([{ sid: b, status: "in-progress", call_sid: call1 }]));
    expect(await look(true)).toEqual({
      conference: "over",
      recordings: [{ sid: b, status: "in-progress", call: call1 }],
    });
  });

  test("are none where the participants are unknown", async () => {
    server.on(list, page([{ sid: a, status: "in-progress" }])).on(participants, missing);
    expect(await look(true)).toEqual({
      conference: "running",
      recordings: [{ sid: a, status: "in-progress" }],
    });
  });

  test.each([
    ["participants", participants],
    ["recordings", ofCall(call1)],
  ])("fail the look where the %s cannot be had, and what was seen has been told", async (_, unanswered) => {
    server.on(list, page([{ sid: a, status: "in-progress" }])).on(participants, taking(call1));
    server.on(ofCall(call1), page([])).on(unanswered, json(403));
    const seen: unknown[] = [];
    const looking = look(true, (recording) => void seen.push(recording));
    await expect(looking).rejects.toMatchObject({ status: 403 });
    expect(seen).toEqual([{ sid: a, status: "in-progress" }]);
  });

  test("are asked for of a call that is named though it is no participant, once, and may be unknown", async () => {
    server.on(list, page([{ sid: a, status: "in-progress" }])).on(participants, taking(call1));
    server
      .on(ofCall(call1), page([]))
      .on(ofCall(call2), page([{ sid: b, status: "paused", call_sid: call2 }]));
    server.on(ofCall(call3), missing);
    const { client } = clientOf(server.origin);
    const calls = [call1, call2, call3].map(callSid);
    expect(await client.look(ref, { callRecordings: true, calls, deadline })).toEqual({
      conference: "running",
      recordings: [
        { sid: a, status: "in-progress" },
        { sid: b, status: "paused", call: call2 },
      ],
    });
    expect(server.requests.filter((request) => request === ofCall(call1))).toHaveLength(1);
  });

  test("of many participants are asked for eight at a time", async () => {
    const calls = Array.from(
      { length: 20 },
      (_, i) => `000000${String(i).padStart(2, "0")}-0000-4000-8000-000000000000`,
    );
    server.on(list, page([{ sid: a, status: "in-progress" }])).on(participants, taking(...calls));
    let open = 0;
    let most = 0;
    server.on("*", (response, request) => {
      most = Math.max(most, ++open);
      setTimeout(() => {
        open -= 1;
        page([])(response, request);
      }, 20);
    });
    await look(true);
    expect(server.requests.filter((request) => request.includes("CallSid="))).toHaveLength(20);
    expect(most).toBe(8);
  });
});
