import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type LocalStack, startStack } from "../../infra/local/stack.ts";
import { CxmlCaller, type Line, post } from "../fixtures/cxml-caller.ts";
import { conference, first, type StandIn, second, startStandIn } from "../fixtures/signalwire-stand-in.ts";
import type { XmlElement } from "../fixtures/strict-xml.ts";

// A call from the first ring to the last through the gateway and the built bundles, at a SignalWire of the tests' own.

let stack: LocalStack;
let signalwire: StandIn;
beforeAll(async () => {
  let authorization = "";
  signalwire = await startStandIn(() => authorization);
  stack = await startStack({ port: 0, signalwire: signalwire.url });
  authorization = `Basic ${Buffer.from(`${stack.project}:${stack.apiToken}`).toString("base64")}`;
});

afterAll(async () => {
  await stack?.close();
  await signalwire?.close();
});

beforeEach(() => {
  signalwire.statuses.clear();
  signalwire.wrong.length = 0;
});

const statuses = () => [...signalwire.statuses.values()];

/** Callbacks as the first document of a conference asks for them; with the second participant both recordings start. */
function room() {
  const inside = new Set<string>();
  const names: string[] = [];
  const tell = async (conferenceNoun: XmlElement, fields: Readonly<Record<string, string>>) => {
    const url =
      conferenceNoun.attributes[fields.RecordingSid ? "recordingStatusCallback" : "statusCallback"] ?? "";
    const answer = await post(stack, url, {
      AccountSid: stack.project,
      ConferenceSid: conference,
      ...fields,
    });
    expect([answer.status, await answer.text()]).toEqual([204, ""]);
  };
  const onRoom =
    (call: string): OnRoom =>
    async (event, noun) => {
      names.push(noun.text);
      if (event === "join") inside.add(call);
      else inside.delete(call);
      await tell(noun, {
        CallSid: call,
        FriendlyName: noun.text,
        StatusCallbackEvent: `participant-${event}`,
      });
      if (inside.size < 2 || signalwire.statuses.size > 0) return;
      for (const sid of [first, second]) {
        signalwire.statuses.set(sid, "in-progress");
        await tell(noun, {
          RecordingSid: sid,
          RecordingStatus: "in-progress",
          RecordingUrl: "https://secret.example/r",
        });
      }
    };
  return { names, onRoom };
}

type OnRoom = NonNullable<Line["onRoom"]>;
const caller = (call: string, onRoom?: (call: string) => OnRoom) =>
  new CxmlCaller({ ...stack, call, ...(onRoom && { onRoom: onRoom(call) }) });

test("an agent gets from join to rejoin, and the recordings are paused and resumed on the way", async () => {
  const { names, onRoom } = room();
  const agent = caller("5ea1c0de-0000-4000-8000-0000000000a1", onRoom);
  const customer = caller("5ea1c0de-0000-4000-8000-0000000000c1", onRoom);
  await agent.dial(`${stack.url}/telephony/join?room=support&role=agent`);
  await customer.dial(`${stack.url}/telephony/join?room=support&role=caller`);
  expect(statuses()).toEqual(["in-progress", "in-progress"]);
  await customer.press("*");
  expect(customer.state).toBe("in-room");

  await agent.press("*");
  expect([agent.state, statuses()]).toEqual(["gathering", ["in-progress", "in-progress"]]);
  await agent.press("1");
  expect([agent.state, statuses()]).toEqual(["in-room", ["paused", "paused"]]);
  await agent.press("*");
  await agent.press("timeout");
  expect([agent.state, statuses()]).toEqual(["in-room", ["paused", "paused"]]);
  await agent.press("*");
  await agent.press("9");
  expect([agent.state, statuses()]).toEqual(["gathering", ["paused", "paused"]]);
  await agent.press("2");
  expect([agent.state, statuses()]).toEqual(["in-room", ["in-progress", "in-progress"]]);

  const menu = "Press 1 to pause the recording, 2 to resume it, 3 to stop it.";
  expect(agent.heard).toEqual([
    ...[menu, "The recording is paused.", menu, menu, menu, "The recording is running again."],
  ]);
  expect(new Set(names)).toEqual(new Set(["support"]));
  expect(agent.asked.map((url) => new URL(url).pathname)).toEqual([
    ...["/telephony/join", "/telephony/menu", "/telephony/digits", "/telephony/menu", "/telephony/menu"],
    ...["/telephony/digits", "/telephony/digits"],
  ]);
  await agent.press("hangup");
});

test("a control line pauses and resumes a room that it is not in", async () => {
  signalwire.statuses.set(first, "in-progress").set(second, "in-progress");
  const line = caller("5ea1c0de-0000-4000-8000-0000000000b1");
  await line.dial(`${stack.url}/telephony/join?room=support&role=control`);
  await line.press("1");
  expect([line.state, statuses()]).toEqual(["gathering", ["paused", "paused"]]);
  await line.press("timeout");
  await line.press("2");
  expect([line.state, statuses()]).toEqual(["gathering", ["in-progress", "in-progress"]]);
  expect(line.heard.filter((text) => !text.startsWith("Press"))).toEqual([
    ...["The recording is paused.", "The recording is running again."],
  ]);
});
