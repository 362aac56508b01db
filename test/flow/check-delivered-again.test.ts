import { expect, test } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import type { Check } from "../../functions/ledger/ledger.ts";
import type { Operation } from "../../functions/recording/command.ts";
import { createBench, first, place, release } from "./bench.ts";

type Message = { readonly id: string; readonly check: Check; dueAt: number; deliveries: number };

/** A queue that delivers again, ten times at most, what was not done within 45 seconds. */
function queueOver(bench: ReturnType<typeof createBench>) {
  let messages: Message[] = [];
  let ids = 0;
  const wait = { most: 0, deliveries: 0 };
  const take = () => {
    bench.clock.now += 0;
    for (const check of bench.checks.sent.slice(ids)) {
      ids += 1;
      messages.push({ id: `m-${ids}`, check: check.check, dueAt: check.dueAt, deliveries: 0 });
    }
  };
  return {
    wait,
    waiting: () => messages.length,
    async pass(seconds: number): Promise<void> {
      take();
      for (const end = bench.clock.now + seconds * 1_000; bench.clock.now < end; ) {
        const next = messages.toSorted((a, b) => a.dueAt - b.dueAt)[0];
        if (next === undefined || next.dueAt > end) {
          bench.clock.now = end;
          return;
        }
        bench.clock.now = Math.max(bench.clock.now, next.dueAt);
        next.deliveries += 1;
        wait.deliveries += 1;
        const delivery = { message: next.id, count: next.deliveries };
        const isDone = await checkConference(bench.ports, next.check, delivery).then(
          () => true,
          () => false,
        );
        next.dueAt = bench.clock.now + 45_000;
        messages = messages.filter((one) => one !== next || !(isDone || one.deliveries === 10));
        take();
        wait.most = Math.max(wait.most, messages.length);
        if (wait.deliveries > 20_000) throw new Error(`${messages.length} checks are waiting`);
      }
    },
  };
}

test("a queue that takes checks and does not say so is not full of them when it has recovered", async () => {
  const bench = createBench({ [first]: "in-progress" });
  const { pass, wait, waiting } = queueOver(bench);
  await bench.handle(bench.command(place("payment-1")));
  bench.checks.hooks.after = () => {
    throw new Error("the answer was lost");
  };
  await pass(600);
  bench.checks.hooks.after = () => undefined;
  await pass(200);
  wait.deliveries = 0;
  await pass(60);
  // One chain, and messages of the bad time that come back once more and end.
  expect(wait.deliveries).toBeLessThan(20);
  await pass(500);
  expect(waiting()).toBe(1);
});

test.each([
  ["that was queued although its sender was not told", "after"],
  ["that was queued at the second attempt", "before"],
] as const)("a check %s watches the hold to its end, alone", async (_, hook) => {
  const bench = createBench({ [first]: "in-progress" });
  const { pass, wait, waiting } = queueOver(bench);
  let failures = 1;
  bench.checks.hooks[hook] = () => {
    failures -= 1;
    if (failures >= 0) throw new Error("no answer");
  };
  const brief = { ...place("payment-1"), expiresInSeconds: 600 } as Operation;
  await bench.handle(bench.command(brief));
  expect(bench.alarms).toEqual(["check-not-queued"]);
  await pass(120);
  wait.deliveries = 0;
  await pass(60);
  expect([waiting(), wait.deliveries]).toEqual([1, 2]);
  await pass(430);
  expect(bench.signalwire.recordings.get(first as never)?.status).toBe("in-progress");
  await pass(120);
  expect(waiting()).toBe(0);
});

test("the watch goes on where the process dies behind the renewal", async () => {
  const bench = createBench({ [first]: "in-progress" });
  const { pass, waiting } = queueOver(bench);
  await bench.handle(bench.command(place("payment-1")));
  let failures = 3;
  bench.checks.hooks.before = () => {
    failures -= 1;
    if (failures >= 0) throw new Error("nothing was queued");
  };
  await pass(300);
  bench.signalwire.recordings.set(first as never, { status: "resumed" });
  await pass(60);
  expect(bench.signalwire.recordings.get(first as never)?.status).toBe("paused");
  await bench.handle(bench.command(release("payment-1", bench.clock.now)));
  await pass(300);
  expect(waiting()).toBe(0);
});

test("checks do not multiply where a recording cannot be paused and the queue does not say what it takes", async () => {
  const bench = createBench({ [first]: "in-progress" });
  bench.signalwire.onUpdate = async () => ({ kind: "refused", httpStatus: 400 });
  const { pass, wait } = queueOver(bench);
  await bench.handle(bench.command(place("payment-1")));
  bench.checks.hooks.after = () => {
    throw new Error("the answer was lost");
  };
  await pass(300);
  bench.checks.hooks.after = () => undefined;
  await pass(200);
  wait.deliveries = 0;
  await pass(60);
  expect(wait.deliveries).toBeLessThan(20);
});

test("commands that ask again while a recording cannot be paused leave one chain", async () => {
  const bench = createBench({ [first]: "in-progress" });
  bench.signalwire.onUpdate = async () => ({ kind: "refused", httpStatus: 400 });
  const { pass, waiting } = queueOver(bench);
  for (let time = 0; time < 10; time += 1) await bench.handle(bench.command(place("payment-1")));
  await pass(300);
  expect(waiting()).toBe(1);
});

test("a check in doubt that did come goes on although a later one is in doubt and never comes", async () => {
  const bench = createBench({ [first]: "in-progress" });
  const { pass } = queueOver(bench);
  const brief = { ...place("payment-1"), expiresInSeconds: 60 } as Operation;
  let sends = 0;
  bench.checks.hooks.before = () => {
    sends += 1;
    if (sends > 1) throw new Error("nothing was queued");
  };
  bench.checks.hooks.after = () => {
    throw new Error("the answer was lost");
  };
  await bench.handle(bench.command(brief));
  await bench.handle(bench.command(brief));
  bench.checks.hooks.before = () => undefined;
  bench.checks.hooks.after = () => undefined;
  await pass(300);
  expect(bench.signalwire.recordings.get(first as never)?.status).toBe("in-progress");
});
