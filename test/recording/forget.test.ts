import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import type { Command, Operation } from "../../functions/recording/command.ts";
import { type ConferenceState, nothingYet } from "../../functions/recording/conference.ts";
import { decide } from "../../functions/recording/decide.ts";
import { evolve } from "../../functions/recording/evolve.ts";
import { forgetting } from "../../functions/recording/forget.ts";
import { conferenceSid, projectId } from "../../functions/recording/ids.ts";
import { policy } from "../flow/bench.ts";
import { start } from "./states.ts";

const minute = 60_000;
const command = (operation: Operation, source: Command["source"] = "signal:payments"): Command => ({
  project: projectId("11111111-1111-4111-8111-111111111111"),
  target: { by: "conference", conference: conferenceSid("22222222-2222-4222-8222-222222222222") },
  source,
  operation,
  cause: { source, request: "msg_1" },
  receivedAt: start,
});
const place = (hold: string, at: number, clock: "sender" | "receipt" = "sender"): Operation => ({
  type: "place-hold",
  hold,
  reason: "consult",
  time: { at, clock },
});
const release = (hold: string, at: number): Operation => ({
  type: "release-hold",
  hold,
  time: { at, clock: "sender" },
});

/** As a command does it: what was decided, and what may be forgotten, in one entry. */
function take(state: ConferenceState, one: Command): ConferenceState {
  const { facts } = decide(state, one, policy);
  const all = facts.length === 0 ? facts : [...facts, ...forgetting(state)];
  return evolve(state, { position: state.position + 1, at: start, facts: all });
}

/** `count` holds, one a minute, each released half a minute later. */
function afterHolds(count: number, source: Command["source"] = "signal:payments"): ConferenceState {
  let state = nothingYet;
  for (let index = 0; index < count; index += 1) {
    state = take(state, command(place(`hold-${index}`, start + index * minute), source));
    state = take(state, command(release(`hold-${index}`, start + index * minute + minute / 2), source));
  }
  return state;
}
const tombstones = (state: ConferenceState): number => Object.keys(state.tombstones).length;

describe("holds that have ended", () => {
  test("are each remembered while they are few", () => {
    expect(tombstones(afterHolds(150))).toBe(150);
    expect(afterHolds(150).forgottenUpTo).toBeUndefined();
  });

  test("never make the state grow beyond the last hour and a hundred more", () => {
    let largest = 0;
    for (const count of [200, 500, 1_000, 2_000]) largest = Math.max(largest, tombstones(afterHolds(count)));
    expect(largest).toBeLessThanOrEqual(60 + 100 + 1);
  });

  test("of the last hour are all remembered, however many there are", () => {
    let state = nothingYet;
    for (let index = 0; index < 1_000; index += 1) {
      state = take(state, command(release(`hold-${index}`, start + index * 3_000)));
    }
    expect(tombstones(state)).toBe(1_000);
  });

  test("are forgotten for each source by its own clock", () => {
    const lagging = afterHolds(200, "signal:lagging");
    const day = 24 * 60 * minute;
    const state = take(lagging, command(place("new", start + day), "signal:payments"));
    expect(Object.keys(state.forgottenUpTo ?? {})).toEqual(["signal:lagging"]);
    expect(decide(state, command(place("next", start), "signal:payments"), policy).kind).toBe("go");
  });
});

describe("where ended holds were forgotten", () => {
  const state = afterHolds(300);

  test.each([0, 1, 99])("the placement of hold %i, delivered late, is stale as it was before", (index) => {
    const decision = decide(state, command(place(`hold-${index}`, start + index * minute)), policy);
    expect(decision).toEqual({
      kind: "refused",
      why: "stale-pause",
      facts: [
        {
          type: "operation-ignored",
          operation: "place",
          why: "older-than-remembered",
          key: `signal:payments/hold-${index}`,
          at: start + index * minute,
        },
      ],
    });
  });

  test("a new hold is placed, also one whose delivery took half an hour", () => {
    const now = start + 300 * minute;
    expect(decide(state, command(place("new", now)), policy).kind).toBe("go");
    expect(decide(state, command(place("slow", now - 30 * minute)), policy).kind).toBe("go");
  });

  test("a placement by our own clock is never stale", () => {
    expect(decide(state, command(place("operator", start, "receipt")), policy).kind).toBe("go");
  });

  test("an old hold that is active stays, and its release releases it", () => {
    const old = take(nothingYet, command(place("old", start - minute)));
    let now = old;
    for (let index = 0; index < 300; index += 1) {
      now = take(now, command(release(`hold-${index}`, start + index * minute)));
    }
    expect(now.forgottenUpTo).toBeDefined();
    expect(Object.keys(now.holds)).toEqual(["signal:payments/old"]);
    expect(take(now, command(release("old", start))).holds).toEqual({});
    expect(decide(now, command(place("old", start - minute)), policy)).toMatchObject({
      facts: [{ why: "duplicate" }],
    });
  });
});

const delivered = fc.record({
  hold: fc.nat(300),
  what: fc.constantFrom<"place" | "release">("place", "release"),
  lateBy: fc.nat(300),
});
property.prop([fc.array(delivered, { minLength: 1, maxLength: 60 })], { numRuns: 200 })(
  "a delivery of what was released long ago, in whatever order, holds nothing again",
  (deliveries) => {
    let state = afterHolds(301);
    for (const { hold, what, lateBy } of deliveries) {
      state = take(
        state,
        command(
          what === "place"
            ? place(`hold-${hold}`, start + hold * minute)
            : release(`hold-${hold}`, start + hold * minute + minute / 2),
        ),
      );
      // Meanwhile others come and go.
      state = take(state, command(release(`later-${lateBy}`, start + (301 + lateBy) * minute)));
    }
    expect(state.holds).toEqual({});
  },
);
