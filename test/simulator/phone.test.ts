import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { conferenceNamed } from "../../infra/local/simulator/control.ts";
import { documents, type Handler, receiver } from "./receiver.ts";
import { ManualClock, project, running, signingKey } from "./running.ts";

type Step = { did: string; [more: string]: unknown };
type View = {
  call: string;
  state: string;
  conference: string | null;
  transcript: Step[];
  heard: string[];
  warnings: string[];
};

/** A caller and the documents it meets; `call` dials and presses. */
async function caller(answers: Readonly<Record<string, string>> | Handler, settings = {}, more = {}) {
  const target = await receiver(typeof answers === "function" ? answers : documents(answers));
  const all = await running({ settings: { readTimeoutMs: 200, ...settings }, ...more });
  const view = async (method: string, path: string, body?: object): Promise<View> =>
    (await all.control(method, path, body)).body;
  return {
    ...all,
    target,
    url: `${target.url}/join`,
    call: (keys: string[] = [], more = {}) =>
      view("POST", "calls", { url: `${target.url}/join`, keys, ...more }),
    press: (call: View, ...keys: string[]) => view("POST", `calls/${call.call}/keys`, { keys }),
    look: (call: View) => view("GET", `calls/${call.call}`),
    asked: () => target.received.map(({ url }) => url),
  };
}

const did = (view: View): readonly string[] => view.transcript.map((step) => step.did);
const failure = (view: View): unknown => view.transcript.find((step) => step.did === "failed")?.why;

describe("a call follows documents", () => {
  test("it asks for the first one with a signed form post", async () => {
    const { call, target, url } = await caller({ "/join": "<Say>Hello</Say>" });
    const view = await call([], { from: "+15550001111", to: "+15552223333" });
    expect(view).toMatchObject({ state: "ended", conference: null, heard: ["Hello"], warnings: [] });
    expect(did(view)).toEqual(["asked", "heard", "ended"]);
    const [asked] = target.received;
    expect(asked).toMatchObject({ method: "POST", url: "/join" });
    expect(Object.fromEntries(asked?.fields ?? [])).toEqual({
      AccountSid: project,
      ApiVersion: "2010-04-01",
      CallSid: view.call,
      CallStatus: "in-progress",
      Direction: "inbound",
      From: "+15550001111",
      To: "+15552223333",
    });
    const text = `${url}AccountSid${project}ApiVersion2010-04-01CallSid${view.call}CallStatusin-progressDirectioninboundFrom+15550001111To+15552223333`;
    const expected = createHmac("sha1", signingKey).update(text).digest("base64");
    expect(asked?.headers["x-signalwire-signature"]).toBe(expected);
  });

  test("verbs are played in order until one leads away", async () => {
    const { call, asked } = await caller({
      "/join":
        "<Say>One &amp; &#39;two&#39;</Say><Pause length='1'/><Play>x.mp3</Play><Redirect>/next?a=1&amp;b=2</Redirect><Say>No</Say>",
      "/next": "<Say>Three</Say><Hangup/><Say>No</Say>",
    });
    const view = await call();
    expect(view.heard).toEqual(["One & 'two'", "x.mp3", "Three"]);
    expect(asked()).toEqual(["/join", "/next?a=1&b=2"]);
    expect(view.state).toBe("ended");
  });

  test("an absolute URL is asked for byte by byte, without its fragment", async () => {
    const handler: Handler = ({ url }, response) => {
      const next = `http://127.0.0.1:${response.req.socket.localPort}/next?room=it's%20b#rt=1000`;
      response.writeHead(200, { "content-type": "text/xml; charset=utf-8" });
      response.end(`<Response>${url === "/join" ? `<Redirect>${next}</Redirect>` : "<Hangup/>"}</Response>`);
    };
    const { call, asked } = await caller(handler);
    await call();
    expect(asked()).toEqual(["/join", "/next?room=it's%20b"]);
  });

  test("one that goes round in circles ends", async () => {
    const { call } = await caller({ "/join": "<Redirect>/join</Redirect>" });
    expect(failure(await call())).toBe("the documents go round in circles");
  });
});

