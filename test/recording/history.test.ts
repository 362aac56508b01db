import { describe, expect, test } from "vitest";
import { exposuresOf, gapsOf } from "../../functions/recording/history.ts";
import { confirmed, first, payment, placed, released, seen, start, told } from "../evidence/told.ts";

describe("exposures", () => {
  test("are told in the ledger's order, each with whose and how", () => {
    const entries = told(
      [0, placed(payment, 0)],
      [190, seen(120, "paused"), confirmed(payment, 180, 180)],
      [5_000, { type: "found-running", recording: first, how: "resumed-by-other", exposureMs: 900 }],
      [35_000, { type: "pause-overdue", key: payment, exposureMs: 30_000 }],
      [36_000, { type: "found-running", recording: first, how: "started", exposureMs: 0 }],
    );
    expect(exposuresOf(entries)).toEqual([
      { hold: "signal:payments/payment-7f3a", how: "until-confirmed", milliseconds: 180 },
      {
        recording: "33333333-3333-4333-8333-333333333331",
        how: "resumed-by-other",
        milliseconds: 900,
      },
      { hold: "signal:payments/payment-7f3a", how: "overdue", milliseconds: 30_000 },
      { recording: "33333333-3333-4333-8333-333333333331", how: "started", milliseconds: 0 },
    ]);
  });

  test("of a ledger that tells of none are none", () => {
    expect(exposuresOf(told([0, placed(payment, 0)], [10, released(payment, 5)]))).toEqual([]);
    expect(exposuresOf([])).toEqual([]);
  });
});

describe("gaps", () => {
  const at = (ms: number) => new Date(start + ms).toISOString();

  test("go from the look that first showed it paused to the look that showed it otherwise", () => {
    expect(
      gapsOf(
        told(
          [100, seen(90, "in-progress")],
          [200, seen(190, "paused")],
          [300, seen(290, "paused")],
          [400, seen(390, "resumed")],
          [500, seen(490, "paused")],
        ),
      ),
    ).toEqual([
      { recording: first, from: "2026-11-23T15:46:00.190Z", to: "2026-11-23T15:46:00.390Z" },
      { recording: first, from: "2026-11-23T15:46:00.490Z", to: null },
    ]);
  });

  test.each(["in-progress", "resumed", "completed", "stopped", "absent", "queued", "unrecognised"])(
    "end where it is %s",
    (status) => {
      expect(gapsOf(told([200, seen(190, "paused")], [400, seen(390, status)]))[0]?.to).toBe(at(390));
    },
  );

  test("of one recording are not those of another", () => {
    expect(
      gapsOf(told([200, seen(190, "paused", "in-progress")], [400, seen(390, "in-progress", "paused")])),
    ).toEqual([
      { recording: first, from: at(190), to: at(390) },
      { recording: "33333333-3333-4333-8333-333333333332", from: at(390), to: null },
    ]);
  });

  test("stay open where a look does not show the recording at all", () => {
    expect(gapsOf(told([200, seen(190, "paused")], [400, seen(390)]))).toEqual([
      { recording: first, from: at(190), to: null },
    ]);
  });
});
