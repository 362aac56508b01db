import { describe, expect, test } from "vitest";
import type { ConferenceState } from "../../functions/recording/conference.ts";
import { factsOf, type TimedLook } from "../../functions/recording/confirm.ts";
import type { Fact } from "../../functions/recording/facts.ts";
import { first, placed, released, second, seen, start, stateAfter, ticket } from "./states.ts";

const held = stateAfter([0, placed("a")]);
const look = (state: ConferenceState, more: Partial<TimedLook> = {}, ...statuses: string[]): TimedLook => ({
  look: {
    conference: "running",
    recordings: (statuses.length === 0 ? ["paused", "paused"] : statuses).map((status, index) => ({
      sid: [first, second][index] ?? first,
      status,
    })),
  },
  lookedAt: start + 100,
  seenAt: start + 160,
  state,
  doubtful: [],
  ...more,
});
const confirmations = (timed: TimedLook, newest = timed.state): readonly Fact[] =>
  factsOf(timed, newest).filter(({ type }) => type === "pause-confirmed");

const confirmedA: Fact = {
  type: "pause-confirmed",
  key: "signal:payments/a",
  at: start + 160,
  exposureMs: 160,
};

describe("a look confirms a hold", () => {
  test("that was in the ledger before, where all that is live was seen paused", () => {
    expect(confirmations(look(held))).toEqual([confirmedA]);
  });
  test("where everything is over, and where nothing records", () => {
    expect(confirmations(look(held, {}, "completed", "absent"))).toEqual([confirmedA]);
    expect(confirmations({ ...look(held), look: { conference: "running", recordings: [] } })).toEqual([
      confirmedA,
    ]);
  });
  test("of one recording, whatever the other does", () => {
    const ofFirst = stateAfter([0, placed("a", { recording: first })]);
    expect(confirmations(look(ofFirst, {}, "paused", "in-progress"))).toEqual([confirmedA]);
    expect(confirmations(look(ofFirst, {}, "in-progress", "paused"))).toEqual([]);
  });
  test("as soon as a ticket has expired", () => {
    const withTicket = stateAfter([0, placed("a")], [1, ticket(first, start + 100)]);
    expect(confirmations(look(withTicket))).toEqual([confirmedA]);
  });
});

describe("a look confirms no hold", () => {
  test.each(["in-progress", "resumed", "queued", "unrecognised"])("while one recording is %s", (status) => {
    expect(confirmations(look(held, {}, "paused", status))).toEqual([]);
  });
  test("that was written after it began", () => {
    expect(confirmations(look(stateAfter()), held)).toEqual([]);
  });
  test("that was released and placed anew meanwhile", () => {
    const anew = stateAfter([0, placed("a")], [50, released("a")], [90, placed("a", { at: start + 2_000 })]);
    expect(confirmations(look(held), anew)).toEqual([]);
  });
  test("while a ticket of one of its recordings is open, to the last millisecond", () => {
    const withTicket = stateAfter([0, placed("a")], [1, ticket(first, start + 101)]);
    expect(confirmations(look(withTicket))).toEqual([]);
  });
  test("where a ticket was opened since", () => {
    const since = stateAfter([0, placed("a")], [120, ticket(first, start + 10_000)]);
    expect(confirmations(look(held), since)).toEqual([]);
  });
  test("where a recording that it neither showed nor was asked for is known to be live by now", () => {
    const both = seen(start + 110, [
      [first, "paused"],
      [second, "in-progress"],
    ]);
    const seenSince = stateAfter([0, placed("a")], [120, both]);
    const ofFirst = look(held, {}, "paused");
    expect(confirmations(ofFirst, seenSince)).toEqual([]);
    // Known when it began, it was asked for: what is still not shown is gone.
    expect(confirmations(look(seenSince, {}, "paused"))).toEqual([confirmedA]);
  });
  test("of a conference that is over or unknown", () => {
    for (const conference of ["over", "unknown"] as const) {
      expect(confirmations({ ...look(held), look: { conference, recordings: [] } })).toEqual([]);
    }
  });
  test("twice", () => {
    const again = stateAfter([0, placed("a")], [160, confirmedA]);
    expect(confirmations(look(again))).toEqual([]);
  });
});
