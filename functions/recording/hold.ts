import type { PauseBehavior, Source } from "./command.ts";
import type { Millis, RecordingSid } from "./ids.ts";

/** A hold's name: its source and the id that the source chose. One source cannot touch another's. */
export type HoldKey = `${Source}/${string}`;

export const holdKey = (source: Source, id: string): HoldKey => `${source}/${id}`;

/** An id has no slash in it; the name of an event bus's source may. */
export const sourceOf = (key: HoldKey): Source => key.slice(0, key.lastIndexOf("/")) as Source;

/** One reason for recordings to be paused. */
export type Hold = {
  readonly source: Source;
  readonly id: string;
  readonly reason: string;
  /** The placement's time at its source; orders the operations of this hold. */
  readonly at: Millis;
  /** When its trigger reached us; exposure counts from here. */
  readonly receivedAt: Millis;
  /** Reported to the sender: receipt plus its own expiry or the limit of its reason, whichever is sooner. */
  readonly expiresAt: Millis;
  /** When it is released by itself; absent: never. */
  readonly releasesAt?: Millis;
  /** When it is over the limit of its reason and an operator has to decide; absent: never. */
  readonly alarmsAt?: Millis;
  readonly pauseBehavior: PauseBehavior;
  /** Present: it concerns this recording alone. */
  readonly recording?: RecordingSid;
};

/** An active hold as the ledger knows it. */
export type ActiveHold = Hold & {
  /** When every recording it covers was seen paused; absent: not confirmed, or no longer true. */
  readonly confirmedAt?: Millis;
  /** Present after a confirmed hold was found not to hold: exposure counts from here until it is confirmed again. */
  readonly exposedSince?: Millis;
  /** Set once the alarm for "over its limit" was written down. */
  readonly overLimit?: true;
  /** Set once the alarm for "not confirmed in time" was written down. */
  readonly overdue?: true;
};

/** What is remembered of a hold that is no longer, or not yet, active: enough to know a late delivery. */
export type Tombstone = {
  /** Time of the latest operation at its source. */
  readonly at: Millis;
  /** `released`: by its source. `ended`: by expiry, withdrawal or an operator, which have no time at the source. */
  readonly by: "released" | "ended";
};

/** Since when audio may have been recorded although this hold is active and not confirmed. */
export const exposedSince = (hold: ActiveHold): Millis => hold.exposedSince ?? hold.receivedAt;

export const covers = (hold: Hold, recording: RecordingSid): boolean =>
  hold.recording === undefined || hold.recording === recording;
