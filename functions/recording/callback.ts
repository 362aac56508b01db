import type { CallSid, ConferenceSid, Millis, ProjectId, RecordingSid, Room } from "./ids.ts";

/** A conference or recording status callback, proven and parsed: a hint, never proof of a pause. Any id may be missing. */
export type Callback = {
  readonly project: ProjectId;
  readonly event:
    | "conference-start"
    | "conference-end"
    | "participant-join"
    | "participant-leave"
    | "recording-started"
    | "recording-over"
    | "other";
  readonly conference?: ConferenceSid;
  readonly room?: Room;
  readonly call?: CallSid;
  readonly recording?: RecordingSid;
  readonly request: string;
  readonly receivedAt: Millis;
};
