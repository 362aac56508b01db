import type { Source } from "./command.ts";
import type { CallSid, ConferenceSid, RecordingSid } from "./ids.ts";
import type { Wanted } from "./status.ts";

/** What is true of a conference now: the body of every answer to a command. */
export type Answer = {
  readonly conference: ConferenceSid;
  readonly wanted: Wanted;
  /** `wanted` was seen to be so, by a look that counts. */
  readonly confirmed: boolean;
  /** The hold that this request placed, or asked about, is active and confirmed. */
  readonly safeToCollect: boolean;
  readonly recordings: readonly {
    readonly sid: RecordingSid;
    readonly status: string;
    readonly call?: CallSid;
  }[];
  readonly holds: readonly {
    readonly id: string;
    readonly source: Source;
    readonly reason: string;
    /** ISO 8601, UTC. */
    readonly expiresAt: string;
  }[];
  /** Position of the newest ledger entry that the answer knows of. */
  readonly position: number;
};

/** Why a proven and valid command was not carried out. */
export type Refusal =
  | "no-such-conference"
  | "no-such-recording"
  | "conference-over"
  | "recording-over"
  | "stopped"
  | "stale-pause"
  | "ambiguous";

/**
 * `done`: confirmed. `pending`: durable, not yet confirmed, checks go on. `refused`: changes nothing.
 * `unavailable`: nothing durable could be written, or the conference could not be found out, because SignalWire or AWS did not
 * answer; a pause was tried all the same where recordings are known.
 */
export type Outcome =
  | { readonly kind: "done"; readonly answer: Answer }
  | { readonly kind: "pending"; readonly answer: Answer }
  | { readonly kind: "refused"; readonly why: Refusal; readonly answer?: Answer }
  | { readonly kind: "unavailable"; readonly why: "ledger" | "signalwire" | "queue" | "credentials" };
