import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evidenceOf } from "../../functions/recording/evidence.ts";
import type { Recorded } from "../../functions/recording/evidence-course.ts";
import type { Fact } from "../../functions/recording/facts.ts";
import {
  confirmed,
  consent,
  first,
  payment,
  placed,
  released,
  type Step,
  second,
  seen,
  sent,
  start,
  told,
} from "./told.ts";

const paused = [seen(120, "paused", "paused"), confirmed(payment, 180, 180)] as const;
/** The hold is placed at once, and confirmed 180 ms later. */
const held = [
  [30, placed(payment, 0)],
  [190, sent("paused", 40, first, second), ...paused],
] as const;

const whatOf = (...entries: Step[]) =>
  evidenceOf(told(...entries)).exceptions.map(({ what, position }) => `${what} ${position}`);
const outcomeOf = (...entries: Step[]) =>
  evidenceOf(told(...entries)).holds.map(({ outcome, exposureMs }) => [outcome, exposureMs]);

test("a hold from its placement to the sight of its recordings running again, with every time there is", () => {
  const entries = told(
    ...held,
    [60_040, released(payment, 60_000)],
    [60_100, { type: "resume-started", recording: first, ticket: "ticket-1", expiresAt: start + 70_100 }],
    [60_400, seen(60_300, "in-progress", "resumed")],
  );
  expect(evidenceOf(entries)).toEqual({
    holds: [
      {
        position: 1,
        hold: "signal:payments/payment-7f3a",
        source: "signal:payments",
        reason: "card-entry",
        pauseBehavior: "silence",
        recording: null,
        placedBy: { source: "signal:payments", request: "msg_1" },
        outcome: "released",
        confirmed: true,
        paused: ["33333333-3333-4333-8333-333333333331", "33333333-3333-4333-8333-333333333332"],
        exposureMs: 180,
        sentAt: "2026-11-23T15:45:59.950Z",
        receivedAt: "2026-11-23T15:46:00.000Z",
        writtenAt: "2026-11-23T15:46:00.030Z",
        onWireAt: "2026-11-23T15:46:00.040Z",
        lookedAt: "2026-11-23T15:46:00.120Z",
        confirmedAt: "2026-11-23T15:46:00.180Z",
        expiresAt: "2026-11-23T16:01:00.000Z",
        endSentAt: "2026-11-23T15:47:00.000Z",
        endedAt: "2026-11-23T15:47:00.040Z",
        endedBy: { source: "check", request: "chain-1" },
        runningAt: "2026-11-23T15:47:00.300Z",
      },
    ],
    exceptions: [],
  });
});

describe("when its pause was on the wire", () => {
  const onWireAt = (...entries: Step[]) => evidenceOf(told(...entries)).holds.map((hold) => hold.onWireAt);

  test("is the time of the first request, whatever came of it, and stays it", () => {
    expect(
      onWireAt(
        [30, placed(payment, 0), sent("paused", 20, first)],
        [190, sent("paused", 150, first), ...paused],
      ),
    ).toEqual(["2026-11-23T15:46:00.020Z"]);
  });

  test("is unknown where no pause was sent for it", () => {
    expect(onWireAt([30, placed(payment, 0)], [90, sent("in-progress", 60, first)])).toEqual([null]);
  });

  test("is no time before it was received, and none of a recording that it does not cover", () => {
    expect(
      onWireAt(
        [130, placed(payment, 100, { recording: second }), sent("paused", 90, second)],
        [180, sent("paused", 140, first)],
        [190, sent("paused", 150, second)],
      ),
    ).toEqual(["2026-11-23T15:46:00.150Z"]);
  });
});

