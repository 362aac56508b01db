import { expect, test } from "vitest";
import { explore } from "./every-schedule.ts";
import { smallCaseParts } from "./small-cases.ts";

test.each(smallCaseParts[1])("no schedule breaks a rule: $name", async ({ tasks, budget }) => {
  const { schedules, states, violations } = await explore(tasks, budget);
  expect(violations).toEqual([]);
  // Fewer would mean that something was not a choice any more.
  expect(schedules).toBeGreaterThan(100);
  expect(states).toBeGreaterThan(1_000);
});
