import { describe, expect, test } from "vitest";
import type { ConferenceState } from "../../functions/recording/conference.ts";
import { dueFacts, nextCheckInMs } from "../../functions/recording/due.ts";
import { policy } from "../flow/bench.ts";
import { confirmed, first, placed, seen, start, stateAfter, ticket } from "./states.ts";

const nothing = { pause: [], stop: [], resume: [] };
const left = { ...nothing, pause: [{ sid: first, status: "in-progress" }] };
const held = stateAfter([0, placed("a")]);
const confirmedHold = stateAfter(
  [0, placed("a")],
  [200, seen(start + 100, [[first, "paused"]])],
  [200, confirmed("a")],
);

describe("what the time brings about", () => {
  const types = (state: ConferenceState, ms: number, own: Partial<typeof policy> = {}) =>
    dueFacts(state, { ...policy, ...own }, start + ms).map(({ type }) => type);
  const alarmed = stateAfter([0, placed("a", { alarmsAt: start + 900_000 })], [200, confirmed("a")]);

  test.each<[string, ConferenceState, number, Partial<typeof policy>, string[]]>([
    ["nothing before a hold's time", confirmedHold, 1_799_999, {}, []],
    ["the end of a hold at its time", confirmedHold, 1_800_000, {}, ["hold-expired"]],
    ["an alarm at the limit of its reason", alarmed, 900_000, {}, ["hold-over-limit"]],
    ["nothing while a pause may still be confirmed", held, 29_999, {}, []],
    ["an overdue pause after 30 s", held, 30_000, {}, ["pause-overdue"]],
    [
      "the stop of what could not be paused, where the policy wants it",
      held,
      30_000,
      { unconfirmed: "stop" },
      ["pause-overdue", "stop-ordered"],
    ],
  ])("%s", (_name, state, ms, own, expected) => {
    expect(types(state, ms, own)).toEqual(expected);
  });

  test("each alarm once", () => {
    const told = stateAfter(
      [0, placed("a")],
      [30_000, { type: "pause-overdue", key: "signal:payments/a", exposureMs: 30_000 }],
    );
    expect(types(told, 90_000)).toEqual([]);
    const over = stateAfter(
      [0, placed("a", { alarmsAt: start + 900_000 })],
      [200, confirmed("a")],
      [900_000, { type: "hold-over-limit", key: "signal:payments/a" }],
    );
    expect(types(over, 1_000_000)).toEqual([]);
  });

  test("nothing after the end", () => {
    const ended = stateAfter([0, placed("a")], [1, { type: "conference-ended", how: "seen-over" }]);
    expect(types(ended, 9_000_000)).toEqual([]);
  });
});

describe("the next check is", () => {
  test.each<[string, ConferenceState, number, number | undefined]>([
    ["5 s after the first that could not confirm", held, 0, 5_000],
    ["later each time", held, 1, 10_000],
    ["at most 30 s later", held, 7, 30_000],
    ["30 s later while a confirmed hold is active", confirmedHold, 0, 30_000],
    ["never, where nothing was ever written", stateAfter(), 0, undefined],
  ])("%s", (_name, state, hop, expected) => {
    const isUnsettled = state === held;
    expect(nextCheckInMs(state, isUnsettled ? left : nothing, start + 1_000, hop)).toBe(expected);
  });

  test("when a hold's time comes, if that is sooner", () => {
    const soon = stateAfter([0, placed("a", { releasesAt: start + 12_000 })], [200, confirmed("a")]);
    expect(nextCheckInMs(soon, nothing, start + 1_000, 0)).toBe(11_000);
  });
  test("when a ticket expires", () => {
    const withTicket = stateAfter([0, ticket(first, start + 10_000)]);
    expect(nextCheckInMs(withTicket, nothing, start + 1_000, 0)).toBe(9_000);
  });
  test("soon again while SignalWire does not answer", () => {
    expect(nextCheckInMs(confirmedHold, undefined, start + 1_000, 0)).toBe(5_000);
  });
  test("never less than a second away", () => {
    const past = stateAfter([0, placed("a", { releasesAt: start + 12_000 })], [200, confirmed("a")]);
    expect(nextCheckInMs(past, nothing, start + 12_500, 0)).toBe(1_000);
  });
});
