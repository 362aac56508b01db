import { describe, expect, test } from "vitest";
import { compare } from "../../functions/recording/compare.ts";
import type { ConferenceState } from "../../functions/recording/conference.ts";
import type { Look } from "../../functions/recording/status.ts";
import { confirmed, first, hold, placed, released, second, seen, start, stateAfter } from "./states.ts";

const look = (...statuses: readonly string[]): Look => ({
  conference: "running",
  recordings: statuses.map((status, index) => ({ sid: [first, second][index] ?? first, status })),
});
const plan = (state: ConferenceState, ...statuses: readonly string[]) => {
  const { pause, stop, resume, asWanted } = compare(state, look(...statuses), start + 60_000);
  const sids = (list: typeof pause) => list.map(({ sid }) => sid);
  return { pause: sids(pause), stop: sids(stop), resume: sids(resume), asWanted };
};
const nothing = { pause: [], stop: [], resume: [] };

const held = stateAfter([0, placed("a")]);
const ofFirst = stateAfter([0, placed("a", { recording: first })]);
const free = stateAfter(
  [0, placed("a")],
  [300, seen(start + 250, [[first, "paused"]])],
  [1_000, released("a")],
);
const stopped = stateAfter([0, { type: "stop-ordered" }]);

describe("what a look asks for", () => {
  test.each<[string, ConferenceState, readonly string[], object]>([
    [
      "a hold pauses what runs",
      held,
      ["in-progress", "paused"],
      { ...nothing, pause: [first], asWanted: false },
    ],
    ["a hold pauses what is resumed", held, ["resumed"], { ...nothing, pause: [first], asWanted: false }],
    ["a hold pauses what is queued", held, ["queued"], { ...nothing, pause: [first], asWanted: false }],
    [
      "a hold pauses what has a name that nobody knows",
      held,
      ["recording"],
      { ...nothing, pause: [first], asWanted: false },
    ],
    ["a hold leaves what is over", held, ["completed", "absent"], { ...nothing, asWanted: true }],
    [
      "a hold of one recording leaves the other",
      ofFirst,
      ["paused", "in-progress"],
      { ...nothing, asWanted: true },
    ],
    [
      "without a hold our own pause is undone",
      free,
      ["paused"],
      { ...nothing, resume: [first], asWanted: false },
    ],
    ["without a hold what runs goes on", free, ["in-progress"], { ...nothing, asWanted: true }],
    [
      "a stop ends what runs and what is paused",
      stopped,
      ["in-progress", "paused"],
      { ...nothing, stop: [first, second], asWanted: false },
    ],
    ["a stop leaves what is over", stopped, ["stopped", "completed"], { ...nothing, asWanted: true }],
  ])("%s", (_name, state, statuses, expected) => {
    expect(plan(state, ...statuses)).toEqual(expected);
  });
});

describe("what a look finds", () => {
  const found = (state: ConferenceState, ...statuses: readonly string[]) =>
    compare(state, look(...statuses), start + 60_000).found;

  test("a recording that somebody resumed under a confirmed hold, exposed since it was last seen paused", () => {
    const state = stateAfter(
      [0, placed("a")],
      [10_000, seen(start + 9_900, [[first, "paused"]])],
      [10_000, confirmed("a")],
    );
    expect(found(state, "in-progress")).toEqual([
      { type: "found-running", recording: first, how: "resumed-by-other", exposureMs: 50_000 },
    ]);
  });

  test("a recording that started under a confirmed hold", () => {
    const state = stateAfter(
      [0, placed("a")],
      [300, seen(start + 250, [[first, "paused"]])],
      [300, confirmed("a")],
    );
    expect(found(state, "paused", "in-progress")).toEqual([
      { type: "found-running", recording: second, how: "started", exposureMs: 59_800 },
    ]);
  });

  test("nothing under a hold that was never confirmed: it is exposed since its receipt anyway", () => {
    expect(found(held, "in-progress")).toEqual([]);
  });

  test("a recording that somebody else paused, once", () => {
    const nobodys = stateAfter([0, seen(start, [[first, "in-progress"]])]);
    expect(found(nobodys, "paused")).toEqual([{ type: "found-paused", recording: first }]);
    const told = stateAfter(
      [0, seen(start, [[first, "in-progress"]])],
      [1, { type: "found-paused", recording: first }],
    );
    expect(found(told, "paused")).toEqual([]);
  });

  test("a status that SignalWire does not document", () => {
    expect(compare(held, look("unrecognised"), start).unrecognised).toBe(true);
    expect(compare(held, look("paused"), start).unrecognised).toBe(false);
  });
});

test("a hold of another source is not touched by what this one covers", () => {
  const state = stateAfter(
    [0, placed("a")],
    [1, placed("a", { ...hold("a"), source: "control" })],
    [1_000, released("a")],
  );
  expect(plan(state, "in-progress").pause).toEqual([first]);
});
