import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalStack, startStack } from "../../infra/local/stack.ts";

// What an agent and a caller hear and meet in a call, through the built bundles, with the owner's own words.

const texts = {
  menu: "Eins: Pause. Zwei: Weiter.",
  paused: "Die Aufnahme ist angehalten.",
  "not-paused": "Die Aufnahme läuft noch.",
  "announce-paused": "Diese Aufnahme ist angehalten.",
  "announce-resumed": "Dieses Gespräch wird aufgenommen.",
};
let stack: LocalStack;
beforeAll(async () => {
  stack = await startStack({ port: 0, policy: JSON.stringify({ announce: true, language: "de-DE", texts }) });
}, 60_000);
afterAll(() => stack?.close());
beforeEach(() => simulator("POST", "clear"));

async function simulator<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const init = { method, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(`${stack.simulatorUrl}/_simulator/${path}`, init);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

type Ledger = { entries: { facts: { type: string }[] }[] };
async function factsOf(conference: string | null): Promise<readonly string[]> {
  const url = `${stack.url}/2015-03-31/functions/control/invocations`;
  const body = JSON.stringify({ action: "ledger", conference });
  const { entries } = (await (await fetch(url, { method: "POST", body })).json()) as Ledger;
  return entries.flatMap(({ facts }) => facts.map(({ type }) => type));
}

type Call = {
  readonly call: string;
  readonly state: string;
  readonly conference: string | null;
  readonly heard: readonly string[];
};
const press = ({ call }: Call, ...keys: string[]) => simulator<Call>("POST", `calls/${call}/keys`, { keys });
const look = ({ call }: Call) => simulator<Call>("GET", `calls/${call}`);
type Recording = { readonly recording: string; readonly status: string };
const recordings = async (conference: string | null) =>
  (await simulator<{ recordings: Recording[] }>("GET", `conferences/${conference}`)).recordings;
const statuses = async (conference: string | null) =>
  (await recordings(conference)).map(({ status }) => status);

/** An agent and a caller in a room of their own, with all callbacks delivered. */
async function twoIn(room: string) {
  const dial = (role: string) =>
    simulator<Call>("POST", "calls", { url: `${stack.url}/telephony/join?room=${room}&role=${role}` });
  const agent = await dial("agent");
  const caller = await dial("caller");
  await simulator("POST", "settled");
  return { agent, caller, conference: caller.conference };
}

test("the agent hears the owner's words, and the room each confirmed change once", async () => {
  const { agent, caller } = await twoIn("announced");
  expect((await press(agent, "*", "1")).heard).toEqual([texts.menu, texts.paused]);
  await simulator("POST", "settled");
  expect((await look(caller)).heard).toEqual([texts["announce-paused"]]);
  await press(agent, "*", "2");
  await simulator("POST", "settled");
  expect((await look(caller)).heard).toEqual([texts["announce-paused"], texts["announce-resumed"]]);
});

test("the recording of the agent's own call, who is no participant in the menu, is paused and resumed with the room's", async () => {
  const { agent, conference } = await twoIn("recorded-calls");
  const own = await simulator<Recording>("POST", `calls/${agent.call}/recordings`, {});
  const ownStatus = async () => (await simulator<Recording>("GET", `recordings/${own.recording}`)).status;
  expect((await press(agent, "*", "1")).heard.at(-1)).toBe(texts.paused);
  expect([await statuses(conference), await ownStatus()]).toEqual([["paused"], "paused"]);
  await press(agent, "*", "2");
  expect([await statuses(conference), await ownStatus()]).toEqual([["in-progress"], "in-progress"]);
});

test("a second star in the menu asks again, and changes nothing", async () => {
  const { agent, conference } = await twoIn("two-stars");
  const { state, heard } = await press(agent, "*", "*");
  expect([state, heard]).toEqual(["gathering", [texts.menu, texts.menu]]);
  expect(await statuses(conference)).toEqual(["in-progress"]);
  expect((await press(agent, "timeout")).state).toBe("in-conference");
});

test("while SignalWire hangs the agent is warned and goes back; the next 1 asks again", async () => {
  const { agent, conference } = await twoIn("hanging");
  await simulator("POST", "misbehaviours", { kind: "drop", match: { path: "Recordings" } });
  const warned = await press(agent, "*", "1");
  expect([warned.state, warned.heard.at(-1)]).toEqual(["in-conference", texts["not-paused"]]);
  await simulator("DELETE", "misbehaviours");
  expect((await press(agent, "*", "1")).heard.at(-1)).toBe(texts.paused);
  expect(await statuses(conference)).toEqual(["paused"]);
  expect((await press(agent, "*", "2")).heard.at(-1)).toBe("The recording is running again.");
}, 20_000);

describe("a hold", () => {
  test("stays when the agent who placed it hangs up in the menu", async () => {
    const { agent, conference } = await twoIn("hung-up");
    await press(agent, "*", "1");
    await press(agent, "*", "hangup");
    await simulator("POST", "settled");
    expect(await statuses(conference)).toEqual(["paused"]);
    expect(await factsOf(conference)).not.toContain("hold-released");
  });

  test("of one agent is not released by another's 2", async () => {
    const { agent, conference } = await twoIn("two-agents");
    const url = `${stack.url}/telephony/join?room=two-agents&role=agent`;
    const other = await simulator<Call>("POST", "calls", { url });
    await press(agent, "*", "1");
    expect((await press(other, "*", "2")).heard.at(-1)).toBe(
      "The recording stays paused for another reason.",
    );
    expect(await statuses(conference)).toEqual(["paused"]);
  });

  test("ends with its conference, and is not in the next one of that room", async () => {
    const { agent, caller, conference } = await twoIn("used-again");
    await press(agent, "*", "1");
    await press(caller, "hangup");
    await press(agent, "hangup");
    await simulator("POST", "settled");
    expect((await factsOf(conference)).at(-1)).toBe("conference-ended");
    const next = await twoIn("used-again");
    expect(next.conference).not.toBe(conference);
    expect(await statuses(next.conference)).toEqual(["in-progress"]);
    expect((await press(next.agent, "*", "1")).heard.at(-1)).toBe(texts.paused);
    expect(await statuses(next.conference)).toEqual(["paused"]);
  });

  test("reaches a recording that starts later", async () => {
    const { agent, conference } = await twoIn("one-more");
    await press(agent, "*", "1");
    await simulator("POST", `conferences/${conference}/recordings`, {});
    await simulator("POST", "settled");
    expect(await statuses(conference)).toEqual(["paused", "paused"]);
  });
});

test("an agent who was alone left no conference that could be paused, is warned, and can do it once the caller is there", async () => {
  const url = `${stack.url}/telephony/join?room=alone`;
  const agent = await simulator<Call>("POST", "calls", { url: `${url}&role=agent` });
  await simulator("POST", "settled");
  const warned = await press(agent, "*", "1");
  expect([warned.state, warned.heard.at(-1)]).toEqual(["in-conference", texts["not-paused"]]);
  const { conference } = await simulator<Call>("POST", "calls", { url: `${url}&role=caller` });
  await simulator("POST", "settled");
  expect((await press(agent, "*", "1")).heard.at(-1)).toBe(texts.paused);
  expect(await statuses(conference)).toEqual(["paused"]);
});
