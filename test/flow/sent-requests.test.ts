import { expect, test } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import type { SentRequest } from "../../functions/recording/facts.ts";
import { type Bench, createBench, first, place, ref, release, second, start } from "./bench.ts";

/** What each entry says was on the wire: "<recording> <status> <milliseconds since the start>". */
async function wireOf({ ledger }: Bench): Promise<readonly (readonly string[])[]> {
  const entries = await ledger.entries(ref);
  const line = ({ recording, to, at }: SentRequest) => `${recording.slice(-1)} ${to} ${at - start}`;
  return entries.map(({ facts }) =>
    facts.flatMap((fact) => (fact.type === "requests-sent" ? fact.requests.map(line) : [])),
  );
}

/** Each request leaves 20 ms after the one before; the first 150 ms pass while the pause would wait for the ledger at most. */
function slowly(bench: Bench): Bench {
  const { signalwire, clock } = bench;
  const { update } = signalwire;
  signalwire.update = (of, recording, options) => {
    clock.now += 20;
    return update(of, recording, options);
  };
  return bench;
}

test("a pause is in the ledger with the time at which it left, beside the look that saw it", async () => {
  const bench = slowly(createBench({ [first]: "in-progress", [second]: "in-progress" }));
  await bench.handle(bench.command(place("payment-1")));
  expect(await wireOf(bench)).toEqual([[], ["1 paused 170", "2 paused 190"]]);
});

test("a pause that does not wait for its hold's entry is in that entry", async () => {
  const bench = slowly(createBench({ [first]: "in-progress" }));
  await bench.handle(bench.command(place("payment-1")));
  await bench.handle(bench.command(place("payment-2")));
  const [, , placedAgain] = await wireOf(bench);
  expect(placedAgain).toEqual(["1 paused 190"]);
});

test("a resume and a stop are told like a pause", async () => {
  const bench = slowly(createBench({ [first]: "in-progress" }));
  await bench.handle(bench.command(place("payment-1")));
  await bench.handle(bench.command(release("payment-1")));
  await bench.handle(bench.command({ type: "stop" }));
  const all = (await wireOf(bench)).flat();
  expect(all).toEqual(["1 paused 170", "1 in-progress 190", "1 stopped 210"]);
});

test("what a check sends is told by the check", async () => {
  const bench = slowly(createBench({ [first]: "in-progress" }));
  await bench.handle(bench.command(place("payment-1")));
  bench.signalwire.recordings.forEach((recording) => {
    recording.status = "in-progress";
  });
  bench.clock.now += 30_000;
  const [queued] = bench.checks.sent;
  if (queued === undefined) throw new Error("a command queues a check");
  await checkConference(bench.ports, queued.check);
  const wire = await wireOf(bench);
  expect(wire.flat()).toEqual(["1 paused 170", "1 paused 30190"]);
});

test("what was sent while another took the position is in the entry behind it, once", async () => {
  const bench = slowly(createBench({ [first]: "in-progress" }));
  await bench.handle(bench.command(place("payment-1")));
  const [one, other] = [place("payment-2"), place("payment-3")];
  await Promise.all([bench.handle(bench.command(one)), bench.handle(bench.command(other))]);
  const all = (await wireOf(bench)).flat();
  expect(all.length).toBe(new Set(all).size);
  expect(all.length).toBe(bench.signalwire.sent.length);
});

test("what was sent stands behind what was decided and before what was seen", async () => {
  const bench = slowly(createBench({ [first]: "in-progress" }));
  await bench.handle(bench.command(place("payment-1")));
  await bench.handle(bench.command(place("payment-2")));
  const types = (await bench.ledger.entries(ref)).map(({ facts }) => facts.map(({ type }) => type));
  expect(types).toEqual([
    ["hold-placed"],
    ["requests-sent", "recordings-seen", "pause-confirmed"],
    ["hold-placed", "requests-sent"],
    ["recordings-seen", "pause-confirmed"],
  ]);
});

test("no entry is written for it alone", async () => {
  const bench = slowly(createBench({ [first]: "in-progress" }));
  bench.signalwire.onUpdate = async () => ({ kind: "unanswered" });
  await bench.handle(bench.command(place("payment-1")));
  for (const { facts } of await bench.ledger.entries(ref))
    expect(facts.some(({ type }) => type !== "requests-sent")).toBe(true);
});
