import type { Claim, ConferenceState, KnownRecording, LiveRecording } from "./conference.ts";
import type { Fact } from "./facts.ts";
import type { Hold } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";
import { activityOf } from "./status.ts";
import { wantedOf } from "./wanted.ts";

// Whose pause is it? A resume is sent only where a pause of ours may be the reason; a recording that somebody else paused is
// left alone. The claim on a recording starts with a hold and ends when the recording was seen running without one.

/** How long a pause that got no answer may still be on its way to SignalWire. */
export const PAUSE_ON_THE_WIRE_MS = 15_000;

/** A hold claims every recording it covers, known or not yet seen. */
export function claimedBy(state: ConferenceState, hold: Hold): ConferenceState {
  if (hold.recording !== undefined) return claimedByName(state, [hold.recording]);
  return { ...state, recordings: mapRecordings(state, ours), claimOnUnseen: "sent" };
}

/** Those of them that no look has shown are remembered by their names, so that no other is taken for ours. */
function claimedByName(state: ConferenceState, sids: readonly RecordingSid[]): ConferenceState {
  const recordings = mapRecordings(state, (known, sid) => (sids.includes(sid) ? ours(known) : known));
  return {
    ...withUnseen(
      state,
      sids.map((sid) => ({ sid })),
    ),
    recordings,
  };
}

/** Adds those that no look has shown. */
export function withUnseen(state: ConferenceState, some: readonly LiveRecording[]): ConferenceState {
  const added = some.filter(({ sid }) => state.recordings[sid] === undefined && !state.unseen?.[sid]);
  if (added.length === 0) return state;
  const told = added.map(({ sid, call }) => [sid, call === undefined ? {} : { call }]);
  return { ...state, unseen: { ...state.unseen, ...Object.fromEntries(told) } };
}

/** The claim on a recording that no look has shown. */
export const claimOnUnseen = (state: ConferenceState, sid: RecordingSid): Claim =>
  state.unseen?.[sid] === undefined ? state.claimOnUnseen : "sent";

/** An operator wants everything to run, or this recording: what is paused counts as paused by us, whoever did it. */
export function claimed(state: ConferenceState, at: Millis, recording?: RecordingSid): ConferenceState {
  return recording === undefined
    ? { ...state, recordings: mapRecordings(state, ours), claimOnUnseen: "sent", heldUntil: at }
    : doubted(state, [recording], at);
}

/** A pause may be on its way to these although no hold was the reason. */
export function doubted(state: ConferenceState, sids: readonly RecordingSid[], at: Millis): ConferenceState {
  return { ...claimedByName(state, sids), heldUntil: Math.max(state.heldUntil ?? 0, at) };
}

/** What a look showed, and what it says of whose pause it was. */
export function seen(
  state: ConferenceState,
  fact: Extract<Fact, { type: "recordings-seen" }>,
  at: Millis,
): ConferenceState {
  const { missing: _, unseen, ...rest } = state;
  const recordings = { ...state.recordings };
  for (const shown of fact.recordings) {
    const { foreign, claim: before } = state.recordings[shown.sid] ?? {
      claim: claimOnUnseen(state, shown.sid),
    };
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
  const left = Object.entries(unseen ?? {}).filter(([sid]) => recordings[sid as RecordingSid] === undefined);
  const after = {
    ...rest,
    ...(left.length === 0 ? {} : { unseen: Object.fromEntries(left) }),
    seen: true as const,
    recordings,
    claimOnUnseen: settled ? ("none" as const) : state.claimOnUnseen,
  };
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