describe("the outcome of a hold, and for how long at most audio may have been recorded under it", () => {
  const ends: [string, Fact, string][] = [
    ["its source", released(payment, 60_000), "released"],
    ["time", { type: "hold-expired", key: payment }, "expired"],
    [
      "SignalWire, which knows no such conference",
      { type: "hold-withdrawn", key: payment, why: "no-such-conference" },
      "withdrawn",
    ],
    ["an operator", { type: "all-holds-released", reason: "shift-end" }, "released-by-operator"],
    ["the end of the conference", { type: "conference-ended", how: "seen-over" }, "conference-ended"],
  ];
  test.each(ends)("ended by %s", (_, end, outcome) => {
    expect(outcomeOf(...held, [60_040, end])).toEqual([[outcome, 180]]);
  });

  test.each(ends)("ended by %s, never confirmed: exposed up to its end", (_, end, outcome) => {
    expect(outcomeOf([30, placed(payment, 0)], [60_040, end])).toEqual([[outcome, 60_040]]);
  });

  test("in force and confirmed", () => {
    expect(outcomeOf(...held)).toEqual([["active", 180]]);
  });

  test("in force and not confirmed: nobody can say yet", () => {
    expect(outcomeOf([30, placed(payment, 0)])).toEqual([["active", null]]);
  });

  test("found running and confirmed again: both exposures", () => {
    const found: Fact = { type: "found-running", recording: first, how: "resumed-by-other", exposureMs: 900 };
    const again = [seen(5_100, "paused", "paused"), confirmed(payment, 5_300, 300)] as const;
    expect(outcomeOf(...held, [5_000, found], [5_350, ...again])).toEqual([["active", 1_380]]);
    expect(outcomeOf(...held, [5_000, found])).toEqual([["active", null]]);
    expect(outcomeOf(...held, [5_000, found], [60_000, released(payment, 59_000)])).toEqual([
      ["released", 56_080],
    ]);
  });

  test("stopped while in force, and the end of the conference behind it", () => {
    const stop: Fact = { type: "stop-ordered", reason: "consent-withdrawn" };
    expect(outcomeOf(...held, [60_000, stop])).toEqual([["stopped", 180]]);
    const over: Fact = { type: "conference-ended", how: "seen-over" };
    expect(outcomeOf(...held, [60_000, stop], [61_000, over])).toEqual([["stopped", 180]]);
  });

  test("another recording stopped: it stands", () => {
    const stop: Fact = { type: "stop-ordered", recording: second };
    expect(outcomeOf([30, placed(payment, 0, { recording: first })], [40, stop])).toEqual([["active", null]]);
  });

  test("placed anew by its source: the first ends there, the second goes on", () => {
    expect(outcomeOf(...held, [60_000, placed(payment, 59_900)])).toEqual([
      ["replaced", 180],
      ["active", null],
    ]);
  });

  test("one hold's end is no other's", () => {
    expect(outcomeOf(...held, [200, placed(consent, 190)], [60_000, released(payment, 59_000)])).toEqual([
      ["released", 180],
      ["active", null],
    ]);
  });
});

describe("when it was seen running again", () => {
  const runningAt = (...entries: Step[]) => evidenceOf(told(...entries)).holds[0]?.runningAt;
  const end = [60_040, released(payment, 60_000)] as const;

  test("not while one of its recordings is still paused", () => {
    expect(runningAt(...held, end, [60_400, seen(60_300, "paused", "in-progress")])).toBeNull();
    expect(
      runningAt(
        ...held,
        end,
        [60_400, seen(60_300, "paused", "in-progress")],
        [61_000, seen(60_900, "resumed", "in-progress")],
      ),
    ).toBe("2026-11-23T15:47:00.900Z");
  });

  test("not by a look that began before it ended", () => {
    expect(runningAt(...held, end, [60_400, seen(60_000, "in-progress", "in-progress")])).toBeNull();
  });

  test("not where the recordings are over", () => {
    expect(runningAt(...held, end, [60_400, seen(60_300, "completed", "absent")])).toBeNull();
  });

  test("only by recordings that it covers", () => {
    const one = [30, placed(payment, 0, { recording: first })] as const;
    expect(runningAt(one, end, [60_400, seen(60_300, "completed", "in-progress")])).toBeNull();
  });
});

