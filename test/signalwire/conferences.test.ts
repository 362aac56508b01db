import { afterEach, beforeEach, expect, test } from "vitest";
import { callSid, conferenceSid, room } from "../../functions/recording/ids.ts";
import { account, clientOf, project, startedAt } from "./client.ts";
import { json, ScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.listening();
});
afterEach(() => server.close());

const deadline = startedAt + 4000;
const a = "0a000000-0000-4000-8000-00000000000a";
const b = "0b000000-0000-4000-8000-00000000000b";
const c = "0c000000-0000-4000-8000-00000000000c";
const call = callSid("01000000-0000-4000-8000-000000000001");
const page = (conferences: object[], next: string | null = null) =>
  json(200, { next_page_uri: next, conferences });
const inRoom = (name: string) =>
  clientOf(server.origin).client.conferencesInRoom(project, room(name), deadline);
const ofCall = () => clientOf(server.origin).client.conferencesOfCall(project, call, deadline);
const everyOne = `GET ${account}/Conferences?Status=in-progress&PageSize=1000`;
const participant = (conference: string) => `GET ${account}/Conferences/${conference}/Participants/${call}`;

test("a room is asked for by its name among the conferences in progress", async () => {
  server.on(
    `GET ${account}/Conferences?FriendlyName=Caf%C3%A9%20%26%20%2B1&Status=in-progress&PageSize=1000`,
    page([{ sid: a, friendly_name: "Café & +1", status: "in-progress", region: "us1" }]),
  );
  expect(await inRoom("Café & +1")).toEqual([a]);
});

test("only the whole name counts, and only what is in progress, on every page", async () => {
  const first = `GET ${account}/Conferences?FriendlyName=r1&Status=in-progress&PageSize=1000`;
  const second = `${account}/Conferences?FriendlyName=r1&Status=in-progress&Page=1&PageToken=PA1`;
  server.on(
    first,
    page(
      [
        { sid: a, friendly_name: "r1", status: "completed" },
        { sid: a, friendly_name: "r10", status: "in-progress" },
        { sid: a, friendly_name: "R1", status: "in-progress" },
        { sid: a, friendly_name: null, status: "in-progress" },
        { sid: a, friendly_name: "r1", status: "init" },
        { sid: b, friendly_name: "r1", status: "in-progress" },
      ],
      second,
    ),
  );
  server.on(`GET ${second}`, page([{ sid: c, friendly_name: "r1", status: "in-progress" }]));
  expect(await inRoom("r1")).toEqual([b, c]);
});

test("a room that nobody is in has no conference", async () => {
  server.on("*", page([]));
  expect(await inRoom("r1")).toEqual([]);
});

test("a call is looked for in every conference in progress", async () => {
  server.on(
    everyOne,
    page([
      { sid: a, friendly_name: "r1", status: "in-progress" },
      { sid: b, status: "in-progress" },
      { sid: c, friendly_name: "r3", status: "in-progress" },
    ]),
  );
  server.on(participant(a), json(404, { code: 20404 }));
  server.on(participant(b), json(200, { call_sid: call, status: "in-progress" }));
  server.on(participant(c), json(200, { call_sid: call, status: "completed" }));
  expect(await ofCall()).toEqual([b]);
});

test("it is not known to be in none where one of them does not answer", async () => {
  server.on(everyOne, page([{ sid: a, friendly_name: "r1", status: "in-progress" }]));
  server.on(participant(a), json(503));
  await expect(ofCall()).rejects.toMatchObject({ name: "SignalWireFailure", status: 503 });
});

test("many conferences are asked sixteen at a time", async () => {
  const sids = Array.from(
    { length: 40 },
    (_, i) => `000000${String(i).padStart(2, "0")}-0000-4000-8000-000000000000`,
  );
  server.on(everyOne, page(sids.map((sid) => ({ sid, status: "in-progress" }))));
  let open = 0;
  let most = 0;
  server.on("*", (response, request) => {
    most = Math.max(most, ++open);
    setTimeout(() => {
      open -= 1;
      json(404)(response, request);
    }, 20);
  });
  expect(await ofCall()).toEqual([]);
  expect(server.requests).toHaveLength(41);
  expect(most).toBe(16);
});

test("without credentials a look-up fails with their cause", async () => {
  const cause = new Error("no secret");
  const credentials = { project: () => Promise.reject(cause), projectAgain: () => Promise.reject(cause) };
  const { client } = clientOf(server.origin, { credentials });
  await expect(client.conferencesInRoom(project, room("r1"), deadline)).rejects.toMatchObject({ cause });
});

test.each([
  ["Sales & support", "Sales & support"],
  ["", undefined],
  [null, undefined],
])("a conference called %j is the room %j", async (name, expected) => {
  server.on(
    `GET ${account}/Conferences/${a}`,
    json(200, { sid: a, status: "in-progress", friendly_name: name }),
  );
  const { client } = clientOf(server.origin);
  expect(await client.roomOf({ project, conference: conferenceSid(a) }, deadline)).toBe(expected);
});

test.each([
  ["completed", true],
  ["canceled", true],
  ["busy", true],
  ["failed", true],
  ["no-answer", true],
  ["in-progress", false],
  ["ringing", false],
  ["something new", false],
])("a call that is %s is over: %s", async (status, expected) => {
  server.on(`GET ${account}/Calls/${call}`, json(200, { sid: call, status }));
  expect(await clientOf(server.origin).client.isCallOver(project, call, deadline)).toBe(expected);
});

test("a call that SignalWire does not know, or does not tell of, is not said to be over", async () => {
  server.on(`GET ${account}/Calls/${call}`, json(404, {}), json(200, []));
  const { client } = clientOf(server.origin);
  expect(await client.isCallOver(project, call, deadline)).toBe(false);
  expect(await client.isCallOver(project, call, deadline)).toBe(false);
});
