import { expect, test } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import type { Ports } from "../../functions/ports.ts";
import { createQueries } from "../../functions/questions/queries.ts";
import { recordingSid } from "../../functions/recording/ids.ts";
import type { SeenRecording } from "../../functions/recording/status.ts";
import { noAnswer } from "../fakes/fake-signalwire.ts";
import { type Bench, conference, createBench, first, place, project, ref, release, second } from "./bench.ts";
import { ofX, turns, X } from "./two-conferences.ts";

// Lists that leave out what is there.

/** A callback tells of the second recording. */
const tellOfSecond = (bench: Bench) =>
  createHandleCallback(bench.ports)({
    project,
    conference,
    event: "recording-started",
    recording: recordingSid(second),
    request: "g",
    receivedAt: bench.clock.now,
  });

/** A quarter of a minute so many times, with the checks that come due. */
async function pass(bench: Bench, quarters: number): Promise<void> {
  for (let quarter = 0; quarter < quarters; quarter += 1) {
    bench.clock.now += 15_000;
    for (const check of bench.checks.takeDue()) await checkConference(bench.ports, check);
  }
}

test("a stop is not confirmed because the next list leaves out what the first one showed", async () => {
  const b = createBench({ [first]: "in-progress", [second]: "in-progress" });
  b.signalwire.onUpdate = async ({ sid }, _o, apply) => {
    if (sid === second) {
      b.signalwire.unlisted.add(second);
      return { kind: "accepted", status: "stopped" };
    }
    return apply();
  };
  const outcome = await b.handle(b.command({ type: "stop" }));
  expect(b.signalwire.recordings.get(recordingSid(second))?.status).toBe("in-progress");
  expect(outcome).not.toMatchObject({ kind: "done", answer: { confirmed: true } });
});

test("and what it left running is watched, or somebody is told", async () => {
  const b = createBench({ [first]: "in-progress", [second]: "in-progress" });
  b.signalwire.onUpdate = async ({ sid }, _o, apply) => {
    if (sid === second) {
      b.signalwire.unlisted.add(second);
      return { kind: "unanswered" };
    }
    return apply();
  };
  await b.handle(b.command({ type: "stop" }));
  for (let i = 0; i < 20; i += 1) {
    b.clock.now += 30_000;
    for (const check of b.checks.takeDue()) await checkConference(b.ports, check);
  }
  expect([
    b.checks.waiting().length > 0 || b.alarms.length > 0,
    b.signalwire.recordings.get(recordingSid(second))?.status,
  ]).not.toEqual([false, "in-progress"]);
});

test("a recording that starts under a confirmed hold, of which a callback tells and no list, has to be seen paused", async () => {
  const b = createBench({ [first]: "in-progress" });
  await b.handle(b.command(place("payment-1")));
  b.signalwire.recordings.set(recordingSid(second), { status: "in-progress" });
  b.signalwire.unlisted.add(second);
  b.signalwire.onUpdate = async ({ sid }, _o, apply) => (sid === second ? { kind: "unanswered" } : apply());
  await tellOfSecond(b);
  b.clock.now += 30_000;
  for (const check of b.checks.takeDue()) await checkConference(b.ports, check);
  const queries = createQueries(b.ports, b.ledger, {} as never);
  const status = await queries.status({
    project,
    target: { by: "conference", conference },
    receivedAt: b.clock.now,
  } as never);
  expect(b.signalwire.recordings.get(recordingSid(second))?.status).toBe("in-progress");
  expect(status).not.toMatchObject({ answer: { safeToCollect: true } });
});

test("a check confirms nothing as long as what a callback told of is not seen paused", async () => {
  const b = createBench({ [first]: "in-progress", [second]: "in-progress" });
  await b.directory.noteRecording(ref, recordingSid(second));
  b.signalwire.unlisted.add(second);
  b.signalwire.onUpdate = async ({ sid }, _o, apply) => (sid === second ? { kind: "unanswered" } : apply());
  b.signalwire.onLook = async () => {
    throw noAnswer();
  };
  expect(await b.handle(b.command(place("payment-1")))).toMatchObject({ kind: "pending" });
  b.signalwire.onLook = async (look) => look();
  for (const check of b.checks.takeDue()) await checkConference(b.ports, check);
  b.clock.now += 5_000;
  for (const check of b.checks.takeDue()) await checkConference(b.ports, check);
  expect(await b.facts()).not.toContain("pause-confirmed");
});