describe("exceptions", () => {
  test("a call as it should be has none", () => {
    expect(
      whatOf(
        ...held,
        [60_040, released(payment, 60_000)],
        [60_400, seen(60_300, "in-progress", "in-progress")],
      ),
    ).toEqual([]);
  });

  test.each([
    [5_000, []],
    [5_001, ["late 1"]],
  ])("confirmed after %d ms", (exposureMs, exceptions) => {
    expect(
      whatOf([30, placed(payment, 0)], [5_100, seen(4_900, "paused"), confirmed(payment, 5_001, exposureMs)]),
    ).toEqual(exceptions);
  });

  const found: Fact = { type: "found-running", recording: first, how: "resumed-by-other", exposureMs: 900 };
  const again = [seen(5_100, "paused"), confirmed(payment, 5_300, 300)] as const;
  const overdue: Fact = { type: "pause-overdue", key: payment, exposureMs: 30_010 };
  const resume = [60_040, released(payment, 60_000)] as const;
  test.each<[string, Step[], string[]]>([
    ["not confirmed yet", [[30, placed(payment, 0)]], ["unconfirmed 1"]],
    ["never confirmed", [[30, placed(payment, 0)], resume], ["unconfirmed 2"]],
    ["found running", [...held, [5_000, found], [5_350, ...again]], ["exposed 3"]],
    [
      "found running and not confirmed again",
      [...held, [5_000, found], resume],
      ["exposed 3", "unconfirmed 4", "not-resumed 4", "not-resumed 4"],
    ],
    [
      "some paused while others run",
      [
        [30, placed(payment, 0)],
        [7_000, seen(6_900, "paused", "in-progress")],
        [7_400, ...paused],
      ],
      ["partial 2"],
    ],
    [
      "some over, the others paused",
      [
        [30, placed(payment, 0)],
        [7_000, seen(6_900, "completed", "paused")],
        [7_400, ...paused],
      ],
      [],
    ],
    [
      "not confirmed for 30 s",
      [
        [30, placed(payment, 0)],
        [30_020, overdue],
        [31_000, seen(30_900, "paused"), confirmed(payment, 31_000, 31_000)],
      ],
      ["late 1", "overdue 2"],
    ],
    ["over its limit", [...held, [900_000, { type: "hold-over-limit", key: payment }]], ["over-limit 3"]],
    [
      "ended by time",
      [...held, [60_000, { type: "hold-expired", key: payment }]],
      ["expired 3", "not-resumed 3", "not-resumed 3"],
    ],
    [
      "no such conference",
      [
        [30, placed(payment, 0)],
        [400, { type: "hold-withdrawn", key: payment, why: "no-such-conference" }],
      ],
      ["withdrawn 2"],
    ],
    [
      "an operator released all",
      [
        ...held,
        [60_000, { type: "all-holds-released", reason: "shift-end" }],
        [60_400, seen(60_300, "in-progress", "in-progress")],
      ],
      ["released-by-operator 3"],
    ],
    ["stopped", [...held, [60_000, { type: "stop-ordered", reason: "consent-withdrawn" }]], ["stopped 3"]],
    [
      "paused by somebody else",
      [[0, seen(0, "paused"), { type: "found-paused", recording: first }]],
      ["paused-without-hold 1"],
    ],
    [
      "still paused behind its end",
      [...held, resume, [75_000, seen(74_900, "paused", "in-progress")]],
      ["not-resumed 3"],
    ],
    [
      "still paused for another hold",
      [
        ...held,
        [200, placed(consent, 190)],
        [300, seen(290, "paused"), confirmed(consent, 300, 110)],
        resume,
      ],
      [],
    ],
    [
      "paused at its end, and the conference over",
      [...held, resume, [60_500, { type: "conference-ended", how: "seen-over" }]],
      [],
    ],
    [
      "a trigger that changed nothing",
      [
        ...held,
        [500, { type: "operation-ignored", operation: "place", why: "duplicate", key: payment, at: start }],
      ],
      ["ignored 3"],
    ],
    ["a fact about a hold that was never placed", [[0, overdue]], ["overdue 1"]],
  ])("%s", (_, entries, exceptions) => {
    expect(whatOf(...entries)).toEqual(exceptions);
  });

  test("say which hold, which recording, how long and why", () => {
    const stop: Fact = { type: "stop-ordered", reason: "consent-withdrawn", recording: second };
    expect(evidenceOf(told(...held, [5_000, found], [5_350, ...again], [6_000, stop])).exceptions).toEqual([
      {
        what: "exposed",
        position: 3,
        at: "2026-11-23T15:46:05.000Z",
        hold: "signal:payments/payment-7f3a",
        placement: 1,
        recording: "33333333-3333-4333-8333-333333333331",
        milliseconds: 900,
        why: "resumed-by-other",
      },
      {
        what: "stopped",
        position: 5,
        at: "2026-11-23T15:46:06.000Z",
        recording: "33333333-3333-4333-8333-333333333332",
        why: "consent-withdrawn",
      },
    ]);
  });
});

