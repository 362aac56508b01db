import * as z from "zod/mini";
import {
  type CallSid,
  type ConferenceRef,
  type Millis,
  type RecordingSid,
  recordingSid,
} from "../recording/ids.ts";
import { activityOf, type Look, type SeenRecording } from "../recording/status.ts";
import { ask, unlessMissing } from "./ask.ts";
import type { Send } from "./call.ts";
import { conferencePath, conferenceStatus, participantCalls } from "./conferences.ts";
import { inParallel } from "./in-parallel.ts";
import { listed, nextPage } from "./pages.ts";
import { recordingStatus, sid } from "./shapes.ts";
import type { LookOptions, RecordingTarget } from "./signalwire.ts";

const ofConference = z.object({ sid, status: recordingStatus });
const ofCall = z.object({
  ...ofConference.shape,
  call_sid: z.nullish(z.string()),
  conference_sid: z.nullish(z.string()),
});
const conferencePage = z.object({ recordings: z.array(ofConference), next_page_uri: nextPage });
const callPage = z.object({ recordings: z.array(ofCall), next_page_uri: nextPage });

type Note = (recording: SeenRecording) => void;

/** A conference has a handful of participants, and of recordings. */
const atOnce = 8;

/** See `SignalWire.look`. */
export async function look(send: Send, ref: ConferenceRef, options: LookOptions): Promise<Look> {
  const seen = new Map<RecordingSid, SeenRecording>();
  const note: Note = (recording) => {
    const ofConference = seen.get(recording.sid)?.call === undefined && seen.has(recording.sid);
    if (ofConference && recording.call) return; // listed once more for the call
    seen.set(recording.sid, recording);
    options.onSeen?.(recording);
  };
  const lookingAtCalls = options.callRecordings ? lookAtCalls(send, ref, options, note) : undefined;
  const lookingAtConference = lookAtConference(send, ref, options.deadline, note);
  await Promise.allSettled([lookingAtConference, lookingAtCalls]); // nothing may go on behind a failure
  const conference = await lookingAtConference;
  await lookingAtCalls;
  const known = options.callRecordings ? options.known : options.known?.filter(({ call }) => !call);
  const unlisted = (known ?? []).filter(({ sid }) => !seen.has(sid));
  await inParallel(unlisted, atOnce, (target) => lookAtOne(send, ref, target, options.deadline, note));
  const isLive = unlisted.some(({ sid, call }) => !call && isActive(seen.get(sid)?.status));
  return { conference: isLive ? "running" : conference, recordings: [...seen.values()] };
}

/** A list that leaves out what is there must not make anybody believe that nothing runs. */
async function lookAtOne(
  send: Send,
  { project, conference }: ConferenceRef,
  { sid, call }: RecordingTarget,
  deadline: Millis,
  note: Note,
): Promise<void> {
  const path = `${call === undefined ? conferencePath(conference) : ""}/Recordings/${encodeURIComponent(sid)}`;
  const found = await unlessMissing(ask(send, { project, path, deadline }, ofCall), undefined);
  if (found === undefined) return;
  if (call === undefined) note({ sid, status: found.status });
  else if (belongsTo(call, found)) note({ sid, status: found.status, call });
}

const isActive = (status: string | undefined): boolean =>
  status !== undefined && ["running", "paused"].includes(activityOf(status));

async function lookAtConference(
  send: Send,
  ref: ConferenceRef,
  deadline: Millis,
  note: Note,
): Promise<Look["conference"]> {
  const list = { project: ref.project, path: `${conferencePath(ref.conference)}/Recordings`, deadline };
  let live = false;
  const reading = async () => {
    for await (const { sid, status } of listed(send, list, conferencePage, (page) => page.recordings)) {
      note({ sid: recordingSid(sid), status });
      live ||= isActive(status);
    }
  };
  await unlessMissing(reading(), undefined);
  return live ? "running" : conferenceStatus(send, ref, deadline);
}

async function lookAtCalls(
  send: Send,
  ref: ConferenceRef,
  { deadline, calls = [] }: LookOptions,
  note: Note,
): Promise<void> {
  const participants = await participantCalls(send, ref, deadline);
  await inParallel([...new Set([...participants, ...calls])], atOnce, async (call) => {
    const list = { project: ref.project, path: "/Recordings", filter: { CallSid: call }, deadline };
    const reading = async () => {
      for await (const item of listed(send, list, callPage, (page) => page.recordings)) {
        if (belongsTo(call, item)) note({ sid: recordingSid(item.sid), status: item.status, call });
      }
    };
    // A call that SignalWire does not know has no recordings.
    await unlessMissing(reading(), undefined);
  });
}

/** A conference's recording has no call, and a call's own no conference; where both are missing the filter is believed. */
const belongsTo = (call: CallSid, item: z.output<typeof ofCall>): boolean =>
  item.call_sid ? item.call_sid.toLowerCase() === call.toLowerCase() : !item.conference_sid;
