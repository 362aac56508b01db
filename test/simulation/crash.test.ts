import { describe, expect, test } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import type { Ports } from "../../functions/ports.ts";
import type { Operation, Target } from "../../functions/recording/command.ts";
import { room } from "../../functions/recording/ids.ts";
import { policy } from "../flow/bench.ts";
import { place, release } from "./every-schedule.ts";
import { createOracle } from "./oracle.ts";
import { createRandom } from "./random.ts";
import { createTimeline } from "./timeline.ts";
import { createActor, noFaults, recordings, ref, type World } from "./world.ts";

// Every handler dies at every call it makes, once before the call leaves it and once behind, in every state that a conference can
// be in. One check without faults has to find the conference right, or make it right.

const start = Date.parse("2026-11-23T15:46:00.000Z");
const [first] = recordings as [(typeof recordings)[number]];

type Handler = (ports: Ports) => Promise<unknown>;
const byConference: Target = { by: "conference", conference: ref.conference };
const command =
  (operation: Operation, target: Target = byConference): Handler =>
  (ports) =>
    createHandleCommand(ports)({
      project: ref.project,
      target,
      source: "signal:payments",
      operation,
      cause: { source: "signal:payments", request: "r" },
      receivedAt: ports.now(),
    });
const inRoom: Target = { by: "room", room: room("support") };
const pressed = (ports: Ports): Operation => ({
  type: "place-hold",
  hold: "hold-1",
  reason: "consult",
  time: { at: ports.now(), clock: "receipt" },
});
const check: Handler = (ports) => checkConference(ports, { ...ref, chain: "a-check", hop: 0 });
const callback =
  (event: "recording-started" | "recording-over" | "conference-end"): Handler =>
  (ports) =>
    createHandleCallback(ports)({
      project: ref.project,
      conference: ref.conference,
      event,
      recording: first,
      request: "r",
      receivedAt: ports.now(),
    });

const handlers: { readonly [name: string]: Handler } = {
  "a placement": command(place("hold-2", 4)),
  "a placement again": command(place("hold-1", 4)),
  "a digit pressed in a room": (ports) => command(pressed(ports), inRoom)(ports),
  "a release": command(release("hold-1", 3)),
  "a release-all": command({ type: "release-all-holds", reason: "test" }),
  "a stop": command({ type: "stop" }),
  "a check": check,
  "a callback for a recording that started": callback("recording-started"),
  "a callback for a recording that is over": callback("recording-over"),
  "a callback for the end": callback("conference-end"),
};

/** What was before; `dies` at the first call of that name. */
type Before = readonly { readonly handler: Handler; readonly dies?: string }[];
const states: { readonly [name: string]: Before } = {
  "nothing yet": [],
  "a confirmed hold": [{ handler: command(place("hold-1", 0)) }],
  "a hold of which nobody has seen anything": [{ handler: command(place("hold-1", 0)), dies: "look" }],
  "two holds": [{ handler: command(place("hold-1", 0)) }, { handler: command(place("hold-2", 1)) }],
  "a hold that is released": [
    { handler: command(place("hold-1", 0)) },
    { handler: command(release("hold-1", 1)) },
  ],
  "an open ticket whose resume was never sent": [
    { handler: command(place("hold-1", 0)) },
    { handler: command(release("hold-1", 1)), dies: "update in-progress" },
  ],
  "a release that nobody has carried out": [
    { handler: command(place("hold-1", 0)) },
    { handler: command(release("hold-1", 1)), dies: "look" },
  ],
  "a stop that nobody has carried out": [
    { handler: command(place("hold-1", 0)) },
    { handler: command({ type: "stop" }), dies: "look" },
  ],
  "a stop": [{ handler: command({ type: "stop" }) }],
};

/** The calls of a process in their order; at `dies` it is over with it. */
function dying(
  ports: Ports,
  die: () => void,
  dies: (name: string, index: number) => "before" | "behind" | undefined,
): Ports & { readonly calls: () => number } {
  let calls = 0;
  let isDead = false;
  const through = <Value>(name: string, call: () => Promise<Value>): Promise<Value> => {
    const when = isDead ? "before" : dies(name, calls);
    calls += 1;
    if (when === undefined) return call();
    if (when === "behind") void call().catch(() => undefined);
    isDead = true;
    die();
    return new Promise(() => {});
  };
  const { ledger, directory, checks, signalwire } = ports;
  return {
    ...ports,
    calls: () => calls,
    sleep: (ms) => through("sleep", () => ports.sleep(ms)),
    ledger: {
      ...ledger,
      newest: (one) => through("newest", () => ledger.newest(one)),
      append: (entry, before) => through("append", () => ledger.append(entry, before)),
    },
    directory: {
      ...directory,
      hintOfRoom: (project, one) => through("room", () => directory.hintOfRoom(project, one)),
      recordingsOf: (one) => through("recordings", () => directory.recordingsOf(one)),
    },
    checks: { send: (one, delay) => through("check", () => checks.send(one, delay)) },
    signalwire: {
      ...signalwire,
      look: (one, options) => through("look", () => signalwire.look(one, options)),
      update: (one, target, options) =>
        through(`update ${options.to}`, () => signalwire.update(one, target, options)),
    },
  };
}

async function play(before: Before, handler: Handler, at: number, when: "before" | "behind") {
  const random = createRandom(1);
  const timeline = createTimeline(start);
  const oracle = createOracle();
  const world: World = {
    statuses: new Map(recordings.map((sid) => [sid, "in-progress"])),
    isOver: false,
    policy: { ...policy, callRecordings: false },
    entries: [],
    queue: [],
    alarms: [],
    trace: () => undefined,
    observe(observed) {
      if (observed.what === "appended") oracle.appended(observed.entry);
      if (observed.what === "resume-sent") oracle.resumeSent(observed.recording);
      if (observed.what === "resume-applied") oracle.resumeApplied(observed.recording);
    },
  };
  const process = (name: string) =>
    createActor(world, timeline, random, { name, skewMs: 0, faults: noFaults, inRooms: true });
  for (const [index, one] of before.entries()) {
    const actor = process(`before ${index}`);
    const ports = dying(actor.ports, actor.crash, (name) => (name === one.dies ? "before" : undefined));
    void one.handler(ports);
    await timeline.run(timeline.now() + 1_000);
  }
  const actor = process("dying");
  const ports = dying(actor.ports, actor.crash, (_name, index) => (index === at ? when : undefined));
  void handler(ports).catch(() => undefined);
  // Longer than any function runs and any ticket lives.
  await timeline.run(timeline.now() + 30_000);
  void checkConference(process("check").ports, { ...ref, chain: "last", hop: 0 });
  await timeline.run(timeline.now() + 30_000);
  oracle.atRest(world.statuses, world.alarms);
  return { calls: ports.calls(), violations: oracle.violations };
}

describe.each(Object.entries(handlers))("%s that dies", (_handler, handler) => {
  test.each(Object.entries(states))("after %s leaves what one check puts right", async (_state, before) => {
    const { calls } = await play(before, handler, Number.POSITIVE_INFINITY, "before");
    expect(calls).toBeGreaterThan(0);
    for (let at = 0; at < calls; at += 1) {
      for (const when of ["before", "behind"] as const) {
        const { violations } = await play(before, handler, at, when);
        expect(violations, `dies ${when} call ${at + 1} of ${calls}`).toEqual([]);
      }
    }
  });
});