test("a call's own recording is asked for as such", async () => {
  const b = createBench({ [first]: "in-progress" });
  let isListed = true; // the agent presses the star between the looks: no participant any more
  const own = "in-progress";
  const look: Ports["signalwire"]["look"] = async (
    _ref,
    { calls = [], known = [], onSeen = () => undefined },
  ) => {
    const shown: SeenRecording[] = [
      { sid: recordingSid(first), status: b.signalwire.recordings.get(recordingSid(first))?.status ?? "" },
    ];
    const asked = known.some((one) => one.sid === ofX && one.call === X); // else GET /Conferences/…/Recordings/ofX: 404
    if (isListed || calls.includes(X) || asked) shown.push({ sid: recordingSid(ofX), status: own, call: X });
    isListed = false;
    for (const one of shown) onSeen(one);
    return { conference: "running", recordings: shown };
  };
  const update: Ports["signalwire"]["update"] = async (r, target, options) =>
    target.sid === ofX ? { kind: "unanswered" } : b.signalwire.update(r, target, options);
  const handle = createHandleCommand({ ...b.ports, signalwire: { ...b.signalwire, look, update } });
  const outcome = await handle(b.command(place("payment-1")));
  expect(own).toBe("in-progress");
  expect(outcome).not.toMatchObject({ kind: "done", answer: { safeToCollect: true } });
});

test("what a callback had paused runs again after the hold, although no list shows it", async () => {
  const b = createBench({ [first]: "in-progress" });
  await b.handle(b.command(place("payment-1")));
  b.signalwire.recordings.set(recordingSid(second), { status: "in-progress" });
  b.signalwire.unlisted.add(second);
  await tellOfSecond(b);
  expect(b.signalwire.recordings.get(recordingSid(second))?.status).toBe("paused");
  b.clock.now += 2_000;
  await b.handle(b.command(release("payment-1")));
  await pass(b, 20);
  expect(b.signalwire.recordings.get(recordingSid(second))?.status).toBe("in-progress");
});

test("and although it is listed only after the release", async () => {
  const b = createBench({ [first]: "in-progress" });
  await b.handle(b.command(place("payment-1")));
  b.signalwire.recordings.set(recordingSid(second), { status: "in-progress" });
  b.signalwire.unlisted.add(second);
  await tellOfSecond(b);
  b.clock.now += 2_000;
  await b.handle(b.command(release("payment-1")));
  b.signalwire.unlisted.clear();
  await pass(b, 20);
  expect(b.signalwire.recordings.get(recordingSid(second))?.status).toBe("in-progress");
});

test("a release resumes what no list shows", async () => {
  const b = createBench({ [first]: "in-progress", [second]: "in-progress" });
  await b.handle(b.command(place("payment-1")));
  b.signalwire.unlisted.add(second);
  const outcome = await b.handle(b.command(release("payment-1")));
  expect(outcome).toMatchObject({ kind: "done" });
  expect(b.signalwire.recordings.get(recordingSid(second))?.status).toBe("in-progress");
});

test("a recording that starts behind a stop is stopped in the end", async () => {
  const b = createBench({ [first]: "in-progress" });
  await b.handle(b.command({ type: "stop" }));
  await pass(b, 6);
  b.signalwire.recordings.set(recordingSid(second), { status: "in-progress" });
  b.signalwire.onUpdate = async () => ({ kind: "unanswered" });
  await tellOfSecond(b);
  b.signalwire.onUpdate = async (_t, _o, apply) => apply();
  await pass(b, 6);
  expect(b.signalwire.recordings.get(recordingSid(second))?.status).toBe("stopped");
});

test("a stop of a named recording reaches it although only the first look showed it", async () => {
  const b = createBench({ [first]: "in-progress", [second]: "in-progress" });
  b.signalwire.onLook = async (look) => {
    const shown = look();
    b.signalwire.unlisted.add(second);
    return shown;
  };
  const outcome = await b.handle(b.command({ type: "stop" }, { recording: recordingSid(second) }));
  expect(outcome).toMatchObject({ kind: "done" });
  expect(b.signalwire.recordings.get(recordingSid(second))).toEqual({ status: "stopped" });
});

test("nothing goes on behind a callback that failed", async () => {
  const b = createBench({ [first]: "in-progress" });
  let noted = false;
  b.directory.hooks.before = async () => {
    await turns();
    noted = true;
  };
  b.ledger.hooks.before = () => {
    throw new Error("down");
  };
  await expect(tellOfSecond(b)).rejects.toThrow();
  expect(noted).toBe(true);
});

test("a recording that SignalWire does not show at all is asked to pause once, although a callback told of it too", async () => {
  const b = createBench({ [first]: "in-progress" });
  await b.directory.noteRecording(ref, recordingSid(second));
  await b.handle(b.command(place("payment-1")));
  b.signalwire.sent.length = 0;
  await b.handle(b.command(place("payment-2")));
  expect(b.signalwire.sent.toSorted()).toEqual([`${first} paused`, `${second} paused`]);
});
