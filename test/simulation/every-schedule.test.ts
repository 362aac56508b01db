import { expect, test } from "vitest";
import { type Budget, checkTask, commandTask, explore, place, release, type Task } from "./every-schedule.ts";

// hold-1 is confirmed before; this releases it,
const releasing = commandTask(release("hold-1", 1));
// this is a new hold,
const placing = commandTask(place("hold-2", 1));
// this its release,
const releasingIt = commandTask(release("hold-2", 2));
// and this the first hold's own placement, delivered once more.
const duplicate = commandTask(place("hold-1", 0));

const none: Budget = { crashes: 0, lost: 0 };
test.each<[string, readonly Task[], Budget]>([
  ["a release and a new hold", [releasing, placing], none],
  ["a release and a new hold, one of which dies", [releasing, placing], { crashes: 1, lost: 0 }],
  ["a release and a new hold, with an answer lost or late", [releasing, placing], { crashes: 0, lost: 1 }],
  ["a release, a new hold and a late duplicate", [releasing, placing, duplicate], none],
  ["a release, a new hold and a check", [releasing, placing, checkTask], none],
  ["a release, a new hold and its release", [releasing, placing, releasingIt], none],
  [
    "a release and a check, one of which dies, with an answer lost or late",
    [releasing, checkTask],
    { crashes: 1, lost: 1 },
  ],
])(
  "no schedule breaks a rule: %s",
  async (_name, tasks, budget) => {
    const { schedules, states, violations } = await explore(tasks, budget);
    expect(violations).toEqual([]);
    // Fewer would mean that something was not a choice any more.
    expect(schedules).toBeGreaterThan(100);
    expect(states).toBeGreaterThan(1_000);
  },
  120_000,
);
