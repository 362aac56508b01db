import { describe, expect, test } from "vitest";
import { priced, readPrices, total } from "./cost/price.ts";
import { costReport } from "./cost/report.ts";
import { units, usageOf, usageOfHold, usageOfMonth, watchesIn } from "./cost/usage.ts";
import { standingOf, withTables } from "./cost.ts";
import type { BilledStep, Life } from "./life.ts";

const invocation = (step: BilledStep["step"], more: Partial<BilledStep> = {}): BilledStep => ({
  step,
  ms: 100,
  writeUnits: 0,
  readUnits: 1,
  storedBytes: 0,
  messagesSent: 1,
  secretReads: 0,
  logBytes: 700,
  signalwireRequests: 2,
  ...more,
});
const life: Life = {
  initMs: 200,
  heldSeconds: 68,
  steps: [
    invocation("pause", { writeUnits: 4, storedBytes: 3_000 }),
    invocation("watch"),
    invocation("watch"),
    invocation("resume", { ms: 300, writeUnits: 6, storedBytes: 4_000 }),
    invocation("settle", { messagesSent: 0 }),
  ],
};
const prices = readPrices();

describe("what one invocation is billed", () => {
  const usage = usageOf(invocation("pause", { writeUnits: 4, storedBytes: 1_073_741_824 }), 200, true);

  test("is its time and a hundredth of a start, at half a gigabyte", () => {
    expect(usage.gbSecond).toBeCloseTo(0.051, 9);
    expect(usage.lambdaRequest).toBe(1);
    expect(usage.apiRequest).toBe(1);
  });
  test("is its items for 400 days, in months", () => {
    expect(usage.storedGbMonth).toBeCloseTo(13.1417, 4);
    expect(usage.recoveryGbMonth).toBeCloseTo(13.1417, 4);
  });
  test("is three requests for a message, and three kinds of log lines", () => {
    expect(usage.queueRequest).toBe(3);
    expect((usage.loggedGb ?? 0) * 1_073_741_824).toBeCloseTo(1_350, 6);
    expect((usage.keptLogGbMonth ?? 0) * 1_073_741_824).toBeCloseTo(17_550, 6);
  });
});

describe("a hold", () => {
  test.each([
    [4, 0],
    [5, 1],
    [34, 1],
    [35, 2],
    [68, 3],
    [120, 4],
  ])("of %i s is looked at %i times", (seconds, times) => expect(watchesIn(seconds)).toBe(times));

  const hold = usageOfHold(life);
  test("is a pause, four checks, a release and the check behind it", () => {
    expect(hold.lambdaRequest).toBe(7);
    expect(hold.apiRequest).toBe(2);
    expect(hold.writeUnit).toBe(10);
    expect(hold.readUnit).toBe(7);
    expect(hold.queueRequest).toBe(18);
    expect(hold.gbSecond).toBeCloseTo(0.457, 9);
  });
  test("costs what its units cost", () => {
    const cost = priced(hold, prices);
    expect(cost.apiRequest * 1e6).toBeCloseTo(2, 9);
    expect(cost.lambdaRequest * 1e6).toBeCloseTo(1.4, 9);
    expect(cost.gbSecond * 1e6).toBeCloseTo(6.0933638, 6);
    expect(cost.writeUnit * 1e6).toBeCloseTo(6.25, 9);
    expect(cost.readUnit * 1e6).toBeCloseTo(0.875, 9);
    expect(cost.queueRequest * 1e6).toBeCloseTo(7.2, 9);
  });
});

describe("a month", () => {
  const standing = { secrets: 3, metrics: 10, alarms: 20, dashboards: 1 };
  test("without a hold costs its secrets, metrics, alarms, dashboard and the idle queue", () => {
    // 1.20 + 3.00 + 2.00 + 3.00 + 0.2592
    expect(total(usageOfMonth({}, 0, standing), prices)).toBeCloseTo(9.4592, 4);
  });
  test("with few holds reads the secrets at most twice for an invocation", () => {
    expect(usageOfMonth(usageOfHold(life), 10, standing).secretRead).toBe(140);
  });
  test("with many has so many processes as are busy, twice over, and each reads two secrets every five minutes", () => {
    // 100 million × 914 ms in 2,629,800 s: 34.76 at a time.
    expect(usageOfMonth(usageOfHold(life), 100_000_000, standing).secretRead).toBeCloseTo(70 * 2 * 8_766, 6);
  });
});

describe("the price list", () => {
  test("has a price, a source and a date or none for every unit", () => {
    expect(Object.keys(prices.prices).sort()).toEqual([...units].sort());
    for (const { usd, per, source, asOf } of Object.values(prices.prices)) {
      expect(usd).toBeGreaterThan(0);
      expect(per).toBeGreaterThanOrEqual(1);
      expect(source).not.toBe("");
      expect(asOf === null || /^20\d\d(-\d\d-\d\d)?$/.test(asOf)).toBe(true);
    }
  });
});

describe("the document", () => {
  test("has the tables between its marks, and nothing else is touched", () => {
    const text = "before\n<!-- computed by test/bench/cost.ts -->\nold\n<!-- end -->\nafter\n";
    expect(withTables(text, "new")).toBe(
      "before\n<!-- computed by test/bench/cost.ts -->\n\nnew\n\n<!-- end -->\nafter\n",
    );
    expect(() => withTables("no marks", "new")).toThrow("no place");
  });
  test("counts what the template has", () => {
    const alarm = {
      Type: "AWS::CloudWatch::Alarm",
      Properties: { Namespace: "Holdfast", MetricName: "not-durable" },
    };
    const secret = { Type: "AWS::SecretsManager::Secret", Properties: {} };
    expect(standingOf({ Resources: { one: alarm, two: alarm, three: secret } })).toEqual({
      secrets: 1,
      metrics: 2,
      alarms: 2,
      dashboards: 0,
    });
  });
  test("says what a million pauses cost", () => {
    const peer = {
      ...invocation("pause", { ms: 70, messagesSent: 0 }),
      name: "x",
      title: "an SDK",
      initMs: 500,
      maxRssKb: 1,
    };
    const standing = { secrets: 3, metrics: 10, alarms: 20, dashboards: 1 };
    const report = costReport({ life, peers: [peer], standing }, prices);
    // 1.00 + 0.20 + 0.680 + 2.50 + 0.125 + 1.20, the items 16.523, the logs 0.629 + 0.490, the network 0.117.
    expect(report).toContain(
      "| Holdfast: paused, seen paused, in the ledger for 400 days, watched, resumed | 102 | 23.46 |",
    );
    expect(report).toContain("| an SDK: one request each | 75 |");
  });
});
