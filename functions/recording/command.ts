import type { CallSid, ConferenceSid, Millis, ProjectId, RecordingSid, Room } from "./ids.ts";

/** Where a command came from: `signal:<sender>`, `telephony`, `control` or `event:<bus source>`. */
export type Source = "telephony" | "control" | `signal:${string}` | `event:${string}`;

/** What a recording keeps of a paused stretch: silence of the same length, or nothing. */
export type PauseBehavior = "silence" | "skip";

/** How a trigger names its conference. */
export type Target =
  | { readonly by: "conference"; readonly conference: ConferenceSid }
  | { readonly by: "room"; readonly room: Room }
  | { readonly by: "call"; readonly call: CallSid };

/** When an operation happened; `receipt` means by our own clock, so that only our order of receipt counts. */
export type OperationTime = { readonly at: Millis; readonly clock: "sender" | "receipt" };

export type PlaceHold = {
  readonly type: "place-hold";
  readonly hold: string;
  readonly reason: string;
  readonly time: OperationTime;
  readonly pauseBehavior?: PauseBehavior;
  readonly expiresInSeconds?: number;
};
export type ReleaseHold = {
  readonly type: "release-hold";
  readonly hold: string;
  readonly time: OperationTime;
};
/** Operators only: every active hold of every source. */
export type ReleaseAllHolds = { readonly type: "release-all-holds"; readonly reason: string };
export type Stop = { readonly type: "stop"; readonly reason?: string };

/** What a trigger means to us. */
export type Operation = PlaceHold | ReleaseHold | ReleaseAllHolds | Stop;

/** Who and what caused an entry in the ledger. Holds no secret, digit, token or URL. */
export type Cause = {
  readonly source: Source | "check";
  /** The delivery: webhook-id, Lambda or API Gateway request id. */
  readonly request: string;
  readonly actor?: string;
  readonly call?: CallSid;
  readonly sourceIp?: string;
};

/** A proven, parsed and validated trigger. */
export type Command = {
  readonly project: ProjectId;
  readonly target: Target;
  /** Named: the command concerns this recording alone. */
  readonly recording?: RecordingSid;
  readonly source: Source;
  readonly operation: Operation;
  readonly cause: Cause;
  /** When the trigger reached us, by our clock. */
  readonly receivedAt: Millis;
};
