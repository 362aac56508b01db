import { expect, test } from "vitest";
import { cases } from "./cases.ts";
import { playSchedule } from "./schedule.ts";

const SCHEDULES = 10_000;

test.each(Object.entries(cases))(
  "no random schedule breaks a rule: %s",
  async (_name, options) => {
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const { violations } = await playSchedule({ ...options, seed });
      expect(violations, `seed ${seed}`).toEqual([]);
    }
  },
  300_000,
);
