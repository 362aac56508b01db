// Step 3 of the flow, the outside that acts. This is all that the rest of the code knows of SignalWire.
import type { PauseBehavior } from "../recording/command.ts";
import type {
  CallSid,
  ConferenceRef,
  ConferenceSid,
  Millis,
  ProjectId,
  RecordingSid,
  Room,
} from "../recording/ids.ts";
import type { Look, SeenRecording, Wanted } from "../recording/status.ts";

/** A recording to act on; `call` is given where it is the recording of a participant's own call. */
export type RecordingTarget = { readonly sid: RecordingSid; readonly call?: CallSid };

/**
 * What became of one update.
 * `accepted`: a 2xx, with the status its body showed (not to be believed before a look shows the same).
 * `refused`: a 4xx: SignalWire did not do it. `unanswered`: it may still happen (time-out, reset, 5xx).
 * `not-sent`: nothing left this process.
 */
export type UpdateOutcome =
  /** `inDoubt`: an earlier attempt got no answer, and may still be carried out after this one. */
  | { readonly kind: "accepted"; readonly status: string; readonly inDoubt?: true }
  | { readonly kind: "refused"; readonly httpStatus: number }
  | { readonly kind: "unanswered" }
  | { readonly kind: "not-sent" };

export type UpdateOptions = {
  readonly to: Wanted;
  /** Sent only with `paused`. */
  readonly pauseBehavior?: PauseBehavior;
  /** `repeat`: retried as the table in request.ts says. `once`: exactly one request, whatever comes (a resume). */
  readonly attempts: "repeat" | "once";
  /** Nothing is sent or waited for after this time. */
  readonly deadline: Millis;
  /** Told of each attempt when it leaves this process. */
  readonly onSent?: (() => void) | undefined;
};

export type LookOptions = {
  /** Asks for the recordings of participants' calls too. */
  readonly callRecordings: boolean;
  /** Calls to ask for besides those that SignalWire lists: one in its star menu is no participant, and is recorded all the same. */
  readonly calls?: readonly CallSid[];
  /** Recordings that are known to be live: what no list shows of them is asked for one by one. */
  readonly known?: readonly RecordingTarget[];
  readonly deadline: Millis;
  /** Told of every recording as soon as its page is there, long before the slowest list is; a look that then fails told it too. */
  readonly onSeen?: (recording: SeenRecording) => void;
};

export interface SignalWire {
  /**
   * Lists all recordings of the conference (every page), and of its participants' calls where `callRecordings` is on.
   * Where none of the conference's recordings is live it asks for the conference itself as well. A recording of `known` that is in no
   * list is asked for by its sid, and is there if SignalWire says so.
   * @throws SignalWireFailure
   */
  look(ref: ConferenceRef, options: LookOptions): Promise<Look>;
  /** Never throws: a failure is an outcome. */
  update(ref: ConferenceRef, recording: RecordingTarget, options: UpdateOptions): Promise<UpdateOutcome>;
  /** Conferences in progress whose FriendlyName is exactly `room`. @throws SignalWireFailure */
  conferencesInRoom(project: ProjectId, room: Room, deadline: Millis): Promise<readonly ConferenceSid[]>;
  /** True where the call is a participant of the conference now. @throws SignalWireFailure */
  takesPart(ref: ConferenceRef, call: CallSid, deadline: Millis): Promise<boolean>;
  /** Conferences in progress that have `call` among their participants. @throws SignalWireFailure */
  conferencesOfCall(project: ProjectId, call: CallSid, deadline: Millis): Promise<readonly ConferenceSid[]>;
}
