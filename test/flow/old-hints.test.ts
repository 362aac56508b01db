import { expect, test } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import type { Ports } from "../../functions/ports.ts";
import type { Operation } from "../../functions/recording/command.ts";
import { recordingSid, room } from "../../functions/recording/ids.ts";
import { noAnswer } from "../fakes/fake-signalwire.ts";
import { VirtualTime } from "../fixtures/virtual-time.ts";
import { createBench, first, place, project, ref, release, second, start } from "./bench.ts";
import { A, B, createTwoConferences, ofX, turns, X } from "./two-conferences.ts";

// The directory tells of a conference that a call has left, or a room no longer is.

const byCall = { target: { by: "call" as const, call: X } };
const operator = {
  source: "control" as const,
  cause: { source: "control" as const, request: "r", actor: "o" },
};
const factsOf = async (w: ReturnType<typeof createTwoConferences>) =>
  (await w.ledger.entries(ref)).flatMap(({ facts }) => facts.map(({ type }) => type));

test("a release of all holds by a call lets go of nothing where SignalWire does not say where the call is", async () => {
  const w = createTwoConferences();
  await w.directory.noteCall(project, X, A);
  expect(await w.handle(w.command(place("payment-1")))).toMatchObject({ kind: "done" });
  w.hooks.takesPart = () => Promise.reject(noAnswer());
  await w.handle(w.command({ type: "release-all-holds", reason: "x" }, { ...operator, ...byCall }));
  expect(await factsOf(w)).not.toContain("all-holds-released");
  expect(w.statusOf(A, first)).toBe("paused");
});

test("a release of all holds by a call that is in no conference lets go of nothing", async () => {
  const w = createTwoConferences();
  await w.directory.noteCall(project, X, A);
  w.at.X = undefined;
  expect(await w.handle(w.command(place("payment-1")))).toMatchObject({ kind: "done" });
  await w.handle(w.command({ type: "release-all-holds", reason: "x" }, { ...operator, ...byCall }));
  expect(w.statusOf(A, first)).toBe("paused");
});

test("an operator's pause of a call that has gone on ends no operator's hold on the conference that it left", async () => {
  const w = createTwoConferences();
  await w.directory.noteCall(project, X, A);
  // One operator holds conference A.
  expect(await w.handle(w.command(place("operator"), operator))).toMatchObject({
    kind: "done",
    answer: { safeToCollect: true },
  });
  w.clock.now += 1_000;
  // Another pauses call X, which has gone on to B.
  const two = await w.handle(
    w.command(place("operator", start + 1_000), { ...operator, ...byCall, receivedAt: w.clock.now }),
  );
  expect(two).toMatchObject({ kind: "done", answer: { conference: B } });
  expect(w.statusOf(A, first)).toBe("paused");
});

test("a pause that is delivered again after its call has gone on leaves the hold that it placed", async () => {
  const w = createTwoConferences();
  await w.directory.noteCall(project, X, A);
  w.at.X = A;
  expect(await w.handle(w.command(place("payment-1"), byCall))).toMatchObject({
    kind: "done",
    answer: { conference: A },
  });
  w.at.X = B;
  w.clock.now += 1_000;
  await w.handle(w.command(place("payment-1"), byCall));
  expect(w.statusOf(A, first)).toBe("paused");
});

test("an operator's release for a call that has gone on ends no operator's hold on the conference that it left", async () => {
  const w = createTwoConferences();
  await w.directory.noteCall(project, X, A);
  await w.handle(w.command(place("operator"), operator));
  w.clock.now += 1_000;
  await w.handle(w.command(release("operator"), { ...operator, ...byCall }));
  expect(w.statusOf(A, first)).toBe("paused");
});

