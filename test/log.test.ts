import { afterEach, describe, expect, it, vi } from "vitest";
import type { Measure } from "../functions/recording/measure.ts";
import { createLog, type LogFields } from "../functions/telemetry/log.ts";
import { createMeter } from "../functions/telemetry/metrics.ts";
import { createTelemetry } from "../functions/telemetry/telemetry.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** Every line that `act` writes. */
function linesOf(act: () => void): Record<string, unknown>[] {
  const written: string[] = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
  }
  act();
  vi.restoreAllMocks();
  return written
    .join("")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

const delivery = { route: "/signals/{sender}", requestId: "gw-1", durationMs: 12 };

describe("createLog", () => {
  it("writes one structured line", () => {
    const lines = linesOf(() => createLog("signals").write("delivery", { ...delivery, status: 200 }));
    expect(lines).toEqual([
      {
        level: "INFO",
        message: "delivery",
        timestamp: expect.any(String),
        service: "signals",
        sampling_rate: 0,
        route: "/signals/{sender}",
        requestId: "gw-1",
        durationMs: 12,
        status: 200,
      },
    ]);
  });

  it("leaves out whatever is not on the list", () => {
    const more = { ...delivery, body: "4111111111111111", headers: { authorization: "x" } } as LogFields;
    const lines = linesOf(() => createLog("signals").write("delivery", more));
    expect(JSON.stringify(lines)).not.toMatch(/4111|authorization|headers|body/);
  });

  it.each([
    [{ status: 200 }, "INFO"],
    [{ status: 401, rejected: "unproven" }, "WARN"],
    [{ alarms: "not-confirmed" }, "WARN"],
    [{ status: 503 }, "ERROR"],
    [{ error: "TypeError" }, "ERROR"],
  ])("writes %j with level %s", (fields, level) => {
    expect(linesOf(() => createLog("signals").write("delivery", fields))[0]?.level).toBe(level);
  });
});

describe("createMeter", () => {
  it("writes an alarm at once, as CloudWatch reads it", () => {
    const lines = linesOf(() => createMeter("holdfast-test-ledger").alarm("not-confirmed"));
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "Holdfast",
              Dimensions: [["service"]],
              Metrics: [{ Name: "not-confirmed", Unit: "Count" }],
            },
          ],
        },
        service: "holdfast-test-ledger",
        "not-confirmed": 1,
      },
    ]);
  });

  it("writes all measures of an invocation in one line, times in milliseconds, equal ones side by side", () => {
    const measures: Measure[] = [
      { name: "time-to-pause", value: 12 },
      { name: "exposure", value: 321 },
      { name: "exposure", value: 4_000 },
      { name: "holds-placed", value: 1 },
    ];
    const lines = linesOf(() => createMeter("holdfast-test-ledger").measures(measures));
    expect(lines).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: "Holdfast",
              Dimensions: [["service"]],
              Metrics: [
                { Name: "time-to-pause", Unit: "Milliseconds" },
                { Name: "exposure", Unit: "Milliseconds" },
                { Name: "holds-placed", Unit: "Count" },
              ],
            },
          ],
        },
        service: "holdfast-test-ledger",
        "time-to-pause": 12,
        exposure: [321, 4_000],
        "holds-placed": 1,
      },
    ]);
  });
});

describe("createTelemetry", () => {
  /** What is told, by name, in order. */
  function telemetry() {
    const told: unknown[] = [];
    const log = { write: (event: string, fields: LogFields) => void told.push([event, fields]) };
    const meter = {
      alarm: (name: string) => void told.push(`alarm ${name}`),
      measures: (measures: readonly Measure[]) =>
        void told.push(`measures ${measures.map(({ name, value }) => `${name} ${value}`).join(", ")}`),
    };
    return { told, ...createTelemetry(log, meter) };
  }

  it("names in a line the alarms that were raised on the way, and in that line alone", () => {
    const { told, alarm, delivery: tell } = telemetry();
    alarm("not-confirmed");
    alarm("check-not-queued");
    tell({ ...delivery, status: 202 });
    tell({ ...delivery, status: 200 });
    expect(told).toEqual([
      "alarm not-confirmed",
      "alarm check-not-queued",
      ["delivery", { ...delivery, status: 202, alarms: "not-confirmed,check-not-queued" }],
      ["delivery", { ...delivery, status: 200 }],
    ]);
  });

  it.each([
    [{ rejected: "unproven" as const }, ["alarm bad-signature"]],
    [{ rejected: "card-number" as const }, ["alarm card-number-seen"]],
    [{ rejected: "invalid" as const }, []],
    [{ error: "TypeError" }, ["alarm unforeseen-error"]],
  ])("tells of %j", (fields, expected) => {
    const { told, delivery: tell } = telemetry();
    tell({ ...delivery, ...fields });
    expect(told.filter((one) => String(one).startsWith("alarm"))).toEqual(expected);
  });

  it("writes what was measured behind the line of its invocation, and only there", () => {
    const { told, measure, delivery: tell } = telemetry();
    measure({ name: "time-to-pause", value: 12 });
    measure({ name: "holds-placed", value: 1 });
    tell({ ...delivery, status: 200 });
    tell({ ...delivery, status: 200 });
    expect(told).toEqual([
      ["delivery", { ...delivery, status: 200 }],
      "measures time-to-pause 12, holds-placed 1",
      ["delivery", { ...delivery, status: 200 }],
    ]);
  });

  it.each([
    [{ rejected: "invalid" as const }, "measures deliveries-rejected 1"],
    [{ outcome: "refused" as const }, "measures commands-refused 1"],
    [{ outcome: "unavailable" as const }, "measures commands-unavailable 1"],
  ])("counts %j", (fields, expected) => {
    const { told, delivery: tell } = telemetry();
    tell({ ...delivery, ...fields });
    expect(told.at(-1)).toBe(expected);
  });

  it("raises an alarm for a check that failed, and names it in its line", () => {
    const { told, check } = telemetry();
    check({ requestId: "m-1", error: "LedgerFailure" });
    expect(told).toEqual([
      "alarm check-failed",
      ["check", { requestId: "m-1", error: "LedgerFailure", alarms: "check-failed" }],
    ]);
  });

  it("writes a line for a check", () => {
    const { told, check } = telemetry();
    check({ conference: "c0ffee00-1111-4222-8333-444455556666", hop: 2 });
    expect(told).toEqual([["check", { conference: "c0ffee00-1111-4222-8333-444455556666", hop: 2 }]]);
  });
});
