import { defineConfig } from "vitest/config";
import { SlowFirst } from "./test/slow-first.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // More than there are cores: most files wait for processes and timers half of their time.
    maxWorkers: "150%",
    sequence: { sequencer: SlowFirst },
    // For a busy machine: no test is about how long it takes.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