test("a call's own recording is not resumed by the conference that it left, although the directory still names that", async () => {
  const w = createTwoConferences();
  w.own.set(ofX, { status: "in-progress", call: X });
  await w.directory.noteCall(project, X, A);
  // Its recording was seen in A once.
  w.at.X = A;
  await w.handle(w.command(place("payment-0"), byCall));
  await w.handle(w.command(release("payment-0"), byCall));
  expect(w.own.get(ofX)?.status).toBe("in-progress");
  w.at.X = B;
  w.clock.now += 60_000;
  w.directory.hooks.before = ({ operation }) => {
    if (operation === "note") throw new Error("throttled");
  };
  const outcome = await w.handle(w.command(place("payment-1", w.clock.now), byCall));
  expect(outcome).toMatchObject({ kind: "done", answer: { conference: B, safeToCollect: true } });
  expect(w.own.get(ofX)?.status).toBe("paused");
});

/** A pause by room waits, with its pause taken, until `goOn`; its hold is released before, and nobody is told that it is safe. */
async function releaseMeanwhile(w: ReturnType<typeof createTwoConferences>, goOn: () => void): Promise<void> {
  const pausing = w.handle(w.command(place("payment-1"), { target: { by: "room", room: room("support") } }));
  await turns();
  expect(w.statusOf(B, second)).toBe("paused");
  await w.handle(w.command(release("payment-1"), { target: { by: "conference", conference: B } }));
  expect(w.statusOf(B, second)).toBe("in-progress");
  goOn();
  expect(await pausing).not.toMatchObject({ kind: "done", answer: { safeToCollect: true } });
}

test("what was true of a room's other conference is asked for again, where the hint was slow to be found over", async () => {
  const w = createTwoConferences();
  await w.directory.noteRoom(project, room("support"), A);
  w.conferences.set(A, { state: "over", recordings: new Map([[first, "completed"]]) });
  const { promise: slow, resolve: goOn } = Promise.withResolvers<void>();
  w.hooks.beforeLook = async (one) => {
    if (one === A) await slow;
  };
  await releaseMeanwhile(w, goOn);
});

test("a pause of a call that has gone on places no hold in the conference that it left", async () => {
  const w = createTwoConferences();
  await w.directory.noteCall(project, X, A);
  w.hooks.beforeLook = async (one) => {
    if (one === A) throw noAnswer();
  };
  const outcome = await w.handle(w.command(place("payment-1"), byCall));
  expect(outcome).toMatchObject({ kind: "done", answer: { conference: B } });
  const state = (await w.ledger.newest(ref))?.state;
  expect(Object.keys(state?.holds ?? {})).toEqual([]);
});

test("a stop by a call that has left all conferences stops nobody", async () => {
  const w = createTwoConferences();
  await w.directory.noteCall(project, X, A);
  w.at.X = undefined;
  await w.handle(w.command({ type: "stop" }, byCall));
  expect(w.statusOf(A, first)).toBe("in-progress");
});

test("a pause that is in doubt because SignalWire does not say where the call is raises the alarm", async () => {
  const w = createTwoConferences();
  await w.directory.noteCall(project, X, A);
  w.hooks.takesPart = () => Promise.reject(noAnswer());
  const outcome = await w.handle(w.command(place("payment-1"), byCall));
  for (let i = 0; i < 6; i += 1) {
    w.clock.now += 15_000;
    for (const check of w.checks.takeDue()) await checkConference(w.ports, check);
  }
  expect(outcome).toMatchObject({ kind: "pending" });
  expect(w.statusOf(B, second)).toBe("in-progress");
  expect(w.alarms).not.toEqual([]);
});

test("an outcome that waited for a note is asked for again", async () => {
  const w = createTwoConferences();
  const { promise: slow, resolve: goOn } = Promise.withResolvers<void>();
  w.directory.hooks.before = async ({ operation }) => {
    if (operation === "note") await slow;
  };
  await releaseMeanwhile(w, goOn);
});

test("the release of all holds of one recording resumes no other that somebody else paused", async () => {
  const b = createBench({ [first]: "paused", [second]: "paused" });
  await b.handle(
    b.command({ type: "release-all-holds", reason: "x" }, { ...operator, recording: recordingSid(first) }),
  );
  expect(b.signalwire.recordings.get(recordingSid(second))?.status).toBe("paused");
});

