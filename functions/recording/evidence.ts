import type { Cause, PauseBehavior, Source } from "./command.ts";
import type { Course, HoldEnd, Recorded } from "./evidence-course.ts";
import { coursesOf } from "./evidence-courses.ts";
import { type Exception, exceptionsOf } from "./evidence-exceptions.ts";
import type { HoldKey } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";

/** From `from` on, before `to`. */
export type Period = { readonly from: Millis; readonly to: Millis };

/** One placement of a hold as an assessor reads it. Times are ISO 8601, UTC; null: it did not happen, or the ledger does not say. */
export type HoldEvidence = {
  /** Of the entry that placed it: together with the conference its name. */
  readonly position: number;
  readonly hold: HoldKey;
  readonly source: Source;
  readonly reason: string;
  readonly pauseBehavior: PauseBehavior;
  /** Null: all recordings of the conference. */
  readonly recording: RecordingSid | null;
  readonly placedBy: Cause;
  /** `active`: not ended in the ledger's newest entry. */
  readonly outcome: HoldEnd | "active";
  readonly confirmed: boolean;
  /** What the first confirming look showed paused. */
  readonly paused: readonly RecordingSid[];
  /** At most this long audio may have been recorded under this hold; null: that is not over yet. */
  readonly exposureMs: Millis | null;
  /** By its sender's clock, or by ours if it has none. */
  readonly sentAt: string;
  readonly receivedAt: string;
  readonly writtenAt: string;
  /** The first pause for it left for SignalWire. */
  readonly onWireAt: string | null;
  /** The look that confirmed it began, and was answered. */
  readonly lookedAt: string | null;
  readonly confirmedAt: string | null;
  readonly expiresAt: string;
  /** The release by its sender's clock. */
  readonly endSentAt: string | null;
  readonly endedAt: string | null;
  readonly endedBy: Cause | null;
  /** A look that began then showed its recordings running again. */
  readonly runningAt: string | null;
};

export type Evidence = { readonly holds: readonly HoldEvidence[]; readonly exceptions: readonly Exception[] };

/**
 * The evidence in the facts of one conference: holds received in the period, and exceptions that fall into it or concern one of
 * those holds. Without a period: all.
 * @throws RangeError, TypeError where the facts are none of ours
 */
export function evidenceOf(entries: readonly Recorded[], period?: Period): Evidence {
  const courses = coursesOf(entries);
  const isIn = (at: Millis) => period === undefined || (period.from <= at && at < period.to);
  return {
    holds: courses.filter(({ hold }) => isIn(hold.receivedAt)).map(holdEvidence),
    exceptions: exceptionsOf(entries, courses)
      .filter(({ at, holdReceivedAt }) => isIn(at) || (holdReceivedAt !== undefined && isIn(holdReceivedAt)))
      .map(({ at, holdReceivedAt: _, ...exception }) => ({ ...exception, at: iso(at) })),
  };
}

function holdEvidence(course: Course): HoldEvidence {
  const { hold, placed, end, confirmations } = course;
  const [first] = confirmations;
  return {
    position: placed.position,
    hold: course.key,
    source: hold.source,
    reason: hold.reason,
    pauseBehavior: hold.pauseBehavior,
    recording: hold.recording ?? null,
    placedBy: placed.cause,
    outcome: end?.how ?? (course.stopped === undefined ? "active" : "stopped"),
    confirmed: first !== undefined,
    paused: first?.recordings ?? [],
    exposureMs: exposureOf(course),
    sentAt: iso(hold.at),
    receivedAt: iso(hold.receivedAt),
    writtenAt: iso(placed.at),
    onWireAt: isoOrNull(course.onWireAt),
    lookedAt: isoOrNull(first?.lookedAt),
    confirmedAt: isoOrNull(first?.at),
    expiresAt: iso(hold.expiresAt),
    endSentAt: isoOrNull(end?.sentAt),
    endedAt: isoOrNull(end?.entry.at),
    endedBy: end?.entry.cause ?? null,
    runningAt: isoOrNull(course.runningAt),
  };
}

/** The sum of what the ledger says of it and, where it ended unconfirmed, of the time up to that. */
function exposureOf({ confirmations, troubles, exposedSince, end }: Course): Millis | null {
  const found = troubles.map(({ fact }) => (fact.type === "found-running" ? fact.exposureMs : 0));
  const sum = [...confirmations.map(({ exposureMs }) => exposureMs), ...found].reduce(
    (all, one) => all + one,
    0,
  );
  if (exposedSince === undefined) return sum;
  return end === undefined ? null : sum + Math.max(0, end.entry.at - exposedSince);
}

const iso = (at: Millis): string => new Date(at).toISOString();
const isoOrNull = (at: Millis | undefined): string | null => (at === undefined ? null : iso(at));
