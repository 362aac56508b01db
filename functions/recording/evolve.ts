import { claimed, claimedBy, doubted, seen } from "./claim.ts";
import type { ConferenceState, KnownRecording } from "./conference.ts";
import type { Fact } from "./facts.ts";
import type { ActiveHold, HoldKey, Tombstone } from "./hold.ts";
import { covers } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";

/** One entry, as far as the rules need it. */
export type Written = {
  readonly position: number;
  readonly at: Millis;
  readonly chain?: string;
  readonly facts: readonly Fact[];
};

/** The state after one more entry. Never fails: what is in the ledger has happened. */
export function evolve(state: ConferenceState, entry: Written): ConferenceState {
  const before: ConferenceState = {
    ...state,
    position: entry.position,
    ...(entry.chain === undefined ? {} : { chain: entry.chain }),
    tickets: Object.fromEntries(
      Object.entries(state.tickets).filter(([, ticket]) => ticket.expiresAt > entry.at),
    ),
  };
  return entry.facts.reduce((now, fact) => apply(now, fact, entry.at), before);
}

function apply(state: ConferenceState, fact: Fact, at: Millis): ConferenceState {
  switch (fact.type) {
    case "hold-placed":
      return placed(state, fact.hold);
    case "hold-released":
      return ended(state, [fact.key], at, () => ({ at: fact.at, by: "released" }));
    case "hold-expired":
    case "hold-withdrawn":
      return ended(state, [fact.key], at, endedByUs);
    case "all-holds-released":
      return claimed(ended(state, Object.keys(state.holds) as HoldKey[], at, endedByUs), at);
    case "stop-ordered":
      return fact.recording === undefined
        ? { ...state, stopped: true }
        : { ...state, stoppedRecordings: { ...state.stoppedRecordings, [fact.recording]: true } };
    case "operation-ignored":
      return fact.operation === "release" && fact.key !== undefined && fact.at !== undefined
        ? releaseNoted(state, fact.key, fact.at)
        : state;
    case "resume-started":
      return {
        ...state,
        ticketsOpened: state.ticketsOpened + 1,
        tickets: {
          ...state.tickets,
          [fact.ticket]: { recording: fact.recording, expiresAt: fact.expiresAt },
        },
      };
    case "resume-ended":
      return { ...state, tickets: without(state.tickets, fact.ticket) };
    case "pause-sent":
      return doubted(state, fact.recordings, at);
    case "recordings-seen":
      return seen(state, fact, at);
    case "pause-confirmed":
      return changedHold(state, fact.key, (hold) => confirmedHold(hold, fact.at));
    case "pause-overdue":
      return changedHold(state, fact.key, (hold) => ({ ...hold, overdue: true }));
    case "hold-over-limit":
      return changedHold(state, fact.key, (hold) => ({ ...hold, overLimit: true }));
    case "found-running":
      return unconfirmed(state, fact.recording, at);
    case "found-paused":
      return changedRecording(state, fact.recording, (known) => ({ ...known, foreign: true }));
    case "conference-missing":
      return { ...state, missing: true };
    case "conference-ended":
      return {
        ...ended(state, Object.keys(state.holds) as HoldKey[], at, endedByUs),
        ended: true,
        tickets: {},
      };
    default:
      return fact satisfies never;
  }
}

const endedByUs = (hold: ActiveHold): Tombstone => ({ at: hold.at, by: "ended" });

function placed(state: ConferenceState, hold: ActiveHold): ConferenceState {
  const key: HoldKey = `${hold.source}/${hold.id}`;
  const holds = { ...state.holds, [key]: hold };
  const tombstones = without(state.tombstones, key);
  return claimedBy({ ...state, holds, tombstones }, hold);
}

function ended(
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
function releaseNoted(state: ConferenceState, key: HoldKey, at: Millis): ConferenceState {
  const known = state.tombstones[key];
  if (state.holds[key] !== undefined || (known !== undefined && known.at >= at)) return state;
  return { ...state, tombstones: { ...state.tombstones, [key]: { at, by: "released" } } };
}

function confirmedHold(
  { overdue: _, exposedSince: __, ...hold }: ActiveHold,
  confirmedAt: Millis,
): ActiveHold {
  return { ...hold, confirmedAt };
}

function unconfirmed(state: ConferenceState, sid: RecordingSid, at: Millis): ConferenceState {
  const holds = { ...state.holds };
  for (const [key, { confirmedAt, ...hold }] of Object.entries(holds) as [HoldKey, ActiveHold][]) {
    if (confirmedAt !== undefined && covers(hold, sid)) holds[key] = { ...hold, exposedSince: at };
  }
  return { ...state, holds };
}

function changedHold(
  state: ConferenceState,
  key: HoldKey,
  change: (hold: ActiveHold) => ActiveHold,
): ConferenceState {
  const hold = state.holds[key];
  return hold === undefined ? state : { ...state, holds: { ...state.holds, [key]: change(hold) } };
}

function changedRecording(
  state: ConferenceState,
  sid: RecordingSid,
  change: (known: KnownRecording) => KnownRecording,
): ConferenceState {
  const known = state.recordings[sid];
  return known === undefined
    ? state
    : { ...state, recordings: { ...state.recordings, [sid]: change(known) } };
}

function without<Map extends object>(map: Map, key: keyof Map): Map {
  const { [key]: _, ...rest } = map;
  return rest as Map;
}
