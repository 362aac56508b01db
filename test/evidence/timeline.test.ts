import { describe, expect, test } from "vitest";
import { exposuresOf, gapsOf } from "../../functions/recording/history.ts";
import { isLedgerAnswer, type LedgerAnswer, timelineOf } from "../../infra/local/timeline/timeline.ts";
import { writeEveryFact } from "../ledger/every-fact.ts";
import {
  confirmed,
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

/** What the action `ledger` answers of these entries. */
function answerOf(...steps: Step[]): LedgerAnswer {
  const entries = told(...steps);
  return {
    conference: "c0ffee00-1111-4222-8333-444455556666",
    entries: entries.map(({ at, ...entry }) => ({ ...entry, at: new Date(at).toISOString() })),
    exposures: exposuresOf(entries),
    gaps: gapsOf(entries),
  };
}

describe("the timeline of a call", () => {
  test("says who, what, when it was sent, received, on the wire and seen, the outcome, the exposure and the gaps", () => {
    const lines = timelineOf(
      answerOf(
        [30, placed(payment, 0)],
        [190, sent("paused", 40, first, second), seen(120, "paused", "paused"), confirmed(payment, 180, 180)],
        [60_040, released(payment, 60_000)],
        [60_100, { type: "resume-started", recording: first, ticket: "ticket-1", expiresAt: start + 70_100 }],
        [
          60_400,
          sent("in-progress", 60_110, first),
          { type: "resume-ended", ticket: "ticket-1", outcome: "seen-running" },
          seen(60_300, "in-progress", "paused"),
        ],
      ),
    );
    expect(lines.join("\n")).toBe(`\
Conference c0ffee00-1111-4222-8333-444455556666, 2026-11-23, times in UTC

#  written       who              what                                                   sent          received      on the wire   seen          outcome         exposure
1  15:46:00.030  signal:payments  hold signal:payments/payment-7f3a placed: card-entry   15:45:59.950  15:46:00.000                              until 16:01:00
2  15:46:00.190  check            requested: pause of recording 1, pause of recording 2                              15:46:00.040
2  15:46:00.190  check            seen: recording 1 paused, recording 2 paused                                                     15:46:00.120
2  15:46:00.190  check            hold signal:payments/payment-7f3a confirmed                                                      15:46:00.180  confirmed       180 ms
3  15:47:00.040  check            hold signal:payments/payment-7f3a released             15:47:00.000                                            released
4  15:47:00.100  check            resume of recording 1 under a ticket
5  15:47:00.400  check            requested: resume of recording 1                                                   15:47:00.110
5  15:47:00.400  check            resume of recording 1 ended                                                                                    seen-running
5  15:47:00.400  check            seen: recording 1 in-progress, recording 2 paused                                                15:47:00.300

Gaps, by the looks that showed them:
  recording 1 paused from 15:46:00.120 to 15:47:00.300 (60180 ms)
  recording 2 paused from 15:46:00.120 not seen running again

recording 1 is 33333333-3333-4333-8333-333333333331
recording 2 is 33333333-3333-4333-8333-333333333332`);
  });

  test("leaves out a column in which nothing stands", () => {
    expect(timelineOf(answerOf([0, { type: "conference-missing" }])).slice(2, 4)).toEqual([
      "#  written       who    what",
      "1  15:46:00.000  check  SignalWire does not know the conference",
    ]);
  });

  test("of a ledger that is not intact says so before all", () => {
    const [, notIntact] = timelineOf({ ...answerOf([0, placed(payment, 0)]), brokenAt: 2 });
    expect(notIntact).toBe("NOT INTACT: position 2 is not as it was written. This is what can be read.");
  });

  test("of a conference of which nothing is written", () => {
    expect(timelineOf(answerOf())[0]).toBe(
      "Conference c0ffee00-1111-4222-8333-444455556666, nothing written, times in UTC",
    );
  });

  test("over midnight names both days", () => {
    const lines = timelineOf(answerOf([0, placed(payment, 0)], [9 * 3_600_000, released(payment, 0)]));
    expect(lines[0]).toContain("2026-11-23 to 2026-11-24");
  });

  test("moves no cursor, whatever an actor is called", () => {
    const answer = answerOf([0, { type: "found-paused", recording: second }]);
    const [entry] = answer.entries;
    if (entry === undefined) throw new Error("there is one");
    const evil = { ...entry, cause: { source: "control", actor: "\u001b[2J\u202eada\r\u0007" } };
    expect(timelineOf({ ...answer, entries: [evil] }).join("\n")).toContain("control ·[2J·ada··");
  });
});

test("every kind of fact has words of its own", async () => {
  const entries = (await writeEveryFact()).map(({ sk, entry }) => {
    const { at, cause, facts } = JSON.parse(entry);
    return { position: sk, at: new Date(at).toISOString(), cause, facts };
  });
  const lines = timelineOf({ conference: "c0ffee00", entries, exposures: [], gaps: [] });
  const types = entries.flatMap(({ facts }) => facts.map(({ type }: { type: string }) => type));
  for (const type of types) expect(lines.join("\n")).not.toContain(` ${type} `);
  expect(lines.join("\n")).not.toContain("undefined");
});

test.each([
  null,
  "text",
  {},
  { conference: "x", intact: true, entries: 5, brokenAt: null },
  { errorType: "Refused" },
])("%j is no ledger", (answer) => {
  expect(isLedgerAnswer(answer)).toBe(false);
});
