import type { Claim, ConferenceState, KnownRecording } from "./conference.ts";
import type { Fact } from "./facts.ts";
import { covers, type Hold } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";
import { activityOf } from "./status.ts";
import { wantedOf } from "./wanted.ts";

// Whose pause is it? A resume is sent only where a pause of ours may be the reason; a recording that somebody else paused is
// left alone. The claim on a recording starts with a hold and ends when the recording was seen running without one.

/** How long a pause that got no answer may still be on its way to SignalWire. */
export const PAUSE_ON_THE_WIRE_MS = 15_000;

/** A hold claims every recording it covers, known or not yet seen. */
export function claimedBy(state: ConferenceState, hold: Hold): ConferenceState {
  const recordings = mapRecordings(state, (known, sid) => (covers(hold, sid) ? ours(known) : known));
  return { ...state, recordings, claimOnUnseen: "sent" };
}

/** An operator wants everything to run, or this recording: what is paused counts as paused by us, whoever did it. */
export function claimed(state: ConferenceState, at: Millis, recording?: RecordingSid): ConferenceState {
  return recording === undefined
    ? { ...state, recordings: mapRecordings(state, ours), claimOnUnseen: "sent", heldUntil: at }
    : doubted(state, [recording], at);
}

/** A pause may be on its way to these although no hold was the reason. */
export function doubted(state: ConferenceState, sids: readonly RecordingSid[], at: Millis): ConferenceState {
  const recordings = mapRecordings(state, (known, sid) => (sids.includes(sid) ? ours(known) : known));
  return { ...state, recordings, claimOnUnseen: "sent", heldUntil: Math.max(state.heldUntil ?? 0, at) };
}

/** What a look showed, and what it says of whose pause it was. */
export function seen(
  state: ConferenceState,
  fact: Extract<Fact, { type: "recordings-seen" }>,
  at: Millis,
): ConferenceState {
  const { missing: _, ...rest } = state;
  const recordings = { ...state.recordings };
  for (const shown of fact.recordings) {
    const { foreign, claim: before } = state.recordings[shown.sid] ?? { claim: state.claimOnUnseen };
    const activity = activityOf(shown.status);
    const claim = claimAfter(state, shown.sid, before, activity, fact);
    recordings[shown.sid] = {
      status: shown.status,
      ...(shown.call === undefined ? {} : { call: shown.call }),
      seenAt: at,
      claim,
      ...(foreign && activity === "paused" ? { foreign } : {}),
    };
  }
  const settled = Object.keys(state.holds).length === 0 && isLate(state, fact.lookedAt);
  const claimOnUnseen = settled ? "none" : state.claimOnUnseen;
  const after = { ...rest, seen: true as const, recordings, claimOnUnseen };
  return fact.doubtful?.length ? { ...after, heldUntil: Math.max(state.heldUntil ?? 0, at) } : after;
}

/** Whose pause it is after a look showed this recording as `activity`. */
export function claimAfter(
  state: ConferenceState,
  sid: RecordingSid,
  claim: Claim,
  activity: ReturnType<typeof activityOf>,
  look: { readonly lookedAt: Millis; readonly doubtful?: readonly RecordingSid[] },
): Claim {
  if (activity === "over") return "none";
  if (look.doubtful?.includes(sid)) return "sent";
  const held = wantedOf(state, sid) === "paused";
  if (held) return activity === "paused" ? "seen" : claim;
  if (activity !== "running") return claim;
  // A look that began before the hold was let go saw it run before the hold, for all we know.
  const isResumed = claim === "seen" && look.lookedAt >= (state.heldUntil ?? 0);
  return isResumed || isLate(state, look.lookedAt) ? "none" : claim;
}

const isLate = (state: ConferenceState, lookedAt: Millis): boolean =>
  lookedAt >= (state.heldUntil ?? 0) + PAUSE_ON_THE_WIRE_MS;

function ours({ foreign: _, ...known }: KnownRecording): KnownRecording {
  return { ...known, claim: "sent" };
}

function mapRecordings(
  state: ConferenceState,
  change: (known: KnownRecording, sid: RecordingSid) => KnownRecording,
): ConferenceState["recordings"] {
  return Object.fromEntries(
    (Object.entries(state.recordings) as [RecordingSid, KnownRecording][]).map(([sid, known]) => [
      sid,
      change(known, sid),
    ]),
  );
}
