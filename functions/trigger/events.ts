import type { Callback } from "../recording/callback.ts";
import { conferenceSid, isUuid, recordingSid, room } from "../recording/ids.ts";
import { fieldOf } from "./form.ts";
import { roomOf } from "./room.ts";
import type { ProvenForm } from "./telephony-proof.ts";

const conferenceEvents: readonly string[] = [
  "conference-start",
  "conference-end",
  "participant-join",
  "participant-leave",
];
/** `complete` and `completed` are one; the documents have both. */
const recordingEnds: readonly string[] = ["complete", "completed", "absent", "failed", "stopped"];

/** A conference or recording callback. Its recording URL, which opens the recording to whoever has it, is left behind. */
export function callbackOf(proven: ProvenForm): Callback {
  const { project, form, call, requestId, receivedAt } = proven;
  const uuid = (name: string): string | undefined => {
    const value = fieldOf(form, name)?.toLowerCase();
    return value !== undefined && isUuid(value) ? value : undefined;
  };
  const conference = uuid("ConferenceSid");
  const recording = uuid("RecordingSid");
  const name = fieldOf(form, "FriendlyName") ?? roomOf(proven);
  return {
    project,
    event: eventOf(fieldOf(form, "StatusCallbackEvent"), fieldOf(form, "RecordingStatus")),
    ...(conference === undefined ? {} : { conference: conferenceSid(conference) }),
    ...(name === undefined || name === "" || name.length > 64 ? {} : { room: room(name) }),
    ...(call === undefined ? {} : { call }),
    ...(recording === undefined ? {} : { recording: recordingSid(recording) }),
    request: requestId,
    receivedAt,
  };
}

function eventOf(event: string | undefined, recordingStatus: string | undefined): Callback["event"] {
  if (recordingStatus === "in-progress") return "recording-started";
  if (recordingStatus !== undefined && recordingEnds.includes(recordingStatus)) return "recording-over";
  return conferenceEvents.includes(event ?? "") ? (event as Callback["event"]) : "other";
}
