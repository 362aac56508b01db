import { accountPath, apiVersion, durationSeconds, rfc2822 } from "./resource-json.ts";
import {
  type Call,
  type CallbackTarget,
  type Conference,
  isOver,
  present,
  type Recording,
} from "./resources.ts";
import type { Settings } from "./settings.ts";
import type { Params } from "./signature.ts";
import type { World } from "./world.ts";
import type { WorldEvent } from "./world-event.ts";

/** The standard parameters of everything that is about a call. */
export const callParams = (project: string, call: Call): Params => [
  ["AccountSid", project],
  ["ApiVersion", apiVersion],
  ["CallSid", call.sid],
  ["CallStatus", call.status],
  ["Direction", "inbound"],
  ["From", call.from],
  ["To", call.to],
];

type Source = {
  readonly project: string;
  readonly world: World;
  readonly settings: () => Settings;
  readonly now: () => number;
  /** Scheme and host that recordings can be had from. */
  readonly mediaOrigin: () => string;
};
type Callback = { readonly target: CallbackTarget; readonly params: Params };

/** The status callback that an event causes; undefined where nobody asked for it. */
export function callbackOf(source: Source, event: WorldEvent): Callback | undefined {
  switch (event.type) {
    case "announcement":
      return undefined;
    case "recording-started":
      return recordingCallback(source, event.recording, "in-progress");
    case "recording-over":
      return recordingCallback(source, event.recording, source.settings().finishedWord);
    default: {
      const target = event.conference.statusCallback;
      // `start`, `end`, `join` and `leave` are how events are asked for.
      const wanted = event.type.slice(event.type.indexOf("-") + 1);
      return target?.events.includes(wanted)
        ? { target, params: conferenceParams(source, event) }
        : undefined;
    }
  }
}

type ConferenceEvent = Exclude<WorldEvent, { type: "announcement" | "recording-started" | "recording-over" }>;

function conferenceParams({ project, world, now, mediaOrigin }: Source, event: ConferenceEvent): Params {
  const { conference } = event;
  const participant = "participant" in event ? event.participant : lastIn(conference);
  const call = participant && world.calls.get(participant.call);
  const recording = [...world.recordings.values()].find((one) => one.conference === conference.sid);
  return [
    ...(call ? callParams(project, call) : accountParams(project)),
    ["ConferenceSid", conference.sid],
    ["FriendlyName", conference.room],
    ["StatusCallbackEvent", event.type],
    ["Timestamp", rfc2822(now())],
    ["Muted", "false"],
    ["Hold", "false"],
    ["StartConferenceOnEnter", String(participant?.startOnEnter ?? true)],
    ["EndConferenceOnExit", String(participant?.endOnExit ?? false)],
    ...(event.type === "conference-end" ? endParams(conference, now()) : []),
    ...(event.type === "conference-end" && recording
      ? ([["RecordingUrl", mediaUrl(project, mediaOrigin(), recording)]] as const)
      : []),
  ];
}

const endParams = (conference: Conference, now: number): Params => [
  ["Duration", String(Math.floor((now - conference.createdAt) / 1000))],
];

const lastIn = (conference: Conference) =>
  present(conference).at(-1) ?? [...conference.participants.values()].at(-1);

/** Those of everything that is about no call. */
export const accountParams = (project: string): Params => [
  ["AccountSid", project],
  ["ApiVersion", apiVersion],
];

function recordingCallback(source: Source, recording: Recording, status: string): Callback | undefined {
  const { project, world, settings, now, mediaOrigin } = source;
  const target = recording.callback;
  const asked = target?.events ?? [];
  if (target === undefined || !asked.includes(isOver(recording) ? "completed" : "in-progress"))
    return undefined;
  const ids = settings().recordingCallbackIds;
  const conference = recording.conference === null ? undefined : world.conferences.get(recording.conference);
  const call = recording.call ?? (conference && [...conference.participants.keys()][0]);
  const showsCall = conference === undefined || ids === "call" || ids === "both";
  const showsConference = conference !== undefined && (ids === "conference" || ids === "both");
  const params: Params = [
    ["AccountSid", project],
    ...(showsConference ? ([["ConferenceSid", conference.sid]] as const) : []),
    ...(showsCall && call !== undefined ? ([["CallSid", call]] as const) : []),
    ["RecordingSid", recording.sid],
    ["RecordingUrl", mediaUrl(project, mediaOrigin(), recording)],
    ["RecordingStatus", status],
    ["RecordingDuration", String(durationSeconds(recording, now()))],
    ["RecordingChannels", recording.channels],
    ["RecordingStartTime", rfc2822(recording.startedAt ?? recording.createdAt)],
    ["RecordingSource", recording.source],
  ];
  return { target, params };
}

const mediaUrl = (project: string, origin: string, { sid }: Recording): string =>
  `${origin}${accountPath(project)}/Recordings/${sid}`;
