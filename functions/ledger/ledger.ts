// Step 4 of the flow, the outside that remembers. One append-only list of entries for each conference:
// it is the state and the audit trail at once.
import type { Cause } from "../recording/command.ts";
import type { ConferenceState } from "../recording/conference.ts";
import type { Fact } from "../recording/facts.ts";
import type {
  CallSid,
  ConferenceRef,
  ConferenceSid,
  Millis,
  ProjectId,
  RecordingSid,
  Room,
} from "../recording/ids.ts";

/** The facts of one decision and the state after them; `hash` covers all of it and the entry before. */
export type Entry = {
  readonly ref: ConferenceRef;
  /** 1, 2, 3 … without gaps. */
  readonly position: number;
  readonly at: Millis;
  readonly cause: Cause;
  /** The chain of checks that this entry brought with it; absent: it brought none. */
  readonly chain?: string;
  readonly facts: readonly Fact[];
  /** The replay of all facts up to and with this entry, so that a command reads the newest entry alone. */
  readonly state: ConferenceState;
  /** Lower-case hex SHA-256 of the entry before; 64 zeros at position 1. */
  readonly previousHash: string;
  /** Lower-case hex SHA-256 of this entry. */
  readonly hash: string;
};

/** What a caller says of a new entry; position and hashes follow from the entry before. */
export type NewEntry = Pick<Entry, "ref" | "at" | "cause" | "facts" | "state"> & { readonly chain?: string };

export interface Ledger {
  /** The newest entry by a strongly consistent read, or undefined for a conference never written about. @throws LedgerFailure */
  newest(ref: ConferenceRef): Promise<Entry | undefined>;
  /**
   * Appends behind `after` (undefined: as the first). `"conflict"`: somebody else's entry is there already; read and decide
   * again. A write that succeeded although its answer was lost is recognised as our own, not as a conflict. @throws LedgerFailure
   */
  append(entry: NewEntry, after: Entry | undefined): Promise<Entry | "conflict">;
  /** Every entry, by position. @throws LedgerFailure */
  entries(ref: ConferenceRef): Promise<readonly Entry[]>;
}

/** Where a room leads, and the recordings of that conference that were seen to begin. */
export type RoomHint = { readonly conference: ConferenceSid; readonly recordings: readonly RecordingSid[] };

/** Hints, kept for a day: to be checked against what SignalWire shows. Every call throws LedgerFailure where no answer came. */
export interface Directory {
  noteRoom(project: ProjectId, room: Room, conference: ConferenceSid): Promise<void>;
  noteCall(project: ProjectId, call: CallSid, conference: ConferenceSid): Promise<void>;
  /** A recording of the conference has begun; with `room`, whoever asks for the room learns of it at once. */
  noteRecording(ref: ConferenceRef, recording: RecordingSid, room?: Room): Promise<void>;
  hintOfRoom(project: ProjectId, room: Room): Promise<RoomHint | undefined>;
  conferenceOfCall(project: ProjectId, call: CallSid): Promise<ConferenceSid | undefined>;
  /** The newest that were noted, at least eight. */
  recordingsOf(ref: ConferenceRef): Promise<readonly RecordingSid[]>;
}

/** DynamoDB did not answer, or not as documented; whether a write happened is not known. */
export class LedgerFailure extends Error {
  override readonly name = "LedgerFailure";
}

/** "Look at this conference again." */
export type Check = {
  readonly project: ProjectId;
  readonly conference: ConferenceRef["conference"];
  /** Which chain of checks this belongs to. */
  readonly chain: string;
  /** 0 for the one that a command queued, then counting up. */
  readonly hop: number;
};

export interface CheckQueue {
  /** Delivers `check` after `delaySeconds` (whole, 0 to 900), at least once. Rejects if it is not known to be queued. */
  send(check: Check, delaySeconds: number): Promise<void>;
}
