import { type Call, type Conference, isOver, type Participant, type Recording } from "./resources.ts";
import type { Settings } from "./settings.ts";

export const apiVersion = "2010-04-01";

/** The path that everything of a project is below. */
export const accountPath = (project: string): string => `/api/laml/${apiVersion}/Accounts/${project}`;

/** RFC 2822, as in `Tue, 25 Sep 2018 23:00:00 +0000`. */
export const rfc2822 = (ms: number): string => new Date(ms).toUTCString().replace("GMT", "+0000");
const rfc2822OrNull = (ms: number | null): string | null => (ms === null ? null : rfc2822(ms));

/** All fields of `Conference`. */
export function conferenceJson(project: string, conference: Conference) {
  const path = `${accountPath(project)}/Conferences/${conference.sid}`;
  return {
    sid: conference.sid,
    account_sid: project,
    date_created: rfc2822(conference.createdAt),
    date_updated: rfc2822(conference.updatedAt),
    friendly_name: conference.room,
    status: conference.status,
    api_version: apiVersion,
    region: "us1",
    uri: `${path}.json`,
    subresource_uris: { participants: `${path}/Participants.json`, recordings: `${path}/Recordings.json` },
  };
}

/** All fields of `ConferenceParticipant`. */
export function participantJson(project: string, conference: Conference, participant: Participant) {
  return {
    account_sid: project,
    call_sid: participant.call,
    call_sid_to_coach: null,
    coaching: false,
    conference_sid: conference.sid,
    date_created: rfc2822(participant.createdAt),
    status: participant.leftAt === null ? "in-progress" : "completed",
    date_updated: rfc2822(participant.leftAt ?? participant.createdAt),
    end_conference_on_exit: participant.endOnExit,
    muted: false,
    hold: false,
    start_conference_on_enter: participant.startOnEnter,
    uri: `${accountPath(project)}/Conferences/${conference.sid}/Participants/${participant.call}.json`,
  };
}

/** The fields of `CallResponse` that a call here has. */
export const callJson = (project: string, call: Call) => ({
  sid: call.sid,
  account_sid: project,
  date_created: rfc2822(call.createdAt),
  date_updated: rfc2822(call.createdAt),
  parent_call_sid: null,
  to: call.to,
  from: call.from,
  status: call.status,
  direction: "inbound",
  api_version: apiVersion,
  uri: `${accountPath(project)}/Calls/${call.sid}.json`,
  subresource_uris: { recordings: `${accountPath(project)}/Calls/${call.sid}/Recordings.json` },
});

type RecordingView = {
  readonly project: string;
  /** Which operation is answered: it decides the `uri`. */
  readonly under: "conference" | "account";
  readonly now: number;
  readonly shape: Settings["recordingShape"];
};

/** All fields of `ConferenceRecording` or, of a call or asked for by the account, `Recording`. */
export function recordingJson(recording: Recording, { project, under, now, shape }: RecordingView) {
  const account = accountPath(project);
  const ofConference = under === "conference" && recording.conference !== null;
  const path = `${account}${ofConference ? `/Conferences/${recording.conference}` : ""}/Recordings/${recording.sid}`;
  const likeSample = shape === "sample";
  return {
    sid: recording.sid,
    account_sid: project,
    api_version: apiVersion,
    call_sid: recording.call,
    conference_sid: recording.conference,
    channel: recording.channels,
    channels: recording.channels,
    date_created: rfc2822(recording.createdAt),
    date_updated: rfc2822(recording.updatedAt),
    start_time: rfc2822OrNull(recording.startedAt),
    end_time: rfc2822OrNull(recording.endedAt),
    duration: durationSeconds(recording, now),
    price: likeSample ? 0 : isOver(recording) ? "-0.0025" : null,
    price_unit: "USD",
    source: recording.source,
    status: recording.status,
    error_code: null,
    uri: `${path}.json`,
    subresource_uris: {
      transcriptions: `${likeSample ? path : `${account}/Recordings/${recording.sid}`}/Transcriptions.json`,
    },
    encryption_details: null,
    trim: likeSample ? null : recording.trim,
  };
}

/** Whole seconds from its start; what was skipped counts like what was silenced. */
export function durationSeconds({ startedAt, endedAt }: Recording, now: number): number {
  return startedAt === null ? 0 : Math.max(0, Math.floor(((endedAt ?? now) - startedAt) / 1000));
}