describe("keys", () => {
  const menu = {
    "/join": '<Gather numDigits="1" action="/digits"><Say>Press</Say></Gather><Say>Nothing</Say>',
  };

  test("a call waits at a Gather and goes on with its digit", async () => {
    const { call, press, target } = await caller({ ...menu, "/digits": "<Say>Thanks</Say>" });
    const waiting = await call();
    expect([waiting.state, waiting.heard]).toEqual(["gathering", ["Press"]]);
    const view = await press(waiting, "1");
    expect([view.state, view.heard]).toEqual(["ended", ["Press", "Thanks"]]);
    expect(target.received[1]?.fields.get("Digits")).toBe("1");
  });

  test("what was pressed is sent and not kept", async () => {
    const { call } = await caller({
      "/join": '<Gather numDigits="4" action="/digits"/>',
      "/digits": "<Hangup/>",
    });
    const view = await call(["4", "1", "1", "1"]);
    const pressed = view.transcript.find(({ did }) => did === "pressed");
    expect(pressed).toEqual({ did: "pressed", keys: 4, at: expect.any(Number) });
  });

  test.each([
    [{ keys: ["1", "2", "#"] }, "12"],
    [{ keys: ["1", "timeout"] }, "1"],
    [{ keys: ["*", "#"] }, "*"],
  ])("without numDigits %j sends %s", async ({ keys }, sent) => {
    const { call, target } = await caller({ "/join": '<Gather action="/digits"/>', "/digits": "<Hangup/>" });
    await call(keys);
    expect(target.received[1]?.fields.get("Digits")).toBe(sent);
  });

  test("no key at all falls through to the next verb, or is told where that is asked for", async () => {
    const through = await caller(menu);
    expect((await through.call(["timeout"])).heard).toEqual(["Press", "Nothing"]);
    const told = await caller({
      "/join": '<Gather numDigits="1" action="/digits" actionOnEmptyResult="true"/>',
      "/digits": "<Hangup/>",
    });
    await told.call(["timeout"]);
    expect(told.target.received[1]?.fields.get("Digits")).toBe("");
  });

  test("without an action the same document is asked for again", async () => {
    const { call, asked } = await caller({ "/join": '<Gather numDigits="1"/>' });
    await call(["1", "1", "hangup"]);
    expect(asked()).toEqual(["/join", "/join", "/join"]);
  });

  test("hanging up ends the call", async () => {
    const { call, press } = await caller(menu);
    expect((await press(await call(), "hangup")).state).toBe("ended");
  });
});

