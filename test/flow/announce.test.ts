import { expect, test } from "vitest";
import { createAnnounce } from "../../functions/announce.ts";
import type { Command, Operation } from "../../functions/recording/command.ts";
import { noAnswer } from "../fakes/fake-signalwire.ts";
import { createBench, first, place, ref, release } from "./bench.ts";

/** Commands that are carried out and announced, in virtual time; `said` is what the conference was told. */
function announcing() {
  const bench = createBench({ [first]: "in-progress" });
  const said: string[] = [];
  const announce = createAnnounce({
    ...bench.ports,
    announce: async ({ conference }, url, deadline) => {
      said.push(`${conference === ref.conference ? "" : conference}${url} by ${deadline - bench.clock.now}`);
    },
  });
  const urlOf = (what: string) => what;
  const carryOut = async (operation: Operation, more: Partial<Command> = {}) => {
    bench.clock.now += 1_000;
    const command = bench.command(operation, more);
    const outcome = await bench.handle(command);
    await announce(command, outcome, { urlOf, deadline: bench.clock.now + 500 });
    return outcome;
  };
  return { ...bench, said, announce, carryOut };
}

test("a confirmed pause and a confirmed resume are announced, each once", async () => {
  const { carryOut, said } = announcing();
  await carryOut(place("a"));
  expect(said).toEqual(["paused by 500"]);
  await carryOut(release("a"));
  expect(said).toEqual(["paused by 500", "resumed by 500"]);
});

test("what is asked again is not announced again", async () => {
  const { carryOut, said } = announcing();
  await carryOut(place("a"));
  expect(await carryOut(place("a"))).toMatchObject({ kind: "done", answer: { safeToCollect: true } });
  await carryOut(release("a"));
  expect(await carryOut(release("a"))).toMatchObject({ kind: "done", answer: { wanted: "in-progress" } });
  expect(said).toEqual(["paused by 500", "resumed by 500"]);
});

test("a release that leaves another hold active is not announced", async () => {
  const { carryOut, said } = announcing();
  await carryOut(place("a"));
  await carryOut(place("b"));
  said.length = 0;
  await carryOut(release("a"));
  expect(said).toEqual([]);
});

test("a pause that is not confirmed is not announced", async () => {
  const { carryOut, said, signalwire } = announcing();
  signalwire.onUpdate = async () => ({ kind: "accepted", status: "paused" });
  expect(await carryOut(place("a"))).toMatchObject({ kind: "pending" });
  expect(said).toEqual([]);
});

test("a resume that is not confirmed is not announced", async () => {
  const { carryOut, said, signalwire } = announcing();
  await carryOut(place("a"));
  signalwire.onLook = async () => Promise.reject(noAnswer());
  expect((await carryOut(release("a"))).kind).not.toBe("done");
  expect(said).toEqual(["paused by 500"]);
});

test("a stop is not announced", async () => {
  const { carryOut, said } = announcing();
  expect(await carryOut({ type: "stop" })).toMatchObject({ kind: "done" });
  expect(said).toEqual([]);
});

test("what became known too late is not sent", async () => {
  const { announce, handle, command, said, clock } = announcing();
  const placing = command(place("a"));
  const outcome = await handle(placing);
  await announce(placing, outcome, { urlOf: (what) => what, deadline: clock.now });
  expect(said).toEqual([]);
});
