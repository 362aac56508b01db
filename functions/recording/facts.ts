import type { Source } from "./command.ts";
import type { Hold, HoldKey } from "./hold.ts";
import type { CallSid, Millis, RecordingSid } from "./ids.ts";
import type { Wanted } from "./status.ts";

/** Why an operation changed nothing. */
export type Ignored =
  | "duplicate"
  | "older-than-current"
  | "released-later"
  | "ended-already"
  | "unknown-hold"
  | "already-stopped"
  /** From a time of which it is no longer remembered which holds have ended. */
  | "older-than-remembered";

export type SeenFact = {
  readonly sid: RecordingSid;
  readonly status: string;
  readonly call?: CallSid;
};

/** A request to SignalWire at the time at which it left this process, whatever came of it; each attempt is one. */
export type SentRequest = {
  readonly recording: RecordingSid;
  /** Where it is the recording of a participant's own call. */
  readonly call?: CallSid;
  readonly to: Wanted;
  readonly at: Millis;
};

/** What a ledger entry can say. Past tense; nothing here is ever changed or removed. */
export type Fact =
  | { readonly type: "hold-placed"; readonly hold: Hold }
  | { readonly type: "hold-released"; readonly key: HoldKey; readonly at: Millis }
  | { readonly type: "hold-expired"; readonly key: HoldKey }
  /** SignalWire knows no such conference and the ledger had never seen it, or it was over: the hold never held. */
  | {
      readonly type: "hold-withdrawn";
      readonly key: HoldKey;
      readonly why: "no-such-conference" | "conference-over";
    }
  /** Every active hold, or every one that is for this recording alone. */
  | { readonly type: "all-holds-released"; readonly reason: string; readonly recording?: RecordingSid }
  /** The ended holds of this source are remembered by this time alone, see forget.ts. */
  | { readonly type: "ended-holds-forgotten"; readonly source: Source; readonly upTo: Millis }
  | { readonly type: "stop-ordered"; readonly reason?: string; readonly recording?: RecordingSid }
  | {
      readonly type: "operation-ignored";
      readonly operation: "place" | "release" | "stop";
      readonly why: Ignored;
      readonly key?: HoldKey;
      readonly at?: Millis;
    }
  /** A ticket: one request to resume this recording may be on the wire until `expiresAt`. */
  | {
      readonly type: "resume-started";
      readonly recording: RecordingSid;
      readonly ticket: string;
      readonly expiresAt: Millis;
    }
  /** The ticket's request can no longer take effect after now. */
  | {
      readonly type: "resume-ended";
      readonly ticket: string;
      readonly outcome: "seen-running" | "seen-over" | "refused" | "not-sent";
    }
  /** A pause was sent although no hold was in force (the ledger could not be read in time). */
  | { readonly type: "pause-sent"; readonly recordings: readonly RecordingSid[] }
  /** What was on the wire, and when, as far as no entry before tells of it. */
  | { readonly type: "requests-sent"; readonly requests: readonly SentRequest[] }
  /** What a look showed, and when it began. `doubtful`: a pause of ours may still be on the wire to these. */
  | {
      readonly type: "recordings-seen";
      readonly lookedAt: Millis;
      readonly recordings: readonly SeenFact[];
      readonly doubtful?: readonly RecordingSid[];
    }
  | {
      readonly type: "pause-confirmed";
      readonly key: HoldKey;
      readonly at: Millis;
      readonly exposureMs: Millis;
    }
  | { readonly type: "pause-overdue"; readonly key: HoldKey; readonly exposureMs: Millis }
  | { readonly type: "hold-over-limit"; readonly key: HoldKey }
  /** A recording ran although a confirmed hold covers it. Exposure: at most since it was last seen paused. */
  | {
      readonly type: "found-running";
      readonly recording: RecordingSid;
      readonly how: "resumed-by-other" | "started";
      readonly exposureMs: Millis;
    }
  /** A recording is paused and no hold of ours is the reason. */
  | { readonly type: "found-paused"; readonly recording: RecordingSid }
  /** A check that was delivered again, in doubt, or overtaken with something to see through goes on with a chain of its own; all others end. */
  | { readonly type: "watch-renewed" }
  /** It is not known whether the check behind this entry is queued. If one of `chain` comes, it goes on alone. */
  | { readonly type: "check-in-doubt"; readonly chain: string }
  | { readonly type: "conference-missing" }
  | { readonly type: "conference-ended"; readonly how: "seen-over" | "missing-twice" };

export type FactType = Fact["type"];
