import type { Course, Recorded } from "./evidence-course.ts";
import type { Fact } from "./facts.ts";
import { covers, type HoldKey } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";
import { activityOf } from "./status.ts";

/** A confirmation that took longer is an exception. */
export const LATE_MS = 5_000;

/** What an assessor looks at first. */
export type ExceptionKind =
  /** A recording ran under a confirmed hold. */
  | "exposed"
  /** Not confirmed at its end, or not yet. */
  | "unconfirmed"
  /** Some of its recordings were paused while others ran. */
  | "partial"
  /** Confirmed, but later than in five seconds. */
  | "late"
  /** Not confirmed for so long that the policy decided: an alarm was raised. */
  | "overdue"
  | "over-limit"
  /** Ended by time, not by its source. */
  | "expired"
  /** SignalWire knew no such conference, or it was over. */
  | "withdrawn"
  /** An operator, or the policy, ended what others held. */
  | "released-by-operator"
  | "stopped"
  /** Paused by somebody else. */
  | "paused-without-hold"
  /** Still paused when last seen, though no hold was left. */
  | "not-resumed"
  /** A trigger that changed nothing, or was refused because it was stale. */
  | "ignored";

/** `position`: the entry that tells of it. `placement`: that of the hold it concerns. */
export type Exception<At = string> = {
  readonly what: ExceptionKind;
  readonly position: number;
  readonly at: At;
  readonly hold?: HoldKey;
  readonly placement?: number;
  readonly recording?: RecordingSid;
  readonly milliseconds?: Millis;
  readonly why?: string;
};
type Timed = Exception<Millis> & { readonly holdReceivedAt?: Millis };

/** In the order of the ledger. */
export function exceptionsOf(entries: readonly Recorded[], courses: readonly Course[]): readonly Timed[] {
  const ofHolds = new Set<Fact>(courses.flatMap(({ troubles }) => troubles.map(({ fact }) => fact)));
  const others = entries.flatMap((entry) =>
    entry.facts.filter((fact) => !ofHolds.has(fact)).flatMap((fact) => ofFact(entry, fact)),
  );
  const all = [...courses.flatMap(ofCourse), ...others, ...notResumed(entries, courses)];
  return all.toSorted((a, b) => a.position - b.position);
}

function ofCourse(course: Course): readonly Timed[] {
  const { key, hold, placed, confirmations, troubles, exposedSince, partial, end } = course;
  const about = (what: ExceptionKind, { position, at }: Recorded, more: Partial<Timed> = {}): Timed => ({
    what,
    position,
    at,
    hold: key,
    placement: placed.position,
    holdReceivedAt: hold.receivedAt,
    ...more,
  });
  const [first] = confirmations;
  const isLate = first !== undefined && first.exposureMs > LATE_MS;
  const isUnconfirmed = exposedSince !== undefined && end?.how !== "withdrawn";
  const byTime = end?.how === "expired" || end?.how === "withdrawn" ? [about(end.how, end.entry)] : [];
  return [
    ...(isUnconfirmed ? [about("unconfirmed", end?.entry ?? placed)] : []),
    ...(partial === undefined ? [] : [about("partial", partial)]),
    ...(isLate ? [about("late", placed, { milliseconds: first.exposureMs })] : []),
    ...troubles.map(({ entry, fact }) => ({ ...about("exposed", entry), ...troubleOf(fact) })),
    ...byTime,
  ];
}

function troubleOf(fact: Course["troubles"][number]["fact"]): Pick<Timed, "what"> & Partial<Timed> {
  switch (fact.type) {
    case "found-running":
      return { what: "exposed", recording: fact.recording, milliseconds: fact.exposureMs, why: fact.how };
    case "pause-overdue":
      return { what: "overdue", milliseconds: fact.exposureMs };
    case "hold-over-limit":
      return { what: "over-limit" };
    default:
      return fact satisfies never;
  }
}

/** What concerns no hold, or none that was ever placed. */
function ofFact({ position, at }: Recorded, fact: Fact): readonly Timed[] {
  const where = { position, at };
  switch (fact.type) {
    case "all-holds-released":
    case "stop-ordered": {
      const { recording, reason } = fact;
      const what = fact.type === "stop-ordered" ? "stopped" : "released-by-operator";
      return [{ what, ...where, ...(recording && { recording }), ...(reason && { why: reason }) }];
    }
    case "found-paused":
      return [{ what: "paused-without-hold", ...where, recording: fact.recording }];
    case "found-running":
    case "pause-overdue":
    case "hold-over-limit":
      return [{ ...where, ...troubleOf(fact) }];
    case "operation-ignored":
      return [
        {
          what: "ignored",
          ...where,
          ...(fact.key && { hold: fact.key }),
          why: `${fact.operation}: ${fact.why}`,
        },
      ];
    default:
      return [];
  }
}

/** Recordings that were paused when last seen although every hold on them had ended and the conference had not. */
function notResumed(entries: readonly Recorded[], courses: readonly Course[]): readonly Timed[] {
  const facts = entries.flatMap((entry) => entry.facts);
  if (facts.some(({ type }) => type === "conference-ended")) return [];
  const last = new Map<RecordingSid, string>();
  for (const fact of facts)
    if (fact.type === "recordings-seen") for (const { sid, status } of fact.recordings) last.set(sid, status);
  return [...last].flatMap(([recording, status]): Timed[] => {
    if (activityOf(status) !== "paused") return [];
    const concerned = courses.filter(({ hold }) => covers(hold, recording));
    const newest = concerned.at(-1);
    if (newest?.end === undefined || concerned.some(({ end }) => end === undefined)) return [];
    const { key, hold, placed, end } = newest;
    const { position, at } = end.entry;
    const about = { hold: key, placement: placed.position, holdReceivedAt: hold.receivedAt };
    return [{ what: "not-resumed", position, at, recording, ...about }];
  });
}
