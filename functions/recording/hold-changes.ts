import { claimedBy } from "./claim.ts";
import type { Source } from "./command.ts";
import type { ConferenceState } from "./conference.ts";
import { type ActiveHold, covers, type HoldKey, sourceOf, type Tombstone } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";

// What the facts do to the set of holds.

/** Of all recordings, or of this one alone. */
export const holdsFor = ({ holds }: ConferenceState, recording?: RecordingSid): readonly HoldKey[] =>
  (Object.keys(holds) as HoldKey[]).filter(
    (key) => recording === undefined || holds[key]?.recording === recording,
  );

/** An end that has no time at the source. */
export const endedByUs = (hold: ActiveHold): Tombstone => ({ at: hold.at, by: "ended" });

/** An end that leaves the same placement to be tried again: what is unknown now may only be too new. */
export const neverHeld = (hold: ActiveHold): Tombstone => ({ at: hold.at, by: "released" });

export function placed(state: ConferenceState, hold: ActiveHold): ConferenceState {
  const key: HoldKey = `${hold.source}/${hold.id}`;
  const holds = { ...state.holds, [key]: hold };
  const { [key]: _, ...tombstones } = state.tombstones;
  return claimedBy({ ...state, holds, tombstones }, hold);
}

export function ended(
  state: ConferenceState,
  keys: readonly HoldKey[],
  at: Millis,
  tombstone: (hold: ActiveHold) => Tombstone,
): ConferenceState {
  const holds = { ...state.holds };
  const tombstones = { ...state.tombstones };
  for (const key of keys) {
    const hold = holds[key];
    if (hold === undefined) continue;
    delete holds[key];
    tombstones[key] = tombstone(hold);
  }
  return { ...state, holds, tombstones, heldUntil: Math.max(state.heldUntil ?? 0, at) };
}

/** A release that had nothing to release is remembered, so that its placement, arriving later, is known as late. */
export function releaseNoted(state: ConferenceState, key: HoldKey, at: Millis): ConferenceState {
  const known = state.tombstones[key];
  if (state.holds[key] !== undefined || (known !== undefined && known.at >= at)) return state;
  return { ...state, tombstones: { ...state.tombstones, [key]: { at, by: "released" } } };
}

/** What is remembered of a source's ended holds up to `upTo` becomes that time alone. */
export function forgotten(state: ConferenceState, source: Source, upTo: Millis): ConferenceState {
  const kept = (Object.entries(state.tombstones) as [HoldKey, Tombstone][]).filter(
    ([key, { at }]) => sourceOf(key) !== source || at > upTo,
  );
  const before = state.forgottenUpTo?.[source] ?? upTo;
  const forgottenUpTo = { ...state.forgottenUpTo, [source]: Math.max(before, upTo) };
  return { ...state, tombstones: Object.fromEntries(kept), forgottenUpTo };
}

export function confirmedHold(
  { overdue: _, exposedSince: __, ...hold }: ActiveHold,
  confirmedAt: Millis,
): ActiveHold {
  return { ...hold, confirmedAt };
}

export function unconfirmed(state: ConferenceState, sid: RecordingSid, at: Millis): ConferenceState {
  const holds = { ...state.holds };
  for (const [key, { confirmedAt, ...hold }] of Object.entries(holds) as [HoldKey, ActiveHold][]) {
    if (confirmedAt !== undefined && covers(hold, sid)) holds[key] = { ...hold, exposedSince: at };
  }
  return { ...state, holds };
}

export function changedHold(
  state: ConferenceState,
  key: HoldKey,
  change: (hold: ActiveHold) => ActiveHold,
): ConferenceState {
  const hold = state.holds[key];
  return hold === undefined ? state : { ...state, holds: { ...state.holds, [key]: change(hold) } };
}
