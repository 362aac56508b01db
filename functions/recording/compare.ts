import { claimOnUnseen } from "./claim.ts";
import type { ConferenceState } from "./conference.ts";
import type { Fact } from "./facts.ts";
import { covers } from "./hold.ts";
import type { Millis } from "./ids.ts";
import { activityOf, type Look, type SeenRecording } from "./status.ts";
import { activeHolds, wantedOf } from "./wanted.ts";

export type Found = Extract<Fact, { type: "found-running" | "found-paused" }>;

/** What one look asks for. The lists do not overlap. */
export type Comparison = {
  readonly pause: readonly SeenRecording[];
  readonly stop: readonly SeenRecording[];
  /** Paused, wanted running, and the pause may be ours. */
  readonly resume: readonly SeenRecording[];
  /** Every live recording is as wanted. Queued ones are not live, but they are not seen paused either. */
  readonly asWanted: boolean;
  /** Facts that must not be lost, whatever happens next. */
  readonly found: readonly Found[];
  readonly unrecognised: boolean;
};

/** Holds a look against the ledger. Pure: acts on nothing. */
export function compare(state: ConferenceState, look: Look, now: Millis): Comparison {
  const pause: SeenRecording[] = [];
  const stop: SeenRecording[] = [];
  const resume: SeenRecording[] = [];
  const found: Found[] = [];
  let asWanted = true;
  for (const recording of look.recordings) {
    const activity = activityOf(recording.status);
    if (activity === "over") continue;
    const wanted = wantedOf(state, recording.sid);
    if (wanted === "stopped") stop.push(recording);
    if (wanted === "paused" && activity !== "paused") {
      pause.push(recording);
      if (activity === "running") found.push(...foundRunning(state, recording, now));
    }
    if (wanted === "in-progress" && activity === "paused") {
      if (mayBeOurs(state, recording)) resume.push(recording);
      else if (!state.recordings[recording.sid]?.foreign)
        found.push({ type: "found-paused", recording: recording.sid });
    }
    const isAsWanted =
      wanted === "paused" ? activity === "paused" : wanted === "in-progress" ? activity !== "paused" : false;
    if (!isAsWanted) asWanted = false;
  }
  const unrecognised = look.recordings.some(({ status }) => status === "unrecognised");
  return { pause, stop, resume, asWanted, found, unrecognised };
}

/** A pause of this recording may be ours, so that it is ours to undo. */
export function mayBeOurs(state: ConferenceState, { sid }: SeenRecording): boolean {
  const known = state.recordings[sid];
  return known === undefined
    ? claimOnUnseen(state, sid) !== "none"
    : known.claim !== "none" && !known.foreign;
}

/** A recording that runs under a hold which was confirmed: somebody resumed it, or it has just started. */
function foundRunning(state: ConferenceState, { sid }: SeenRecording, now: Millis): readonly Found[] {
  const confirmed = activeHolds(state).flatMap(([, hold]) =>
    covers(hold, sid) && hold.confirmedAt !== undefined ? [hold.confirmedAt] : [],
  );
  if (confirmed.length === 0) return [];
  const known = state.recordings[sid];
  const since = Math.max(Math.min(...confirmed), known?.seenAt ?? 0);
  const how = known === undefined || activityOf(known.status) !== "paused" ? "started" : "resumed-by-other";
  return [{ type: "found-running", recording: sid, how, exposureMs: Math.max(0, now - since) }];
}
