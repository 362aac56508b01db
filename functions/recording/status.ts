import type { CallSid, RecordingSid } from "./ids.ts";

/**
 * What a recording is doing, whatever SignalWire calls it ("Update a Conference Recording", field `status`):
 * `in-progress` and `resumed` are running; `stopped`, `completed` and `absent` are over; a word that is
 * unknown to us counts as running.
 */
export type Activity = "queued" | "running" | "paused" | "over";

/** What a recording is wanted to be. */
export type Wanted = "in-progress" | "paused" | "stopped";

/** One recording as a look at SignalWire showed it. */
export type SeenRecording = {
  readonly sid: RecordingSid;
  /** SignalWire's own word, or `unrecognised` if it is none that SignalWire documents. */
  readonly status: string;
  /** The participant's call whose own recording this is; absent for a recording of the conference. */
  readonly call?: CallSid;
};

/** What SignalWire showed of one conference. */
export type Look = {
  readonly conference: "running" | "over" | "unknown";
  /** The conference's recordings and, where the policy wants them, those of its participants' calls. */
  readonly recordings: readonly SeenRecording[];
};

export function activityOf(status: string): Activity {
  switch (status) {
    case "queued":
      return "queued";
    case "paused":
      return "paused";
    case "stopped":
    case "completed":
    case "absent":
      return "over";
    default:
      return "running";
  }
}
