import { expect, test } from "vitest";
import { activityOf } from "../../functions/recording/status.ts";

test.each([
  ["in-progress", "running"],
  ["resumed", "running"],
  ["queued", "queued"],
  ["paused", "paused"],
  ["stopped", "over"],
  ["completed", "over"],
  ["absent", "over"],
  ["unrecognised", "running"],
  ["Paused", "running"],
  ["", "running"],
])("a recording that SignalWire calls %j is %s", (status, activity) => {
  expect(activityOf(status)).toBe(activity);
});
