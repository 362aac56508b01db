import { claimAfter, claimOnUnseen } from "./claim.ts";
import { type ConferenceState, liveRecordings } from "./conference.ts";
import type { Fact } from "./facts.ts";
import { type ActiveHold, covers, exposedSince } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";
import { activityOf, type Look } from "./status.ts";
import { activeHolds, wantedOf } from "./wanted.ts";

/** A look, with the state that was read from the ledger before it began. */
export type TimedLook = {
  readonly look: Look;
  readonly lookedAt: Millis;
  readonly seenAt: Millis;
  /** The ledger's state at a time before `lookedAt`. */
  readonly state: ConferenceState;
  /** Recordings to which a pause was sent without a definite answer. */
  readonly doubtful: readonly RecordingSid[];
};

/**
 * True where nothing on the wire can make a recording run that is not wanted running: every ticket for one was closed or had
 * expired before the look began, and none was opened since. What is over stays over. And the look tells of all recordings that are
 * known by now to be live: it shows them, or they were known when it began, so that it asked for each of them.
 */
export function counts(timed: TimedLook, newest: ConferenceState): boolean {
  const isOver = (recording: RecordingSid) =>
    timed.look.recordings.some(({ sid, status }) => sid === recording && activityOf(status) === "over");
  const open = Object.values(timed.state.tickets).some(
    ({ recording, expiresAt }) =>
      wantedOf(newest, recording) !== "in-progress" && !isOver(recording) && expiresAt > timed.lookedAt,
  );
  return !open && newest.ticketsOpened === timed.state.ticketsOpened && isWhole(timed, newest);
}

function isWhole({ look, state }: TimedLook, newest: ConferenceState): boolean {
  const told = new Set([...look.recordings, ...liveRecordings(state)].map(({ sid }) => sid));
  return look.conference !== "running" || liveRecordings(newest).every(({ sid }) => told.has(sid));
}

/** The facts that a look adds to the newest state; none where it shows nothing new. */
export function factsOf(timed: TimedLook, newest: ConferenceState): readonly Fact[] {
  const confirmed = confirmations(timed, newest);
  return [...sightings(timed, newest, confirmed.length > 0), ...confirmed];
}

/**
 * `pause-confirmed` for every hold that was in the ledger before the look began, is the same placement still, and whose live
 * recordings were all seen paused by a look that counts.
 */
function confirmations(timed: TimedLook, newest: ConferenceState): readonly Fact[] {
  if (!counts(timed, newest) || timed.look.conference !== "running") return [];
  return activeHolds(newest).flatMap(([key, hold]): Fact[] => {
    const then = timed.state.holds[key];
    if (then === undefined || !isSame(then, hold) || hold.confirmedAt !== undefined) return [];
    if (!isHeld(timed.look, (sid) => covers(hold, sid))) return [];
    const exposureMs = Math.max(0, timed.seenAt - exposedSince(hold));
    return [{ type: "pause-confirmed", key, at: timed.seenAt, exposureMs }];
  });
}

/** The same placement, and not found running since: a look from before cannot speak for what was seen after it. */
const isSame = (then: ActiveHold, now: ActiveHold): boolean =>
  then.at === now.at && then.receivedAt === now.receivedAt && then.exposedSince === now.exposedSince;

/** Every recording of these that is not over is paused. */
export const isHeld = (look: Look, concerns: (sid: RecordingSid) => boolean): boolean =>
  look.recordings
    .filter(({ sid }) => concerns(sid))
    .every(({ status }) => ["paused", "over"].includes(activityOf(status)));

function sightings(timed: TimedLook, newest: ConferenceState, confirms: boolean): readonly Fact[] {
  const { look, lookedAt, doubtful } = timed;
  if (look.conference === "unknown") return [];
  const isNews = look.recordings.some(({ sid, status }) => newest.recordings[sid]?.status !== status);
  // Seen again, so not missing: the next time that SignalWire does not know it is the first.
  const first = newest.seen === undefined || newest.missing === true;
  if (!first && !confirms && !isNews && doubtful.length === 0 && !endsClaim(timed, newest)) return [];
  return [
    {
      type: "recordings-seen",
      lookedAt,
      recordings: look.recordings,
      ...(doubtful.length === 0 ? {} : { doubtful }),
    },
  ];
}

/** The look changes whose pause it is, though it shows no new status. */
function endsClaim({ look, lookedAt }: TimedLook, newest: ConferenceState): boolean {
  return look.recordings.some(({ sid, status }) => {
    const before = newest.recordings[sid]?.claim ?? claimOnUnseen(newest, sid);
    return claimAfter(newest, sid, before, activityOf(status), { lookedAt }) !== before;
  });
}
