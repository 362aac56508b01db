import type { Cause } from "./command.ts";
import type { Fact } from "./facts.ts";
import { covers, type Hold, type HoldKey, holdKey } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";
import { activityOf } from "./status.ts";

/** One entry, as far as evidence needs it. */
export type Recorded = {
  readonly position: number;
  readonly at: Millis;
  readonly cause: Cause;
  readonly facts: readonly Fact[];
};

/** How a hold ended. `replaced`: its source placed it anew. */
export type HoldEnd =
  | "released"
  | "expired"
  | "withdrawn"
  | "released-by-operator"
  | "replaced"
  | "stopped"
  | "conference-ended";

export type Confirmation = {
  readonly at: Millis;
  readonly lookedAt?: Millis;
  readonly exposureMs: Millis;
  /** What was seen paused. */
  readonly recordings: readonly RecordingSid[];
};

type FoundRunning = Extract<Fact, { type: "found-running" }>;
type Trouble = FoundRunning | Extract<Fact, { type: "pause-overdue" | "hold-over-limit" }>;
type Seen = Extract<Fact, { type: "recordings-seen" }>;

/** One placement of a hold, from its beginning to its end. Grows while the facts are gone through. */
export type Course = {
  readonly key: HoldKey;
  readonly hold: Hold;
  readonly placed: Recorded;
  readonly confirmations: Confirmation[];
  /** What went wrong while it was in force. */
  readonly troubles: { readonly entry: Recorded; readonly fact: Trouble }[];
  /** Since when it has not been confirmed; undefined: it is. */
  exposedSince: Millis | undefined;
  /** When the first pause for it left for SignalWire. */
  onWireAt: Millis | undefined;
  /** The first entry in which, while it was not confirmed, some of its recordings were paused and others ran. */
  partial?: Recorded;
  stopped?: Recorded;
  /** `sentAt`: the release's time at its source. */
  end?: { readonly how: HoldEnd; readonly entry: Recorded; readonly sentAt?: Millis };
  /** When the first look began that showed its recordings running after it. */
  runningAt?: Millis;
};

export const begun = (placed: Recorded, hold: Hold): Course => ({
  key: holdKey(hold.source, hold.id),
  hold,
  placed,
  confirmations: [],
  troubles: [],
  exposedSince: hold.receivedAt,
  onWireAt: undefined,
});

/** The look behind a confirmation is in the same entry. */
export function confirm(
  course: Course,
  { at, exposureMs }: Extract<Fact, { type: "pause-confirmed" }>,
  { facts }: Recorded,
): void {
  const look = facts.find((fact) => fact.type === "recordings-seen");
  const paused = look?.recordings.filter(({ sid, status }) => covers(course.hold, sid) && isPaused(status));
  course.confirmations.push({
    at,
    exposureMs,
    ...(look === undefined ? {} : { lookedAt: look.lookedAt }),
    recordings: paused?.map(({ sid }) => sid) ?? [],
  });
  course.exposedSince = undefined;
}

/** Requests of other holds, earlier ones, may be written down late. */
export function sendFor(course: Course, { requests }: Extract<Fact, { type: "requests-sent" }>): void {
  const { hold } = course;
  course.onWireAt ??= requests.find(
    ({ recording, to, at }) => to === "paused" && covers(hold, recording) && at >= hold.receivedAt,
  )?.at;
}

export function expose(course: Course, fact: FoundRunning, entry: Recorded): void {
  if (course.exposedSince !== undefined || !covers(course.hold, fact.recording)) return;
  course.troubles.push({ entry, fact });
  course.exposedSince = entry.at;
}

/** What a look shows of a hold that is in force. */
export function lookAt(course: Course, fact: Seen, entry: Recorded): void {
  if (course.exposedSince === undefined) return;
  const activities = activitiesFor(course, fact);
  if (activities.includes("paused") && activities.includes("running")) course.partial ??= entry;
}

/** What a look shows of a hold that has ended. @returns true where there is nothing more to be awaited */
export function lookAfter(course: Course, fact: Seen): boolean {
  const activities = activitiesFor(course, fact);
  if (fact.lookedAt < (course.end?.entry.at ?? 0)) return false;
  if (activities.includes("paused") || activities.includes("queued")) return false;
  if (activities.includes("running")) course.runningAt = fact.lookedAt;
  return true;
}

const isPaused = (status: string): boolean => activityOf(status) === "paused";
const activitiesFor = ({ hold }: Course, { recordings }: Seen) =>
  recordings.filter(({ sid }) => covers(hold, sid)).map(({ status }) => activityOf(status));