describe("a period", () => {
  const entries = told(
    ...held,
    [60_000, placed(consent, 59_990)],
    [90_000, { type: "hold-expired", key: payment }],
    [95_000, { type: "stop-ordered" }],
  );
  const inPeriod = (fromMs: number, toMs: number) => {
    const { holds, exceptions } = evidenceOf(entries, { from: start + fromMs, to: start + toMs });
    return [holds.map(({ position }) => position), exceptions.map(({ what }) => what)];
  };

  test.each([
    ["before everything", -9_000, 0, [[], []]],
    ["from the very receipt on", 0, 1, [[1], ["expired"]]],
    ["up to the second's receipt", 1, 59_990, [[], []]],
    ["of the second's receipt", 59_990, 60_000, [[3], ["unconfirmed"]]],
    ["in which the first expired: its exception is told in both", 89_000, 91_000, [[], ["expired"]]],
    ["of the stop, which concerns no hold alone", 94_000, 96_000, [[], ["stopped"]]],
    ["after everything", 96_000, 99_000, [[], []]],
  ])("%s", (_, fromMs, toMs, expected) => {
    expect(inPeriod(fromMs, toMs)).toEqual(expected);
  });
});

// Facts as they come, in any order: what they say together need not make sense.
const anyFact: fc.Arbitrary<Fact> = fc
  .record({
    key: fc.constantFrom(payment, consent),
    ms: fc.integer({ min: 0, max: 10_000 }),
    number: fc.nat(13),
  })
  .chain(({ key, ms, number }) =>
    fc.constantFrom(
      placed(key, ms),
      placed(key, ms, { recording: first }),
      seen(ms, ...["paused", "in-progress", "completed", "queued"].slice(number % 4)),
      confirmed(key, ms, number * 1_000),
      released(key, ms),
      { type: "hold-expired" as const, key },
      { type: "all-holds-released" as const, reason: "shift-end" },
      { type: "found-running" as const, recording: second, how: "started" as const, exposureMs: number },
      { type: "pause-overdue" as const, key, exposureMs: 30_000 },
      { type: "stop-ordered" as const },
      { type: "conference-ended" as const, how: "seen-over" as const },
    ),
  );
const anyEntries: fc.Arbitrary<readonly Recorded[]> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 9_000 }), fc.array(anyFact, { minLength: 1, maxLength: 3 })), {
    maxLength: 12,
  })
  .map((steps) =>
    told(...steps.toSorted(([one], [other]) => one - other).map(([atMs, facts]): Step => [atMs, ...facts])),
  );

describe("whatever the facts are", () => {
  test("every placement is told exactly once, and ends where a later one of the same hold begins", () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const placements = entries.flatMap(({ position, facts }) =>
          facts.flatMap((fact) => (fact.type === "hold-placed" ? [position] : [])),
        );
        const { holds } = evidenceOf(entries);
        expect(holds.map(({ position }) => position)).toEqual(placements);
        for (const key of [payment, consent]) {
          const open = holds.filter(({ hold, endedAt }) => hold === key && endedAt === null);
          expect(open.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test("what was not confirmed to the end is an exception, unless SignalWire knew no such conference", () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const { holds, exceptions } = evidenceOf(entries);
        for (const { position, hold, confirmed: isConfirmed, outcome } of holds) {
          if (isConfirmed || outcome === "withdrawn") continue;
          expect(exceptions).toContainEqual(
            expect.objectContaining({ what: "unconfirmed", hold, placement: position }),
          );
        }
      }),
    );
  });

  test("periods side by side tell every hold once and miss no exception", () => {
    fc.assert(
      fc.property(anyEntries, fc.integer({ min: 0, max: 10_000 }), (entries, cutMs) => {
        const cut = start + cutMs;
        const all = evidenceOf(entries);
        const before = evidenceOf(entries, { from: 0, to: cut });
        const after = evidenceOf(entries, { from: cut, to: start * 2 });
        const texts = (holds: readonly object[]) => holds.map((hold) => JSON.stringify(hold)).toSorted();
        expect(texts([...before.holds, ...after.holds])).toEqual(texts(all.holds));
        for (const exception of all.exceptions)
          expect([...before.exceptions, ...after.exceptions]).toContainEqual(exception);
      }),
    );
  });
});
