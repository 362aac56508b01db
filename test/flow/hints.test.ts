import { describe, expect, test } from "vitest";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import type { Command, Operation } from "../../functions/recording/command.ts";
import { recordingSid, room } from "../../functions/recording/ids.ts";
import { conference, createBench, first, place, project, ref, release, second, start } from "./bench.ts";

// What callbacks told of is paused without a look, and a pressed digit does not even wait for the ledger.

const support = room("support");
const inRoom: Partial<Command> = { target: { by: "room", room: support } };
const pressed: Operation = { ...place("call:1"), time: { at: start, clock: "receipt" } } as Operation;

async function hinting(recordings: Readonly<Record<string, string>>, noted: readonly string[] = [first]) {
  const bench = createBench(recordings);
  for (const sid of noted) {
    await createHandleCallback(bench.ports)({
      project,
      conference,
      room: support,
      event: "recording-started",
      recording: recordingSid(sid),
      request: "gw-1",
      receivedAt: start,
    });
  }
  /** What happened, in its order. */
  const order: string[] = [];
  bench.ledger.hooks.before = ({ operation }) => void order.push(operation);
  bench.directory.hooks.before = ({ key }) => void order.push(`directory ${key.split("#")[1]}`);
  bench.signalwire.onLook = async (look) => {
    order.push("look");
    return look();
  };
  bench.signalwire.onUpdate = async ({ sid }, { to }, apply) => {
    order.push(`${sid} ${to}`);
    return apply();
  };
  return { ...bench, order };
}

describe("a digit pressed in a room", () => {
  test("pauses the recording that a callback told of behind one round trip to AWS", async () => {
    const { handle, command, order, facts } = await hinting({ [first]: "in-progress" });
    expect(await handle(command(pressed, inRoom))).toMatchObject({ kind: "done" });
    expect(order.slice(0, 3).toSorted()).toEqual([`${first} paused`, "directory room", "newest"].toSorted());
    expect(order.filter((what) => what === `${first} paused`)).toHaveLength(1);
    expect(await facts()).toEqual(["hold-placed", "recordings-seen", "pause-confirmed"]);
  });

  test("is not kept waiting by a ledger that never answers", async () => {
    const { handle, command, ledger, signalwire } = await hinting({ [first]: "in-progress" });
    ledger.hooks.before = () => Promise.reject(new Error("down"));
    expect(await handle(command(pressed, inRoom))).toEqual({ kind: "unavailable", why: "ledger" });
    expect(signalwire.sent[0]).toBe(`${first} paused`);
  });

  test("pauses what no callback told of as well", async () => {
    const both = { [first]: "in-progress", [second]: "in-progress" };
    const { handle, command, signalwire } = await hinting(both);
    const outcome = await handle(command(pressed, inRoom));
    expect(outcome).toMatchObject({ kind: "done", answer: { safeToCollect: true } });
    expect(signalwire.sent).toEqual([`${first} paused`, `${second} paused`]);
  });

  test("concerns the named recording alone", async () => {
    const both = { [first]: "in-progress", [second]: "in-progress" };
    const { handle, command, signalwire } = await hinting(both, [first, second]);
    await handle(command(pressed, { ...inRoom, recording: recordingSid(second) }));
    expect(new Set(signalwire.sent)).toEqual(new Set([`${second} paused`]));
  });

  test("leaves no trace in a conference that is over, and finds the one that the room is now", async () => {
    const { handle, command, ledger, signalwire } = await hinting({ [first]: "in-progress" });
    await handle(command(place("payment-1")));
    signalwire.conference = "over";
    signalwire.recordings.set(recordingSid(first), { status: "completed" });
    await handle(command(place("payment-2")));
    const before = (await ledger.entries(ref)).length;
    expect(await handle(command(pressed, inRoom))).toMatchObject({
      kind: "refused",
      why: "conference-over",
    });
    expect(await ledger.entries(ref)).toHaveLength(before);
  });
});

describe("a directory that does not answer", () => {
  test("keeps no pause waiting: SignalWire is asked for the room instead", async () => {
    const { handle, command, directory, signalwire, clock } = await hinting({ [first]: "in-progress" });
    directory.hooks.before = () => new Promise(() => {});
    signalwire.rooms = [conference];
    void handle(command(pressed, inRoom));
    for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
    expect(signalwire.sent).toEqual([`${first} paused`]);
    expect(clock.now - start).toBeLessThan(500);
  });
});

describe("a signal", () => {
  test("about a conference pauses what a callback told of behind the ledger's answer, before any look", async () => {
    const { handle, command, order } = await hinting({ [first]: "in-progress" });
    await handle(command(place("payment-1")));
    expect(order.indexOf(`${first} paused`)).toBeLessThan(order.indexOf("look"));
    expect(order.slice(0, 2).toSorted()).toEqual(["directory recordings", "newest"]);
  });

  test("that is late pauses nothing, not even for a moment", async () => {
    const { handle, command, signalwire } = await hinting({ [first]: "in-progress" });
    await handle(command(release("payment-1", start + 1_000)));
    const late = command(place("payment-1", start), inRoom);
    expect(await handle(late)).toEqual({ kind: "refused", why: "stale-pause" });
    expect(signalwire.sent).toEqual([]);
  });

  test("is not kept waiting by a directory that does not answer", async () => {
    const { handle, command, directory, signalwire } = await hinting({ [first]: "in-progress" });
    directory.hooks.before = () => new Promise(() => {});
    expect(await handle(command(place("payment-1")))).toMatchObject({ kind: "done" });
    expect(signalwire.sent).toEqual([`${first} paused`]);
  });
});

test("a recording that starts under a hold is paused although the directory cannot be written, and the callback is repeated", async () => {
  const { handle, command, ports, signalwire, directory } = createBench({ [first]: "in-progress" });
  await handle(command(place("payment-1")));
  signalwire.recordings.set(recordingSid(second), { status: "in-progress" });
  directory.hooks.before = () => {
    throw new Error("down");
  };
  const callback = {
    project,
    conference,
    event: "recording-started",
    recording: recordingSid(second),
    request: "gw-1",
    receivedAt: start,
  } as const;
  await expect(createHandleCallback(ports)(callback)).rejects.toMatchObject({ name: "LedgerFailure" });
  expect(signalwire.recordings.get(recordingSid(second))).toEqual({ status: "paused" });
});
