import { claimed, doubted, seen, withUnseen } from "./claim.ts";
import type { ConferenceState, KnownRecording } from "./conference.ts";
import type { Fact } from "./facts.ts";
import {
  changedHold,
  confirmedHold,
  ended,
  endedByUs,
  forgotten,
  holdsFor,
  neverHeld,
  placed,
  releaseNoted,
  unconfirmed,
} from "./hold-changes.ts";
import type { Millis, RecordingSid } from "./ids.ts";

/** More than a queue that fails for minutes brings about between two checks of one conference. */
const CHAINS_IN_DOUBT = 20;

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
    ...watched(state, entry.chain),
    position: entry.position,
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
    case "hold-withdrawn":
      return ended(state, [fact.key], at, fact.why === "no-such-conference" ? neverHeld : endedByUs);
    case "hold-expired":
      return ended(state, [fact.key], at, endedByUs);
    case "all-holds-released":
      return claimed(ended(state, holdsFor(state, fact.recording), at, endedByUs), at, fact.recording);
    case "ended-holds-forgotten":
      return forgotten(state, fact.source, fact.upTo);
    case "stop-ordered":
      return fact.recording === undefined
        ? { ...state, stopOrderedAt: at, stopped: true }
        : {
            ...state,
            stopOrderedAt: at,
            stoppedRecordings: { ...state.stoppedRecordings, [fact.recording]: true },
          };
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
      return ticketClosed(state, fact.ticket);
    case "pause-sent":
      return doubted(state, fact.recordings, at);
    case "check-in-doubt":
      return {
        ...state,
        chainsInDoubt: [...(state.chainsInDoubt ?? []), fact.chain].slice(-CHAINS_IN_DOUBT),
      };
    case "watch-renewed": // its entry brings the new chain
      return state;
    case "requests-sent":
      return withUnseen(
        state,
        fact.requests
          .filter(({ to }) => to !== "in-progress")
          .map(({ recording, call }) => ({ sid: recording, ...(call === undefined ? {} : { call }) })),
      );
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
        ...ended(state, holdsFor(state), at, endedByUs),
        ended: true,
        tickets: {},
      };
    default:
      return fact satisfies never;
  }
}

function watched(state: ConferenceState, chain: string | undefined): ConferenceState {
  if (chain === undefined) return state;
  const { chainsInDoubt: _, ...rest } = state;
  return { ...rest, chain };
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

function ticketClosed(state: ConferenceState, ticket: string): ConferenceState {
  const { [ticket]: _, ...tickets } = state.tickets;
  return { ...state, tickets };
}
