// SignalWire's Compatibility API, as much of it as has to do with conferences and their recordings.
import type { Credentials } from "./credentials.ts";
import { always, notFound, type Planned, type Reply, unauthorized } from "./reply.ts";
import type { Conference } from "./resources.ts";
import { getCall } from "./rest-calls.ts";
import {
  deleteParticipant,
  getConference,
  getParticipant,
  listConferences,
  listParticipants,
  updateConference,
} from "./rest-conferences.ts";
import {
  createCallRecording,
  deleteRecording,
  getConferenceRecording,
  getRecording,
  listConferenceRecordings,
  listRecordings,
  updateCallRecording,
  updateConferenceRecording,
} from "./rest-recordings.ts";
import { idAt, type RestContext, type RestRequest } from "./rest-request.ts";
import type { World } from "./world.ts";

type Operation = (context: RestContext, request: RestRequest) => Planned;

const operations: { readonly [methodAndPath: string]: Operation } = {
  "GET Conferences": listConferences,
  "GET Conferences/*": getConference,
  "POST Conferences/*": updateConference,
  "GET Conferences/*/Participants": listParticipants,
  "GET Conferences/*/Participants/*": getParticipant,
  "DELETE Conferences/*/Participants/*": deleteParticipant,
  "GET Conferences/*/Recordings": listConferenceRecordings,
  "GET Conferences/*/Recordings/*": getConferenceRecording,
  "POST Conferences/*/Recordings/*": updateConferenceRecording,
  "DELETE Conferences/*/Recordings/*": deleteRecording,
  "GET Calls/*": getCall,
  "POST Calls/*/Recordings": createCallRecording,
  "POST Calls/*/Recordings/*": updateCallRecording,
  "GET Recordings": listRecordings,
  "GET Recordings/*": getRecording,
  "DELETE Recordings/*": deleteRecording,
};

/** Clients in use leave `/api/laml` out or put `.json` at the end; both are taken. */
const pathPattern = /^(?:\/api\/laml)?\/2010-04-01\/Accounts\/([^/]+)\/([^?]+?)(\.json|\.wav|\.mp3)?$/;

export type RawRequest = {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly fields: URLSearchParams;
};

/** Reads and judges a request; nothing is done before the plan is run. */
export function planRequest(context: RestContext, credentials: Credentials, request: RawRequest): Planned {
  const [path = "", search = ""] = split(request.url);
  const [, account = "", rest = "", extension] = pathPattern.exec(path) ?? [];
  if (rest === "") return always(notFound());
  const segments = rest.split("/");
  const ids = segments.filter((_, index) => index % 2 === 1);
  const shape = segments.map((segment, index) => (index % 2 === 1 ? "*" : segment)).join("/");
  const own = { ids, path: rest, query: new URLSearchParams(search), fields: request.fields };

  const isMedia = `${request.method} ${shape}` === "GET Recordings/*" && extension !== ".json";
  // Recordings' media can be had by everybody who has the address.
  if (isMedia && account.toLowerCase() === context.project) return media(context, own, extension);
  const isKnown = credentials.accepts(request.authorization) && account.toLowerCase() === context.project;
  if (!isKnown) return always(unauthorized());
  const operation = operations[`${request.method} ${shape}`];
  return operation === undefined ? always(notFound()) : operation(context, own);
}

const split = (url: string): readonly string[] => {
  const at = url.indexOf("?");
  return at < 0 ? [url] : [url.slice(0, at), url.slice(at + 1)];
};

/** The header of a WAV file without any sound in it. */
const emptyWav = Buffer.from("UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=", "base64");

function media(context: RestContext, request: RestRequest, extension: string | undefined): Planned {
  if (!context.world.recordings.has(idAt(request, 0))) return always(notFound());
  const contentType = extension === ".mp3" ? "audio/mpeg" : "audio/x-wav";
  const reply: Reply = { status: 200, contentType, body: extension === ".mp3" ? "" : emptyWav };
  return always(reply);
}

/** The conference that a request is about: named itself, by its recording's call or by nothing. */
export function conferenceOfPath(world: World, url: string): Conference | undefined {
  const named = /\/Conferences\/([^/?.]+)/.exec(url)?.[1];
  const call = /(?:\/Calls\/|[?&]CallSid=)([^/?.&]+)/.exec(url)?.[1];
  if (named !== undefined) return world.conferences.get(named.toLowerCase());
  return [...world.conferences.values()].find(
    (one) => call !== undefined && one.participants.has(call.toLowerCase()),
  );
}
