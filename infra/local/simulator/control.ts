import { callbackTarget } from "./callback-target.ts";
import type { Clock } from "./clock.ts";
import type { ConferenceInput, ParticipantInput, RecordingInput } from "./control-inputs.ts";
import { type Call, type Conference, present, type Recording } from "./resources.ts";
import type { World } from "./world.ts";

/** The ids of what was made. */
export type AddedConference = {
  readonly conference: string;
  readonly room: string;
  /** CallSids. */
  readonly participants: readonly string[];
  /** RecordingSids of the conference's recordings. */
  readonly recordings: readonly string[];
  readonly callRecordings: readonly { readonly call: string; readonly recording: string }[];
};

/**
 * A conference with people in it, two and one recording unless told otherwise. Recordings of calls are dealt out to the
 * participants in turn.
 */
export function addConference(world: World, input: ConferenceInput): AddedConference {
  const { room = "support", participants = 2, recordings = 1, callRecordings = 0, recordingStatus } = input;
  const conference = world.openConference(room, {
    statusCallback: callbackTarget({
      url: input.statusCallback,
      method: "POST",
      events: input.statusCallbackEvent ?? "start end join leave",
    }),
    recordingCallback: callbackTarget({
      url: input.recordingStatusCallback,
      method: "POST",
      events: input.recordingStatusCallbackEvent ?? "completed failed",
    }),
  });
  const calls = Array.from({ length: participants }, () => world.addCall());
  for (const call of calls) world.join(conference, call);
  if (recordings > 0) world.begin(conference);
  const options = recordingStatus === undefined ? {} : { status: recordingStatus };
  const made = Array.from({ length: recordings }, () => world.record(conference, options).sid);
  const madeOfCalls = Array.from({ length: calls.length === 0 ? 0 : callRecordings }, (_, index) => {
    const call = calls[index % calls.length]?.sid ?? "";
    return { call, recording: world.record(callNamed(world, call), options).sid };
  });
  return {
    conference: conference.sid,
    room,
    participants: calls.map(({ sid }) => sid),
    recordings: made,
    callRecordings: madeOfCalls,
  };
}

/** @returns the new participant's CallSid */
export function addParticipant(world: World, sid: string, input: ParticipantInput = {}): string {
  const conference = conferenceNamed(world, sid);
  if (conference.status === "completed") throw new ControlError(409, "the conference is over");
  const call = world.addCall(input.from === undefined ? {} : { from: input.from });
  world.join(conference, call, { endOnExit: input.endConferenceOnExit ?? false });
  return call.sid;
}

export function removeParticipant(world: World, sid: string, call: string): void {
  const conference = conferenceNamed(world, sid);
  if (!present(conference).some((one) => one.call === call))
    throw new ControlError(404, "no such participant");
  world.leave(conference, call);
}

/** Changes a recording as if by itself, at once or later. @returns once it is changed, or at once if it is to be later */
export function changeRecording(world: World, clock: Clock, sid: string, input: RecordingInput): void {
  const recording = recordingNamed(world, sid);
  if (input.stuck !== undefined) recording.stuck = input.stuck;
  if (input.unlisted !== undefined) recording.unlisted = input.unlisted;
  const { status, afterMs } = input;
  if (status === undefined) return;
  const change = () => world.change(recording, { status, by: "control" });
  if (afterMs === undefined) change();
  else void clock.sleep(afterMs).then(change);
}

/** What a request cannot have, with the HTTP status that says so. */
export class ControlError extends Error {
  override readonly name = "ControlError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const conferenceNamed = (world: World, sid: string): Conference => found(world.conferences.get(sid));
export const callNamed = (world: World, sid: string): Call => found(world.calls.get(sid));
export const recordingNamed = (world: World, sid: string): Recording => found(world.recordings.get(sid));

function found<Resource>(resource: Resource | undefined): Resource {
  if (resource === undefined) throw new ControlError(404, "no such conference, call or recording");
  return resource;
}
