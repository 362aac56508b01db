import { callbackTarget } from "./callback-target.ts";
import { dateFilter } from "./date-filter.ts";
import { pageOf } from "./paging.ts";
import { always, errorReply, invalid, json, notFound, type Planned } from "./reply.ts";
import { recordingJson } from "./resource-json.ts";
import type { Recording } from "./resources.ts";
import { idAt, listPath, namedConference, type RestContext, type RestRequest } from "./rest-request.ts";
import { asJson, updateRecording } from "./update-recording.ts";

export function listConferenceRecordings(context: RestContext, request: RestRequest): Planned {
  const conference = namedConference(context, request);
  const created = dateFilter(request.query, "DateCreated");
  if (conference === undefined) return always(notFound());
  if (created === undefined) return always(invalid("a date cannot be read", 90000));
  return listed(context, request, {
    path: `Conferences/${conference.sid}/Recordings`,
    which: (one) => one.conference === conference.sid && !one.unlisted && created(one.createdAt),
    toJson: (recording) => asJson(context, recording),
  });
}

/** Recordings of the whole account: filters `CallSid` and `ConferenceSid`. */
export function listRecordings(context: RestContext, request: RestRequest): Planned {
  const { query } = request;
  const call = query.get("CallSid")?.toLowerCase();
  const conference = query.get("ConferenceSid")?.toLowerCase();
  const created = dateFilter(query, "DateCreated");
  if (created === undefined) return always(invalid("a date cannot be read", 90000));
  return listed(context, request, {
    path: "Recordings",
    which: (one) =>
      (call === undefined || one.call === call) &&
      (conference === undefined || one.conference === conference) &&
      !one.unlisted &&
      created(one.createdAt),
    toJson: (recording) => accountJson(context, recording),
  });
}

export function getRecording(context: RestContext, request: RestRequest): Planned {
  const recording = context.world.recordings.get(idAt(request, 0));
  return recording ? { run: () => json(200, accountJson(context, recording)) } : always(notFound());
}

export function getConferenceRecording(context: RestContext, request: RestRequest): Planned {
  const recording = ofConference(context, request);
  return recording ? { run: () => json(200, asJson(context, recording)) } : always(notFound());
}

export function updateConferenceRecording(context: RestContext, request: RestRequest): Planned {
  const recording = ofConference(context, request);
  return recording ? updateRecording(context, recording, request.fields) : always(notFound());
}

export function updateCallRecording(context: RestContext, request: RestRequest): Planned {
  const recording = context.world.recordings.get(idAt(request, 1));
  const isOfCall = recording !== undefined && recording.call === idAt(request, 0);
  return isOfCall ? updateRecording(context, recording, request.fields) : always(notFound());
}

export function createCallRecording(context: RestContext, request: RestRequest): Planned {
  const { fields } = request;
  const call = context.world.calls.get(idAt(request, 0));
  const channels = fields.get("RecordingChannels") ?? "mono";
  const trim = fields.get("Trim") ?? "do-not-trim";
  const callbackUrl = fields.get("RecordingStatusCallback");
  if (call === undefined) return always(notFound());
  if (channels !== "mono" && channels !== "dual")
    return always(invalid("RecordingChannels is neither mono nor dual"));
  if (trim !== "trim-silence" && trim !== "do-not-trim") return always(invalid("Trim is not known"));
  const callback = callbackTarget({
    url: callbackUrl,
    method: fields.get("RecordingStatusCallbackMethod"),
    events: fields.get("RecordingStatusCallbackEvent") ?? "completed",
  });
  return {
    run: () => {
      if (call.status === "completed") return errorReply(400, 21220, "The call is not in progress");
      const recording = context.world.record(call, {
        source: "StartCallRecordingApi",
        channels: channels === "dual" ? "2" : "1",
        trim,
        callback,
      });
      return json(200, accountJson(context, recording));
    },
  };
}

/** Deletes a recording of a conference (two ids) or any of the account's (one id). */
export function deleteRecording(context: RestContext, request: RestRequest): Planned {
  const recording =
    request.ids.length === 2
      ? ofConference(context, request)
      : context.world.recordings.get(idAt(request, 0));
  if (recording === undefined) return always(notFound());
  return {
    run: () => {
      context.world.recordings.delete(recording.sid);
      return { status: 204 };
    },
  };
}

function ofConference(context: RestContext, request: RestRequest): Recording | undefined {
  const conference = namedConference(context, request);
  const recording = context.world.recordings.get(idAt(request, 1));
  return conference && recording?.conference === conference.sid ? recording : undefined;
}

const accountJson = ({ project, settings, now }: RestContext, recording: Recording) =>
  recordingJson(recording, { project, under: "account", now: now(), shape: settings().recordingShape });

function listed(
  context: RestContext,
  { query }: RestRequest,
  {
    path,
    which,
    toJson,
  }: { path: string; which: (one: Recording) => boolean; toJson: (one: Recording) => unknown },
): Planned {
  return {
    run: () =>
      pageOf({
        path: listPath(context, path),
        query,
        key: "recordings",
        defaultPageSize: context.settings().pageSize,
        items: [...context.world.recordings.values()].filter(which),
        toJson,
      }),
  };
}
