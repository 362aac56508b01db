import { describe, expect, test } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import type { Ledger } from "../../functions/ledger/ledger.ts";
import type { Ports } from "../../functions/ports.ts";
import type { Command } from "../../functions/recording/command.ts";
import { recordingSid } from "../../functions/recording/ids.ts";
import { noAnswer } from "../fakes/fake-signalwire.ts";
import { type Bench, createBench, first, place, ref, release, second, start } from "./bench.ts";

const status = (bench: Bench) => bench.signalwire.recordings.get(recordingSid(first))?.status;
const turns = async () => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A process whose `nth` call of `name` is held back until `goOn`. */
function slow(bench: Bench, name: "append" | "newest", nth: number) {
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let calls = 0;
  const { ledger } = bench.ports;
  const late = async () => {
    calls += 1;
    if (calls === nth) await held;
  };
  const slowed: Ledger = {
    ...ledger,
    newest: async (one) => {
      if (name === "newest") await late();
      return ledger.newest(one);
    },
    append: async (entry, before) => {
      if (name === "append") await late();
      return ledger.append(entry, before);
    },
  };
  const ports: Ports = { ...bench.ports, ledger: slowed };
  const begin = async (command: Command) => {
    const outcome = createHandleCommand(ports)(command);
    await turns();
    return { outcome };
  };
  return { begin, goOn: () => goOn() };
}

describe("a look that is older than what it is held against", () => {
  test("confirms no hold that was found not to hold since", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    const process = slow(bench, "newest", 2);
    const { outcome } = await process.begin(bench.command(place("payment-1")));
    bench.signalwire.recordings.set(recordingSid(first), { status: "resumed" });
    bench.signalwire.onUpdate = async () => ({ kind: "unanswered" });
    await checkConference(bench.ports, { ...ref, chain: "another", hop: 0 });
    expect(await bench.facts()).toContain("found-running");
    process.goOn();
    expect(await outcome).toMatchObject({
      kind: "pending",
      answer: { confirmed: false, safeToCollect: false },
    });
    expect(status(bench)).toBe("resumed");
  });

  test("finds nothing running under a hold that was placed and confirmed since", async () => {
    const bench = createBench({ [first]: "in-progress" });
    const process = slow(bench, "append", 2);
    const { outcome } = await process.begin(bench.command(release("unknown")));
    expect(await bench.handle(bench.command(place("payment-1")))).toMatchObject({ kind: "done" });
    process.goOn();
    await outcome;
    expect(bench.alarms).toEqual([]);
    expect(await bench.facts()).not.toContain("found-running");
  });

  test("finds nothing running under a hold that was confirmed anew since", async () => {
    const bench = createBench({ [first]: "in-progress" });
    await bench.handle(bench.command(place("payment-1")));
    bench.signalwire.recordings.set(recordingSid(first), { status: "in-progress" });
    const process = slow(bench, "append", 2);
    const { outcome } = await process.begin(bench.command(release("unknown")));
    await bench.handle(bench.command(release("payment-1")));
    bench.clock.now += 1_000;
    const again = await bench.handle(bench.command(place("payment-1", start + 2_000)));
    expect(again).toMatchObject({ kind: "done" });
    process.goOn();
    await outcome;
    expect(await bench.facts()).not.toContain("found-running");
  });

  test("does not make a pause of ours somebody else's", async () => {
    const bench = createBench({ [first]: "in-progress" });
    const process = slow(bench, "append", 2);
    const { outcome } = await process.begin(bench.command(release("unknown")));
    await bench.handle(bench.command(place("payment-1")));
    // Its release is in the ledger, and dies before it has looked.
    bench.signalwire.onLook = () => new Promise(() => {});
    void bench.handle(bench.command(release("payment-1")));
    await turns();
    bench.signalwire.onLook = async (look) => look();
    process.goOn();
    await outcome;
    await bench.handle(bench.command(release("payment-1")));
    expect(status(bench)).toBe("in-progress");
    expect(bench.alarms).toEqual([]);
  });
});