describe("conferences", () => {
  const room = (dial: string, conference: string) => ({
    "/join": `<Dial ${dial}><Conference ${conference}>sales</Conference></Dial><Say>After</Say>`,
    "/menu": '<Gather numDigits="1" action="/digits"><Say>Menu</Say></Gather>',
    "/digits": "<Say>Paused</Say><Redirect>/join</Redirect>",
  });
  const agent = room('action="/menu" hangupOnStar="true"', 'record="record-from-start" trim="do-not-trim"');

  test("the first one waits; with the second it begins and is recorded", async () => {
    const { call, rest, control } = await caller(agent);
    const first = await call();
    expect(first.state).toBe("in-conference");
    const path = `Conferences/${first.conference}`;
    expect((await rest(path)).body).toMatchObject({ friendly_name: "sales", status: "init" });
    const second = await call();
    expect(second.conference).toBe(first.conference);
    expect((await rest(path)).body.status).toBe("in-progress");
    expect((await rest(`${path}/Recordings`)).body.recordings).toMatchObject([
      { status: "in-progress", source: "Conference", trim: "do-not-trim" },
    ]);
    const { body } = await control("GET", `conferences/${first.conference}`);
    expect(body.participants).toEqual([first.call, second.call]);
  });

  test("the star leads to the menu, the digit to its action, and that back into the same room", async () => {
    const { call, press, asked, target, rest } = await caller(agent);
    await call();
    const inside = await call();
    const menu = await press(inside, "5", "*");
    expect([menu.state, menu.heard]).toEqual(["gathering", ["Menu"]]);
    expect(target.received.at(-1)?.fields.get("DialCallStatus")).toBe("answered");
    expect((await rest(`Conferences/${inside.conference}/Participants/${inside.call}`)).status).toBe(404);
    const back = await press(menu, "1");
    expect(back).toMatchObject({
      state: "in-conference",
      conference: inside.conference,
      heard: ["Menu", "Paused"],
    });
    expect(asked()).toEqual(["/join", "/join", "/menu", "/digits", "/join"]);
    expect(did(back)).toEqual([
      ...["asked", "joined", "left", "asked", "heard", "pressed", "asked", "heard", "asked", "joined"],
    ]);
  });

  test("without hangupOnStar the star is only heard", async () => {
    const { call, press } = await caller(room('action="/menu"', ""));
    expect((await press(await call(), "*")).state).toBe("in-conference");
  });

  test("its end leads on to the action of the Dial", async () => {
    const { call, look, rest } = await caller(agent);
    const inside = await call();
    await rest(`Conferences/${inside.conference}`, { Status: "completed" });
    expect(await look(inside)).toMatchObject({ state: "gathering", conference: null, heard: ["Menu"] });
  });

  test("the star at the moment of its end is no key for what comes next", async () => {
    const { call, press, simulator, target } = await caller(agent);
    const inside = await call();
    const pressing = simulator.phones.press(inside.call, ["*"]);
    simulator.world.end(conferenceNamed(simulator.world, inside.conference ?? ""));
    expect((await pressing).state).toBe("gathering");
    await press(inside, "1");
    const digits = target.received.find(({ url }) => url === "/digits");
    expect(digits?.fields.get("Digits")).toBe("1");
  });

  test("being put out leads on past a Dial without an action", async () => {
    const { call, look, control } = await caller(room("", ""));
    const [inside] = [await call(), await call()];
    await control("DELETE", `conferences/${inside.conference}/participants/${inside.call}`);
    expect(await look(inside)).toMatchObject({ state: "ended", heard: ["After"] });
  });

  test("who hangs up leaves, asks for nothing more, and may end it for all", async () => {
    const { call, press, look, rest, asked } = await caller(room("", 'endConferenceOnExit="true"'));
    const [first, second] = [await call(), await call()];
    expect(did(await press(first, "hangup"))).toEqual(["asked", "joined", "left", "ended"]);
    expect((await rest(`Conferences/${first.conference}`)).body.status).toBe("completed");
    expect((await look(second)).state).toBe("ended");
    expect(asked()).toEqual(["/join", "/join"]);
  });

  test("a room is another conference once the last one is over", async () => {
    const { call, press } = await caller(room("", ""));
    const first = await call();
    await press(first, "hangup");
    expect((await call()).conference).not.toBe(first.conference);
  });

  test("a call is recorded for as long as a Dial that says so", async () => {
    const dial = 'record="record-from-answer-dual" hangupOnStar="true" action="/menu"';
    const { call, press, rest } = await caller(room(dial, ""));
    const inside = await call();
    const recordings = async () => (await rest(`Recordings?CallSid=${inside.call}`)).body.recordings;
    expect(await recordings()).toMatchObject([{ status: "in-progress", source: "DialVerb", channels: "2" }]);
    expect((await press(inside, "*")).state).toBe("gathering");
    expect(await recordings()).toMatchObject([{ status: "completed" }]);
  });

  test("callbacks go where the first one's document said", async () => {
    const handler: Handler = (received, response) => {
      const host = `http://127.0.0.1:${response.req.socket.localPort}`;
      const callbacks = `statusCallback="${host}/events" statusCallbackEvent="start end join leave" recordingStatusCallback="${host}/recordings" recordingStatusCallbackEvent="in-progress completed"`;
      const own = received.url === "/join" ? callbacks : callbacks.replaceAll("/events", "/others");
      if (!received.url.startsWith("/join")) return void response.writeHead(204).end();
      const conference = `<Conference record="record-from-start" ${own}>sales</Conference>`;
      response.writeHead(200, { "content-type": "application/xml" });
      response.end(`<Response><Dial>${conference}</Dial></Response>`);
    };
    const { call, press, simulator, target } = await caller(handler);
    const first = await call();
    const second = await call([], { url: `${target.url}/join2` });
    await press(first, "hangup");
    await press(second, "hangup");
    await simulator.settled();
    const told = target.received
      .filter(({ url }) => !url.startsWith("/join"))
      .map(
        ({ url, fields }) => `${url} ${fields.get("StatusCallbackEvent") ?? fields.get("RecordingStatus")}`,
      );
    expect(told.filter((one) => one.startsWith("/events"))).toEqual([
      "/events participant-join",
      "/events participant-join",
      "/events conference-start",
      "/events participant-leave",
      "/events participant-leave",
      "/events conference-end",
    ]);
    expect(told.filter((one) => !one.startsWith("/events"))).toEqual([
      "/recordings in-progress",
      "/recordings completed",
    ]);
  });

  test("an announcement is asked for once and heard by all who are in", async () => {
    const { call, look, rest, simulator, asked, target } = await caller({
      ...agent,
      "/announcement": "<Say>Recording is paused</Say>",
    });
    const [first, second] = [await call(), await call()];
    await rest(`Conferences/${first.conference}`, { AnnounceUrl: `${target.url}/announcement` });
    await simulator.settled();
    expect([(await look(first)).heard, (await look(second)).heard]).toEqual([
      ["Recording is paused"],
      ["Recording is paused"],
    ]);
    expect(asked().filter((url) => url === "/announcement")).toHaveLength(1);
    expect(conferenceNamed(simulator.world, first.conference ?? "").announced).toEqual([
      {
        at: expect.any(Number),
        url: `${target.url}/announcement`,
        status: 200,
        said: ["Recording is paused"],
      },
    ]);
  });

  test("an announcement may not gather", async () => {
    const { call, look, rest, simulator, target } = await caller({
      ...agent,
      "/announcement": '<Say>Psst</Say><Gather numDigits="1"/>',
    });
    const inside = await call();
    await rest(`Conferences/${inside.conference}`, { AnnounceUrl: `${target.url}/announcement` });
    await simulator.settled();
    expect((await look(inside)).heard).toEqual([]);
  });
});

