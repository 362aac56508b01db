import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { collectPeriod, collectSaved } from "../../infra/evidence/collect.ts";
import type { Page } from "../../infra/evidence/page.ts";
import { conferenceOf, holdOf, pageOf, project, sidOf } from "./pages.ts";

const period = { from: "2026-11-23T00:00:00.000Z", to: "2026-11-24T00:00:00.000Z" };

/** Answers the pages one after the other, as they name each other. */
const answering =
  (pages: readonly Page[], asked: object[] = []) =>
  async (question: object) => {
    asked.push(question);
    const next = "next" in question ? question.next : null;
    return pages.find(({ after }) => after === next);
  };

/** Numbers of conferences, cut into pages at random, each page with the cursor of the next. */
const anyPages = fc
  .array(fc.array(fc.nat(30), { maxLength: 6 }), { minLength: 1, maxLength: 8 })
  .map((numbers) =>
    numbers.map((of, index) =>
      pageOf({
        after: index === 0 ? null : `cursor${index}`,
        next: index === numbers.length - 1 ? null : `cursor${index + 1}`,
        ledgers: of.length,
        entries: of.length * 4,
        conferences: of.map((number) => conferenceOf(number)),
      }),
    ),
  );

const numbersIn = (pages: readonly Page[]) =>
  [
    ...new Set(pages.flatMap(({ conferences }) => conferences.map(({ conference }) => conference))),
  ].toSorted();

describe("a period's evidence", () => {
  test("is asked for page by page until there is no next", async () => {
    const asked: object[] = [];
    const pages = [pageOf({ next: "ab", ledgers: 2 }), pageOf({ after: "ab", ledgers: 1, strays: 1 })];
    const collected = await collectPeriod(answering(pages, asked), { ...period, project });
    expect(asked).toEqual([
      { action: "evidence", ...period, project },
      { action: "evidence", ...period, project, next: "ab" },
    ]);
    expect(collected).toEqual({ ledgers: 3, entries: 0, expired: 0, strays: 1, conferences: [] });
  });

  test("has every conference of every page once, whatever the pages", async () => {
    await fc.assert(
      fc.asyncProperty(anyPages, async (pages) => {
        const { conferences, ledgers } = await collectPeriod(answering(pages), period);
        expect(conferences.map(({ conference }) => conference)).toEqual(numbersIn(pages));
        expect(ledgers).toBe(pages.reduce((all, page) => all + page.ledgers, 0));
      }),
    );
  });

  test("has a conference that grew on the way as it came last", async () => {
    const grown = conferenceOf(1, { entries: 9, holds: [holdOf()] });
    for (const conferences of [
      [conferenceOf(1), grown],
      [grown, conferenceOf(1)],
    ])
      expect((await collectPeriod(answering([pageOf({ conferences })]), period)).conferences).toEqual([
        grown,
      ]);
  });

  test("asks alone for a conference that was too large", async () => {
    const large = conferenceOf(1, { tooLarge: true });
    const whole = conferenceOf(1, { holds: [holdOf()] });
    const asked: object[] = [];
    const ask = async (question: object) => {
      asked.push(question);
      return pageOf({ conferences: ["conference" in question ? whole : large] });
    };
    expect((await collectPeriod(ask, period)).conferences).toEqual([whole]);
    expect(asked[1]).toEqual({ action: "evidence", project, conference: sidOf(1), ...period });
  });

  test.each([
    [
      "that is answered twice",
      [pageOf({ next: "ab" }), pageOf({ after: "ab", next: "ab" })],
      "The same page",
    ],
    [
      "that is none",
      [{ ...pageOf(), conferences: [{}] }],
      "This is no page of evidence: conferences.0.project",
    ],
  ])("fails on a page %s", async (_, pages, message) => {
    await expect(collectPeriod(answering(pages as Page[]), period)).rejects.toThrow(message);
  });
});

describe("saved pages", () => {
  test("in any order are the same evidence", async () => {
    await fc.assert(
      fc.asyncProperty(anyPages, async (pages) => {
        const shuffled = pages.toReversed();
        expect(collectSaved(shuffled)).toEqual({
          period,
          collected: await collectPeriod(answering(pages), period),
        });
      }),
    );
  });

  test("of which any is missing are refused", () => {
    fc.assert(
      fc.property(anyPages, fc.nat(), (pages, which) => {
        const rest = pages.toSpliced(which % pages.length, 1);
        expect(() => collectSaved(rest)).toThrow(/missing/);
      }),
    );
  });

  test.each([
    ["of two periods", [pageOf({ next: "ab" }), pageOf({ after: "ab", to: "2026-11-25T00:00:00.000Z" })]],
    ["of two projects", [pageOf({ next: "ab" }), pageOf({ after: "ab", project })]],
  ])("%s are refused", (_, pages) => {
    expect(() => collectSaved(pages)).toThrow("These are pages of different periods or projects");
  });

  test("of before it was told when a pause was on the wire say that nobody knows", () => {
    const { onWireAt: _, ...earlier } = holdOf();
    const { collected } = collectSaved([
      { ...pageOf(), conferences: [{ ...conferenceOf(1), holds: [earlier] }] },
    ]);
    expect(collected.conferences[0]?.holds[0]?.onWireAt).toBeNull();
  });

  test("that name each other in a circle are refused", () => {
    const pages = [
      pageOf({ next: "ab" }),
      pageOf({ after: "ab", next: "cd" }),
      pageOf({ after: "cd", next: "ab" }),
    ];
    expect(() => collectSaved(pages)).toThrow("A page is missing");
  });

  test("with a conference that was too large are refused", () => {
    const conferences = [conferenceOf(1, { tooLarge: true })];
    expect(() => collectSaved([pageOf({ conferences })])).toThrow("has to be asked for alone");
  });
});