test("a pause that went out before a release won the race for its place is undone", async () => {
  const bench = createBench({ [first]: "in-progress" });
  await bench.handle(bench.command(release("unknown")));
  const process = slow(bench, "append", 1);
  const { outcome } = await process.begin(bench.command(place("payment-1")));
  expect(status(bench)).toBe("paused");
  bench.signalwire.onLook = () => new Promise(() => {});
  void bench.handle(bench.command(release("payment-1")));
  await turns();
  bench.signalwire.onLook = async (look) => look();
  process.goOn();
  expect(await outcome).toMatchObject({ kind: "refused", why: "stale-pause" });
  expect(status(bench)).toBe("in-progress");
});

test("nothing goes on behind a refusal", async () => {
  const bench = createBench({ [first]: "in-progress" });
  let isQueued = false;
  const send = async () => {
    await turns();
    isQueued = true;
  };
  bench.signalwire.onLook = async () => Promise.reject(noAnswer());
  const outcome = await createHandleCommand({ ...bench.ports, checks: { send } })(
    bench.command(place("payment-1"), { recording: recordingSid(first) }),
  );
  expect(outcome).toEqual({ kind: "unavailable", why: "signalwire" });
  expect(isQueued).toBe(true);
});

test("a recording that is known to run and is in no list is paused, and nothing is confirmed before it is seen paused", async () => {
  const { handle, command, signalwire } = createBench({ [first]: "in-progress", [second]: "in-progress" });
  await handle(command(place("payment-1")));
  await handle(command(release("payment-1")));
  signalwire.unlisted.add(second);
  signalwire.onUpdate = async ({ sid }, _options, apply) =>
    sid === second ? { kind: "accepted", status: "paused" } : apply();
  const outcome = await handle(command(place("payment-2")));
  expect(outcome).toMatchObject({ kind: "pending", answer: { confirmed: false, safeToCollect: false } });
  expect(signalwire.recordings.get(recordingSid(second))).toEqual({ status: "in-progress" });
});

test("a recording that a callback told of and that is in no list has to be seen paused as well", async () => {
  const { handle, command, signalwire, directory } = createBench({
    [first]: "in-progress",
    [second]: "in-progress",
  });
  await directory.noteRecording(ref, recordingSid(second));
  signalwire.unlisted.add(second);
  signalwire.onUpdate = async ({ sid }, _options, apply) =>
    sid === second ? { kind: "accepted", status: "paused" } : apply();
  expect(await handle(command(place("payment-1")))).toMatchObject({ kind: "pending" });
});

test("a resume that was accepted is not over because a list leaves its recording out", async () => {
  const bench = createBench({ [first]: "in-progress" });
  const { handle, command, signalwire } = bench;
  await handle(command(place("payment-1")));
  signalwire.onUpdate = async (_target, { to }, apply) => {
    if (to === "paused") return apply();
    // It will be carried out, but not yet.
    signalwire.onLook = async () => ({ conference: "running", recordings: [] });
    return { kind: "accepted", status: "in-progress" };
  };
  await handle(command(release("payment-1")));
  expect(await bench.facts()).toContain("resume-started");
  expect(await bench.facts()).not.toContain("resume-ended");
});

test("a resume that is refused is not sent again and again without a wait", async () => {
  const b = createBench({ [first]: "in-progress" });
  await b.handle(b.command(place("payment-1")));
  b.signalwire.sent.length = 0;
  b.signalwire.onLook = async (look) => {
    b.clock.now += 60;
    return look();
  };
  b.signalwire.onUpdate = async () => {
    b.clock.now += 60;
    return { kind: "refused", httpStatus: 429 };
  };
  await b.handle(b.command(release("payment-1")));
  expect(b.signalwire.sent.length).toBeLessThan(20);
});
