// Step 2 of the evidence: what an assessor is shown, from what was collected. Pure: the same makes the same, to the byte.
import type { Collected, Period } from "./collect.ts";
import type { Conference, Exception, Hold } from "./page.ts";
import { drawSample } from "./sample.ts";

export type HoldRow = { readonly conference: Conference; readonly hold: Hold };
export type ExceptionRow = { readonly conference: Conference; readonly exception: Exception };
export type SampleRow = HoldRow & { readonly draw: string };

export type Report = {
  readonly asked: Partial<Period> & {
    readonly conference?: string;
    readonly seed: string;
    readonly sample: number;
  };
  readonly population: Population;
  readonly exceptions: readonly ExceptionRow[];
  readonly sample: readonly SampleRow[];
  /** By the time they were received. */
  readonly holds: readonly HoldRow[];
  readonly collected: Collected;
};

export type Population = {
  readonly conferences: number;
  readonly holds: number;
  readonly confirmed: number;
  /** Milliseconds from receipt to the first confirmation, or more where a recording was found running later. */
  readonly exposureMs: { readonly p50: number; readonly p95: number; readonly max: number } | null;
  readonly sources: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly exceptions: Readonly<Record<string, number>>;
};

/** The gravest first. What is not in the list comes behind it. */
const gravity = [
  "not-intact",
  "exposed",
  "unconfirmed",
  "partial",
  "overdue",
  "late",
  "not-resumed",
  "over-limit",
  "expired",
  "stopped",
  "released-by-operator",
  "paused-without-hold",
  "withdrawn",
  "ignored",
];

export const nameOf = ({ conference: { project, conference }, hold }: HoldRow): string =>
  `${project}/${conference}/${hold.position}`;

export function reportOf(collected: Collected, asked: Report["asked"]): Report {
  const { conferences } = collected;
  const holds = conferences
    .flatMap((conference) => conference.holds.map((hold): HoldRow => ({ conference, hold })))
    .toSorted(
      (one, other) => order(one.hold.receivedAt, other.hold.receivedAt) || order(nameOf(one), nameOf(other)),
    );
  const exceptions = conferences
    .flatMap((conference) =>
      [...notIntact(conference), ...conference.exceptions].map(
        (exception): ExceptionRow => ({ conference, exception }),
      ),
    )
    .toSorted((one, other) => rank(one) - rank(other) || order(one.exception.at, other.exception.at));
  const drawn = drawSample(holds, nameOf, { seed: asked.seed, size: asked.sample });
  const sample = drawn.map(({ member, draw }): SampleRow => ({ ...member, draw }));
  return {
    asked,
    population: populationOf(conferences, holds, exceptions),
    exceptions,
    sample,
    holds,
    collected,
  };
}

function notIntact({ intact, brokenAt, unreadable }: Conference): readonly Exception[] {
  if (intact) return [];
  const why = unreadable.length === 0 ? "" : `cannot be read: ${unreadable.join(" ")}`;
  return [{ what: "not-intact", position: brokenAt ?? 0, at: "", ...(why !== "" && { why }) }];
}

function populationOf(
  conferences: readonly Conference[],
  holds: readonly HoldRow[],
  exceptions: readonly ExceptionRow[],
): Population {
  const exposures = holds
    .flatMap(({ hold: { confirmed, exposureMs } }) => (confirmed && exposureMs !== null ? [exposureMs] : []))
    .toSorted((one, other) => one - other);
  return {
    conferences: conferences.length,
    holds: holds.length,
    confirmed: holds.filter(({ hold }) => hold.confirmed).length,
    exposureMs:
      exposures.length === 0
        ? null
        : {
            p50: percentile(exposures, 0.5),
            p95: percentile(exposures, 0.95),
            max: percentile(exposures, 1),
          },
    sources: counts(holds.map(({ hold }) => hold.source)),
    outcomes: counts(holds.map(({ hold }) => hold.outcome)),
    exceptions: counts(exceptions.map(({ exception }) => exception.what)),
  };
}

/** By nearest rank: a time that was measured, not one between two. */
const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

const counts = (words: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(words.toSorted(), (word) => word)].map(([word, all]) => [word, all.length]),
  );

const rank = ({ exception: { what } }: ExceptionRow): number =>
  gravity.includes(what) ? gravity.indexOf(what) : gravity.length;
const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
