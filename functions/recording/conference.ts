import type { Source } from "./command.ts";
import type { ActiveHold, HoldKey, Tombstone } from "./hold.ts";
import type { CallSid, Millis, RecordingSid } from "./ids.ts";
import { activityOf } from "./status.ts";

/** How sure it is that a pause of this recording was ours. `sent`: may be, may even be on the wire. `seen`: it was seen to hold. */
export type Claim = "none" | "sent" | "seen";

export type KnownRecording = {
  /** SignalWire's word at the last look. */
  readonly status: string;
  readonly call?: CallSid;
  readonly seenAt: Millis;
  readonly claim: Claim;
  /** Written down already as paused by somebody else. */
  readonly foreign?: true;
};

export type LiveRecording = { readonly sid: RecordingSid; readonly call?: CallSid };

export type Ticket = { readonly recording: RecordingSid; readonly expiresAt: Millis };

/** The replay of a conference's facts. */
export type ConferenceState = {
  /** The position of the entry this is the state after; 0: nothing written yet. */
  readonly position: number;
  /** The chain of checks that the latest entry with one brought. */
  readonly chain?: string;
  /** Chains that may have begun since, of which it is not known. */
  readonly chainsInDoubt?: readonly string[];
  readonly holds: { readonly [key: HoldKey]: ActiveHold };
  readonly tombstones: { readonly [key: HoldKey]: Tombstone };
  /** Up to when, by the source's clock, its ended holds are no longer remembered one by one. */
  readonly forgottenUpTo?: { readonly [From in Source]?: Millis };
  readonly tickets: { readonly [ticket: string]: Ticket };
  readonly recordings: { readonly [sid: RecordingSid]: KnownRecording };
  /** Paused or stopped by us, or held by name, and shown by no look yet: what a callback told of. The claim on them is `sent`. */
  readonly unseen?: { readonly [sid: RecordingSid]: { readonly call?: CallSid } };
  /** The claim on all other recordings not seen yet. */
  readonly claimOnUnseen: Claim;
  /** When a hold was last let go, or a pause of ours may last have been sent. */
  readonly heldUntil?: Millis;
  /** How many tickets were ever opened: two states with the same number have no resume between them. */
  readonly ticketsOpened: number;
  readonly stopped?: true;
  /** When the latest stop was ordered. */
  readonly stopOrderedAt?: Millis;
  /** Recordings that were stopped by name. */
  readonly stoppedRecordings: { readonly [sid: RecordingSid]: true };
  readonly ended?: true;
  /** SignalWire has shown this conference at least once. */
  readonly seen?: true;
  /** SignalWire did not know it, once. */
  readonly missing?: true;
};

/** The calls whose own recordings were seen. */
export const seenCalls = ({ recordings }: ConferenceState): readonly CallSid[] =>
  Object.values(recordings).flatMap(({ call }) => (call === undefined ? [] : [call]));

type OfCall = { readonly call?: CallSid };

/** The recordings that were not over at the last look, and those that no look has shown. */
export function liveRecordings({ recordings, unseen = {} }: ConferenceState): readonly LiveRecording[] {
  const live = (Object.entries(recordings) as [RecordingSid, KnownRecording][]).filter(
    ([, { status }]) => activityOf(status) !== "over",
  );
  const all: readonly [RecordingSid, OfCall][] = [
    ...live,
    ...(Object.entries(unseen) as [RecordingSid, OfCall][]),
  ];
  return all.map(([sid, { call }]) => ({ sid, ...(call === undefined ? {} : { call }) }));
}

export const nothingYet: ConferenceState = {
  position: 0,
  holds: {},
  tombstones: {},
  tickets: {},
  recordings: {},
  claimOnUnseen: "none",
  ticketsOpened: 0,
  stoppedRecordings: {},
};
