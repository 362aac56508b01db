import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Those that take longest, so that none of them is begun last and runs alone. */
const slow = [
  "random-schedules.test.ts",
  "every-schedule-with-duplicates.test.ts",
  "every-schedule.test.ts",
  "under-fire.test.ts",
  "start.test.ts",
  "mutants.test.ts",
];

export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const index = slow.findIndex((name) => moduleId.endsWith(name));
      return index === -1 ? slow.length : index;
    };
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