test("a pause of one recording resumes no other that somebody else paused", async () => {
  const b = createBench({ [first]: "in-progress", [second]: "paused" });
  await b.handle(b.command(place("payment-1"), { recording: recordingSid(first) }));
  expect(b.signalwire.sent).not.toContain(`${second} in-progress`);
});

function createSlow() {
  const w = createTwoConferences();
  const time = new VirtualTime(start);
  const ports: Ports = {
    ...w.ports,
    now: () => time.now,
    sleep: time.sleep,
    // Slow, and no error.
    checks: {
      send: async (c, d) => {
        await time.sleep(900);
        return w.checks.send(c, d);
      },
    },
  };
  return { ...w, ports, time, handle: createHandleCommand(ports) };
}

test("a key in a room that is another conference by now is over with everything within four seconds", async () => {
  const w = createSlow();
  await w.directory.noteRoom(project, room("support"), A);
  const conferencesInRoom: Ports["signalwire"]["conferencesInRoom"] = async (_project, _room, deadline) => {
    await w.time.sleep(Math.min(3_000, deadline - w.time.now));
    if (w.time.now >= deadline) throw noAnswer();
    return [B];
  };
  const handle = createHandleCommand({
    ...w.ports,
    signalwire: { ...w.ports.signalwire, conferencesInRoom },
  });
  const pressed = { ...place("call:1"), time: { at: start, clock: "receipt" } } as Operation;
  await w.time.run(
    handle(w.command(pressed, { source: "telephony", target: { by: "room", room: room("support") } })),
  );
  expect(w.time.now - start).toBeLessThanOrEqual(4_000);
});

test("a release in a room of which SignalWire is slow to tell is over with everything within four seconds", async () => {
  const w = createSlow();
  await w.directory.noteRoom(project, room("support"), A);
  await w.time.run(w.handle(w.command(place("call:1"), { source: "telephony" })));
  const began = w.time.now;
  const conferencesInRoom: Ports["signalwire"]["conferencesInRoom"] = async (_project, _room, deadline) => {
    await w.time.sleep(Math.min(3_500, deadline - w.time.now));
    throw noAnswer();
  };
  const handle = createHandleCommand({
    ...w.ports,
    signalwire: { ...w.ports.signalwire, conferencesInRoom },
  });
  await w.time.run(
    handle(
      w.command(release("call:1"), {
        source: "telephony",
        receivedAt: began,
        target: { by: "room", room: room("support") },
      }),
    ),
  );
  expect(w.time.now - began).toBeLessThanOrEqual(4_000);
});

test("a call's own recording is not resumed by the conference that it left, whoever asks it to", async () => {
  const w = createTwoConferences();
  w.own.set(ofX, { status: "in-progress", call: X });
  await w.directory.noteCall(project, X, A);
  w.at.X = A;
  await w.handle(w.command(place("payment-1")));
  expect(w.own.get(ofX)?.status).toBe("paused");
  w.at.X = B;
  const there = { target: { by: "conference" as const, conference: B } };
  await w.handle(w.command(place("payment-2"), there));
  // No callback has told that it has gone on.
  await w.handle(w.command(release("payment-1")));
  expect(w.own.get(ofX)?.status).toBe("paused");
  await w.handle(w.command(release("payment-2"), there));
  expect(w.own.get(ofX)?.status).toBe("in-progress");
});

test("an outcome that waited for the queue is asked for again", async () => {
  const w = createTwoConferences();
  const { promise: slow, resolve: goOn } = Promise.withResolvers<void>();
  let sends = 0;
  w.checks.hooks.before = async () => {
    sends += 1;
    if (sends === 1) throw new Error("down");
    if (sends === 2) await slow;
  };
  const pausing = w.handle(w.command(place("payment-1")));
  await turns();
  expect(w.statusOf(A, first)).toBe("paused");
  await w.handle(w.command(release("payment-1")));
  expect(w.statusOf(A, first)).toBe("in-progress");
  goOn();
  expect(await pausing).not.toMatchObject({ kind: "done", answer: { safeToCollect: true } });
});
