import { describe, expect, test } from "vitest";
import type { Command, Operation, OperationTime } from "../../functions/recording/command.ts";
import type { ConferenceState } from "../../functions/recording/conference.ts";
import { decide } from "../../functions/recording/decide.ts";
import { policy, ref } from "../flow/bench.ts";
import { first, placed, released, seen, start, stateAfter } from "./states.ts";

const command = (operation: Operation, more: Partial<Command> = {}): Command => ({
  project: ref.project,
  target: { by: "conference", conference: ref.conference },
  source: "signal:payments",
  operation,
  cause: { source: "signal:payments", request: "r" },
  receivedAt: start + 5_000,
  ...more,
});
const at = (seconds: number, clock: OperationTime["clock"] = "sender"): OperationTime => ({
  at: start + seconds * 1_000,
  clock,
});
const place = (time = at(0)): Operation => ({ type: "place-hold", hold: "a", reason: "consult", time });
const release = (time = at(0)): Operation => ({ type: "release-hold", hold: "a", time });

const outcome = (state: ConferenceState, operation: Operation, more: Partial<Command> = {}) => {
  const decision = decide(state, command(operation, more), policy);
  const facts = decision.facts.map((fact) =>
    fact.type === "operation-ignored" ? `ignored: ${fact.why}` : fact.type,
  );
  return [decision.kind === "refused" ? decision.why : "go", ...facts];
};

const nothing = stateAfter();
const active = stateAfter([0, placed("a", { at: start + 2_000 })]);
const over = stateAfter([0, placed("a")], [1_000, released("a", start + 2_000)]);
const expired = stateAfter(
  [0, placed("a", { at: start + 2_000 })],
  [1_000, { type: "hold-expired", key: "signal:payments/a" }],
);
const early = stateAfter([
  0,
  {
    type: "operation-ignored",
    operation: "release",
    why: "unknown-hold",
    key: "signal:payments/a",
    at: start + 2_000,
  },
]);
const stopped = stateAfter([0, placed("a")], [1, { type: "stop-ordered" }]);
const ended = stateAfter([0, placed("a")], [1, { type: "conference-ended", how: "seen-over" }]);

describe("of the operations of a hold the one with the latest time wins", () => {
  test.each<[string, ConferenceState, Operation, readonly string[]]>([
    ["a first placement holds", nothing, place(), ["go", "hold-placed"]],
    ["the same placement again is a duplicate", active, place(at(2)), ["go", "ignored: duplicate"]],
    ["an older placement changes nothing", active, place(at(1)), ["go", "ignored: older-than-current"]],
    ["a newer placement replaces it", active, place(at(3)), ["go", "hold-placed"]],
    ["a newer release releases", active, release(at(3)), ["go", "hold-released"]],
    [
      "a tie is a hold: the release is ignored",
      active,
      release(at(2)),
      ["go", "ignored: older-than-current"],
    ],
    ["an older release is ignored", active, release(at(1)), ["go", "ignored: older-than-current"]],
    ["a release of nothing is noted", nothing, release(at(2)), ["go", "ignored: unknown-hold"]],
    [
      "a placement older than that release is stale",
      early,
      place(at(1)),
      ["stale-pause", "ignored: released-later"],
    ],
    ["a placement at the very time of that release holds", early, place(at(2)), ["go", "hold-placed"]],
    [
      "a placement that was released later is stale",
      over,
      place(at(1)),
      ["stale-pause", "ignored: released-later"],
    ],
    ["a placement after the release holds", over, place(at(3)), ["go", "hold-placed"]],
    ["a second release is ignored", over, release(at(3)), ["go", "ignored: released-later"]],
    [
      "a placement that has expired is stale",
      expired,
      place(at(2)),
      ["stale-pause", "ignored: ended-already"],
    ],
    ["a newer one than the expired holds", expired, place(at(3)), ["go", "hold-placed"]],
  ])("%s", (_name, state, operation, expected) => {
    expect(outcome(state, operation)).toEqual(expected);
  });

  test("a placement by our own clock is never stale, however far the clock lags", () => {
    expect(outcome(over, place(at(-60, "receipt")))).toEqual(["go", "hold-placed"]);
    expect(outcome(expired, place(at(-60, "receipt")))).toEqual(["go", "hold-placed"]);
  });
});

describe("what is over stays over", () => {
  test.each<[string, ConferenceState, Operation, readonly string[]]>([
    ["a pause after a stop", stopped, place(at(9)), ["stopped"]],
    ["a release after a stop", stopped, release(at(9)), ["stopped"]],
    ["a release-all after a stop", stopped, { type: "release-all-holds", reason: "x" }, ["stopped"]],
    ["a stop after a stop", stopped, { type: "stop" }, ["go", "ignored: already-stopped"]],
    ["a pause of a conference that is over", ended, place(at(9)), ["conference-over"]],
    ["a stop of a conference that is over", ended, { type: "stop" }, ["conference-over"]],
  ])("%s", (_name, state, operation, expected) => {
    expect(outcome(state, operation)).toEqual(expected);
  });

  test("a recording that is over is neither paused nor stopped", () => {
    const state = stateAfter([0, seen(start, [[first, "completed"]])]);
    expect(outcome(state, place(), { recording: first })).toEqual(["recording-over"]);
    expect(outcome(state, { type: "stop" }, { recording: first })).toEqual(["recording-over"]);
  });
  test("a recording that was stopped by name is not paused", () => {
    const state = stateAfter([0, { type: "stop-ordered", recording: first }]);
    expect(outcome(state, place(), { recording: first })).toEqual(["stopped"]);
    expect(outcome(state, place())).toEqual(["go", "hold-placed"]);
  });
});

describe("a hold ends", () => {
  const ends = (own: Partial<Operation & { type: "place-hold" }>) => {
    const { facts } = decide(nothing, command({ ...place(), ...own } as Operation), policy);
    const [fact] = facts;
    if (fact?.type !== "hold-placed") throw new Error("not placed");
    const { expiresAt, releasesAt, alarmsAt } = fact.hold;
    const seconds = (time: number | undefined) =>
      time === undefined ? undefined : (time - start - 5_000) / 1_000;
    return { expires: seconds(expiresAt), releases: seconds(releasesAt), alarms: seconds(alarmsAt) };
  };
  test.each<[string, object, object]>([
    ["at the limit of its reason", {}, { expires: 1_800, releases: 1_800, alarms: undefined }],
    [
      "at its own expiry, if that is sooner",
      { expiresInSeconds: 600 },
      { expires: 600, releases: 600, alarms: undefined },
    ],
    [
      "no later than the limit of its reason",
      { expiresInSeconds: 7_200 },
      { expires: 1_800, releases: 1_800, alarms: undefined },
    ],
    [
      "never by a limit that only alarms",
      { reason: "card-entry" },
      { expires: 900, releases: undefined, alarms: 900 },
    ],
    [
      "at its own expiry, though its limit only alarms",
      { reason: "card-entry", expiresInSeconds: 600 },
      { expires: 600, releases: 600, alarms: 900 },
    ],
    [
      "by the default, for a reason that is a name of every object",
      { reason: "constructor" },
      { expires: 1_800, releases: 1_800, alarms: undefined },
    ],
  ])("%s", (_name, own, expected) => {
    expect(ends(own)).toEqual(expected);
  });
});
