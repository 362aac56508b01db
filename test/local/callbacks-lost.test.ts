import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalStack, startStack } from "../../infra/local/stack.ts";

// No callback ever arrives: not who came into which conference, nor that it began, nor that it is recorded.

let stack: LocalStack;
beforeAll(async () => {
  stack = await startStack({ port: 0 });
}, 60_000);
afterAll(() => stack?.close());
beforeEach(async () => {
  await simulator("POST", "clear");
  await simulator("POST", "settings", { callbackCopies: 0 });
});

async function simulator<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const init = { method, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(`${stack.simulatorUrl}/_simulator/${path}`, init);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function control(input: object): Promise<Record<string, unknown>> {
  const url = `${stack.url}/2015-03-31/functions/control/invocations`;
  const response = await fetch(url, { method: "POST", body: JSON.stringify(input) });
  return (await response.json()) as Record<string, unknown>;
}

type Call = { readonly call: string; readonly conference: string | null; readonly heard: readonly string[] };
const dial = (room: string, role: string) =>
  simulator<Call>("POST", "calls", { url: `${stack.url}/telephony/join?room=${room}&role=${role}` });
const press = ({ call }: Call, ...keys: string[]) => simulator<Call>("POST", `calls/${call}/keys`, { keys });
const said = ({ heard }: Call) => heard.at(-1);

async function statuses(conference: string | null): Promise<readonly string[]> {
  const { recordings } = await simulator<{ recordings: { status: string }[] }>(
    "GET",
    `conferences/${conference}`,
  );
  return recordings.map(({ status }) => status);
}

/** An agent and a caller in a room of their own. */
async function twoIn(room: string) {
  const agent = await dial(room, "agent");
  const { conference } = await dial(room, "caller");
  expect(await statuses(conference)).toEqual(["in-progress"]);
  return { agent, conference };
}

test("a digit finds the conference of its room, and pauses and resumes it", async () => {
  const { agent, conference } = await twoIn("lost-room");
  expect(said(await press(agent, "*", "1"))).toBe("The recording is paused.");
  expect(await statuses(conference)).toEqual(["paused"]);
  expect(said(await press(agent, "*", "2"))).toBe("The recording is running again.");
  expect(await statuses(conference)).toEqual(["in-progress"]);
  expect(await simulator("GET", "callbacks")).toEqual([]);
});

test("a digit that names the conference by its id finds it, and its name, to go back to", async () => {
  const { agent, conference } = await twoIn("lost-id");
  const { body } = await simulator<{ body: string }>("POST", "webhooks", {
    url: `${stack.url}/telephony/digits?conference=${conference}`,
    params: { AccountSid: stack.project, CallSid: agent.call, Digits: "1" },
  });
  expect(body).toMatch(/>The recording is paused\.<\/Say><Dial .*>lost-id<\/Conference><\/Dial>/);
  expect(await statuses(conference)).toEqual(["paused"]);
});

describe("a command that names the agent's call", () => {
  const pause = ({ call }: Call) => ({
    action: "pause",
    call,
    hold: "desk",
    reason: "card-entry",
    actor: "ada",
  });

  test("finds the conference while the agent is in it", async () => {
    const { agent, conference } = await twoIn("lost-call");
    expect(await control(pause(agent))).toMatchObject({ conference, safeToCollect: true });
    expect(await statuses(conference)).toEqual(["paused"]);
  });

  test("finds it in the star menu too, once a digit of that call has", async () => {
    const { agent, conference } = await twoIn("lost-menu");
    await press(agent, "*", "1");
    await press(agent, "*", "2");
    await press(agent, "*");
    expect(await control(pause(agent))).toMatchObject({ conference, safeToCollect: true });
    expect(await statuses(conference)).toEqual(["paused"]);
  });

  test("finds none in the star menu before that, and says so", async () => {
    const { agent, conference } = await twoIn("lost-early");
    await press(agent, "*");
    expect(await control(pause(agent))).toMatchObject({ errorType: "Refused" });
    expect(await statuses(conference)).toEqual(["in-progress"]);
  });
});

test("of two conferences with one name both are paused, and neither is resumed or stopped", async () => {
  type Made = { conference: string; participants: string[] };
  const one = await simulator<Made>("POST", "conferences", { room: "twice" });
  const other = await simulator<Made>("POST", "conferences", { room: "twice" });
  const digit = async (Digits: string) => {
    const { body } = await simulator<{ body: string }>("POST", "webhooks", {
      url: `${stack.url}/telephony/digits?room=twice`,
      params: { AccountSid: stack.project, CallSid: one.participants[0], Digits },
    });
    return [
      /<Say[^>]*>([^<]+)</.exec(body)?.[1],
      ...(await statuses(one.conference)),
      ...(await statuses(other.conference)),
    ];
  };
  expect(await digit("1")).toEqual(["The recording is paused.", "paused", "paused"]);
  expect(await digit("2")).toEqual(["The recording could not be resumed yet.", "paused", "paused"]);
  expect(await digit("3")).toEqual(["The recording could not be stopped yet.", "paused", "paused"]);

  // Nothing of the two is ambiguous any more once one of them is over.
  await simulator("POST", `conferences/${other.conference}/end`);
  expect((await digit("2")).slice(0, 2)).toEqual(["The recording is running again.", "in-progress"]);
});
