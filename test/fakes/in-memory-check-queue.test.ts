import { expect, test } from "vitest";
import type { Check } from "../../functions/ledger/ledger.ts";
import { conference, project } from "../ledger/examples.ts";
import { createInMemoryCheckQueue } from "./in-memory-check-queue.ts";

const check = (hop: number): Check => ({ project, conference, chain: "chain-1", hop });

test("checks come when they are due, soonest first, and once", async () => {
  let now = 1_000_000;
  const queue = createInMemoryCheckQueue({ now: () => now });
  await queue.send(check(1), 30);
  await queue.send(check(2), 5);
  expect(queue.takeDue()).toEqual([]);
  now += 4_999;
  expect(queue.takeDue()).toEqual([]);
  now += 25_001;
  expect(queue.takeDue()).toEqual([check(2), check(1)]);
  expect(queue.takeDue()).toEqual([]);
  expect(queue.sent.map(({ dueAt }) => dueAt)).toEqual([1_030_000, 1_005_000]);
});

test.each([-1, 0.5, 901, Number.NaN])("a delay of %d seconds is refused, as SQS does", async (delay) => {
  const queue = createInMemoryCheckQueue({ now: () => 0 });
  await expect(queue.send(check(0), delay)).rejects.toThrow(RangeError);
  expect(queue.sent).toEqual([]);
});

test("a send can fail with nothing queued, or with the check queued all the same", async () => {
  const queue = createInMemoryCheckQueue({ now: () => 0 });
  const fail = () => {
    throw new Error("no answer");
  };
  queue.hooks.before = fail;
  await expect(queue.send(check(0), 0)).rejects.toThrow("no answer");
  expect(queue.waiting()).toEqual([]);
  delete queue.hooks.before;
  queue.hooks.after = fail;
  await expect(queue.send(check(1), 0)).rejects.toThrow("no answer");
  expect(queue.takeDue()).toEqual([check(1)]);
});
