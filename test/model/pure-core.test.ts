import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Command, Operation } from "../../functions/recording/command.ts";
import { type ConferenceState, nothingYet } from "../../functions/recording/conference.ts";
import { decide } from "../../functions/recording/decide.ts";
import { evolve } from "../../functions/recording/evolve.ts";
import { activeHolds, wantedOverall } from "../../functions/recording/wanted.ts";
import { policy, ref } from "../flow/bench.ts";
import { heldByModel, type ModelOperation, wantedByModel } from "./holds-model.ts";

const start = Date.parse("2026-11-23T15:46:00.000Z");

function operationOf(operation: ModelOperation): Operation {
  if (operation.type === "stop") return { type: "stop" };
  const time = { at: start + operation.at * 1_000, clock: "sender" } as const;
  return operation.type === "place"
    ? { type: "place-hold", hold: operation.hold, reason: "consult", time }
    : { type: "release-hold", hold: operation.hold, time };
}

const commandOf = (operation: Operation): Command => ({
  project: ref.project,
  target: { by: "conference", conference: ref.conference },
  source: "signal:payments",
  operation,
  cause: { source: "signal:payments", request: "r" },
  receivedAt: start,
});

/** The state after one more command, as the joining files write it. */
function after(state: ConferenceState, operation: ModelOperation): ConferenceState {
  const { facts } = decide(state, commandOf(operationOf(operation)), policy);
  return facts.length === 0 ? state : evolve(state, { position: state.position + 1, at: start, facts });
}

const afterEvery = (operations: readonly ModelOperation[]) => operations.reduce(after, nothingYet);

const heldOf = (state: ConferenceState) =>
  activeHolds(state)
    .map(([, { id }]) => id)
    .sort();

const hold = fc.constantFrom("a", "b", "c");
const at = fc.integer({ min: 0, max: 5 });
const operation: fc.Arbitrary<ModelOperation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("place"), hold, at }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constant("release"), hold, at }) },
  { weight: 1, arbitrary: fc.constant({ type: "stop" as const }) },
);

/** Every order of the items. */
function* permutations<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length <= 1) yield items;
  for (const [index, item] of items.entries()) {
    const others = [...items.slice(0, index), ...items.slice(index + 1)];
    for (const rest of permutations(others)) if (items.length > 1) yield [item, ...rest];
  }
}

type Model = { readonly done: ModelOperation[] };
type Real = { state: ConferenceState };

/** One delivery, held against the model after it. */
class Deliver implements fc.Command<Model, Real> {
  readonly operation: ModelOperation;
  constructor(operation: ModelOperation) {
    this.operation = operation;
  }
  check = () => true;
  run(model: Model, real: Real): void {
    const before = real.state;
    real.state = after(before, this.operation);
    const wasStopped = wantedByModel(model.done) === "stopped";
    // After a stop nothing is placed or released any more: the books are closed.
    if (!wasStopped) model.done.push(this.operation);
    expect(wantedOverall(real.state)).toBe(wantedByModel(model.done));
    const isStopped = wantedByModel(model.done) === "stopped";
    if (!isStopped) expect(heldOf(real.state)).toEqual(heldByModel(model.done));
  }
  toString = () => JSON.stringify(this.operation);
}

/** The delivery before, once more: it changes nothing that is wanted. */
class DeliverAgain implements fc.Command<Model, Real> {
  readonly which: number;
  constructor(which: number) {
    this.which = which;
  }
  check = (model: Readonly<Model>) => model.done.length > 0;
  run(model: Model, real: Real): void {
    const operation = model.done[this.which % model.done.length] as ModelOperation;
    const held = heldOf(real.state);
    real.state = after(real.state, operation);
    expect(heldOf(real.state)).toEqual(held);
    expect(wantedOverall(real.state)).toBe(wantedByModel(model.done));
  }
  toString = () => `again ${this.which}`;
}

describe("the pure core", () => {
  test("is as the model says after every delivery, whatever its order", () => {
    const commands = fc.commands(
      [operation.map((one) => new Deliver(one)), fc.nat(20).map((which) => new DeliverAgain(which))],
      { maxCommands: 12 },
    );
    fc.assert(
      fc.property(commands, (deliveries) => {
        fc.modelRun(() => ({ model: { done: [] }, real: { state: nothingYet } }), deliveries);
      }),
      { numRuns: 10_000 },
    );
  });

  test("wants the same after every permutation of up to six operations", () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 6 }), (operations) => {
        const wanted = wantedByModel(operations);
        for (const order of permutations(operations)) {
          expect(wantedOverall(afterEvery(order)), JSON.stringify(order)).toBe(wanted);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("wants the same after all 720 orders of two holds placed, released and placed anew", () => {
    const operations: readonly ModelOperation[] = [
      { type: "place", hold: "a", at: 1 },
      { type: "release", hold: "a", at: 2 },
      { type: "place", hold: "a", at: 2 },
      { type: "place", hold: "b", at: 3 },
      { type: "release", hold: "b", at: 4 },
      { type: "release", hold: "a", at: 1 },
    ];
    const held = [...permutations(operations)].map((order) => heldOf(afterEvery(order)).join());
    expect(held).toHaveLength(720);
    expect(new Set(held)).toEqual(new Set(["a"]));
  });
});