describe("documents that SignalWire would not go on with end the call", () => {
  const answering =
    (status: number, contentType: string, body: string): Handler =>
    (_received, response) =>
      response.writeHead(status, { "content-type": contentType }).end(body);

  test.each([
    ["an error", answering(500, "text/xml", "<Response/>"), "an answer of 500"],
    ["JSON", answering(200, "application/json", "{}"), "a document of type application/json"],
    ["no content type", answering(200, "", "<Response/>"), "a document of type unknown"],
    ["white space at the front", answering(200, "text/xml", ' <?xml version="1.0"?><Response/>'), /^not XML/],
    ["a tag that is not closed", answering(200, "text/xml", "<Response><Say>a</Response>"), /^not XML/],
    ["two roots", answering(200, "text/xml", "<Response/><Response/>"), "not one Response"],
    ["another root", answering(200, "text/xml", "<Reply/>"), "not one Response"],
    ["nothing", answering(200, "text/xml", ""), /^not XML/],
    [
      "more than 64 kB",
      answering(200, "text/xml", `<Response><Say>${"a".repeat(65536)}</Say></Response>`),
      "a document of more than 64 kB",
    ],
    [
      "a verb that there is not",
      answering(200, "text/xml", "<Response><Sing/></Response>"),
      "no such verb: Sing",
    ],
    [
      "a Dial within a Gather",
      answering(200, "text/xml", "<Response><Gather><Dial/></Gather></Response>"),
      "Dial within Gather",
    ],
  ])("%s", async (_name, handler, why) => {
    const { call, asked } = await caller(handler);
    const view = await call();
    expect([view.state, failure(view)]).toEqual([
      "ended",
      typeof why === "string" ? why : expect.stringMatching(why),
    ]);
    expect(asked()).toHaveLength(1); // what a call waits for is not repeated
  });

  test("an answer that takes too long", async () => {
    const { call, asked } = await caller(() => undefined);
    expect(failure(await call())).toBe("the answer took longer than 200 ms");
    expect(asked()).toHaveLength(1);
  });

  test("each step has its time, and what was asked the time of its asking", async () => {
    const clock = new ManualClock();
    const { call } = await caller({ "/join": "<Say>Hello</Say>" }, {}, { clock });
    const at = Date.parse("2026-11-23T15:46:00Z");
    expect((await call()).transcript).toMatchObject([
      { did: "asked", at, tookMs: 0 },
      { did: "heard", at },
      { did: "ended", at },
    ]);
  });

  test("attributes that there are not are passed over with a warning", async () => {
    const { call } = await caller({
      "/join": '<Dial hangUpOnStar="true"><Conference recording="true">x</Conference></Dial>',
    });
    const view = await call();
    expect([view.state, view.warnings]).toEqual([
      "in-conference",
      ["Dial has no hangUpOnStar", "Conference has no recording"],
    ]);
  });
});

describe("the control API of calls", () => {
  test("unknown calls and keys that are none are refused", async () => {
    const { control, url } = await caller({});
    expect((await control("POST", "calls", { url, keys: ["12"] })).status).toBe(400);
    expect((await control("GET", "calls/nobody")).status).toBe(404);
    expect((await control("POST", "calls/nobody/keys", { keys: ["1"] })).status).toBe(404);
  });

  test("clearing hangs all up", async () => {
    const { call, control, simulator, look } = await caller({ "/join": "<Gather/>" });
    const waiting = await call();
    const phone = simulator.world.calls.get(waiting.call);
    await control("POST", "clear");
    await new Promise((resolve) => setImmediate(resolve));
    expect(phone?.status).toBe("completed");
    expect(await look(waiting)).toMatchObject({ error: "no such call" });
  });
});
