// The simulator's own API, with which tests and people make things happen. JSON in, JSON out, no credentials: the simulator
// listens on loopback only, and what a browser sends for another origin is refused. Fields with a ? may be left out.
//
// GET    /_simulator                               what is going on, as text
// POST   /_simulator/conferences                   {room?: "support", participants?: 2, recordings?: 1, callRecordings?: 0,
//                                                   recordingStatus?: "in-progress", statusCallback?, statusCallbackEvent?,
//                                                   recordingStatusCallback?, recordingStatusCallbackEvent?}
//                                                  -> {conference, room, participants: [CallSid], recordings: [sid],
//                                                      callRecordings: [{call, recording}]}
// GET    /_simulator/conferences/SID               status, participants, recordings, announced:
//                                                  [{at, url, status, said: [text]}]
// POST   /_simulator/conferences/SID/participants  {from?, endConferenceOnExit?} -> {call}
// DELETE /_simulator/conferences/SID/participants/CALL
// POST   /_simulator/conferences/SID/recordings    {status?, stuck?} -> {recording}; a recording that starts in mid-call
// POST   /_simulator/conferences/SID/end           ends it and its recordings
// POST   /_simulator/calls/CALL/recordings         {status?, stuck?} -> {recording}
// GET    /_simulator/recordings/SID                status, times, and every status it had: [{at, status, by}]
// POST   /_simulator/recordings/SID                {status?, stuck?, unlisted?, afterMs?}: it changes by itself, into any word; a
//                                                  stuck one answers updates with 200 and stays as it is, an unlisted one is in no list
// POST   /_simulator/credentials                   {apiToken?, signingKey?, keepOld?}: a text, or true to have one made up; the old
//                                                  token gets 401 from then on unless keepOld -> {apiToken, signingKey}
// GET    /_simulator/requests                      what the REST API received: [{number, at, method, path, form, authorized,
// DELETE /_simulator/requests                       misbehaviours, status}]; status is null where nothing was answered
// GET    /_simulator/settings                      what the documentation leaves open; settings.ts says which
// POST   /_simulator/settings                      any of them; the others stay -> all
// GET    /_simulator/misbehaviours                 [{id, timesLeft, misbehaviour}]
// POST   /_simulator/misbehaviours                 {kind, times?, probability?, match?: {method?, path?, status?}, …} -> {id};
// DELETE /_simulator/misbehaviours                  method and path are regular expressions, status is the Status asked for
//   slow {ms, when?: "before" | "after"}           waits before carrying the request out, or after it and before answering
//   new-recording {status?}                        another recording starts in the conference while the request is carried out
//   503 {body?: "object" | "empty", applied?}      what has `applied` carries the request out all the same if that is true
//   500 {applied?}  html502 {applied?}  garbage {applied?}: an error, a page of a proxy, 200 with broken JSON
//   429 {retryAfter?}  400 {code?}  401  403  404  422
//   reset {applied?}                               the connection is reset
//   drop {applied?}                                nothing is ever answered
//   lying {claims?: "asked" | "unchanged"}         200 with the status asked for, or with the one that is; nothing is done
//   late {ms, answer?: "asked" | "unchanged" | "none"}: answers at once like that, or never; carried out only after ms
//   All slow and new-recording that fit add up; of the others the first that fits decides. lying and late meet updates of
//   recordings only.
// POST   /_simulator/webhooks                      {url, method?: "POST", params?: {name: value} or [[name, value]], signature?:
//                                                   "right" | "missing" | "wrong-key" | "bare-url" | "twice"} -> {status,
//                                                   contentType, body} of the answer, or 502 {error}
// GET    /_simulator/callbacks                     delivered status callbacks: [{at, url, params, attempts: [status or error]}]
// DELETE /_simulator/callbacks
// POST   /_simulator/settled                       answers when no callback and no announcement is under way any more
// POST   /_simulator/calls                         {url, from?, to?, keys?: [key]}: a call that follows the documents from url on,
//                                                  asking for them with signed posts: Say, Play, Pause, Gather, Dial with Conference,
//                                                  Redirect, Hangup. A key is 0 to 9, * or #, "timeout" (a Gather ends) or "hangup";
//                                                  in a conference only * with hangupOnStar counts. -> {call, state: "ended" |
//                                                  "in-conference" | "gathering", conference, transcript: [{did, at, …}], heard:
//                                                  [text], warnings}, as soon as only another key moves the call
// GET    /_simulator/calls/CALL                    the same, when nothing moves any more
// POST   /_simulator/calls/CALL/keys               {keys: [key]} -> the same
// POST   /_simulator/connections/close             closes the connections that nothing is going on on
// POST   /_simulator/clear                         forgets all but credentials and settings
import type { Callbacks } from "./callbacks.ts";
import type { Clock } from "./clock.ts";
import {
  addConference,
  addParticipant,
  callNamed,
  changeRecording,
  conferenceNamed,
  recordingNamed,
  removeParticipant,
} from "./control.ts";
import * as inputs from "./control-inputs.ts";
import { conferenceView, recordingView } from "./control-views.ts";
import type { Credentials } from "./credentials.ts";
import { fire } from "./fire.ts";
import { type Misbehaviours, misbehaviourSchema } from "./misbehaviour.ts";
import type { Phones } from "./phones.ts";
import type { RequestLog } from "./request-log.ts";
import type { Call, Conference } from "./resources.ts";
import type { Settings } from "./settings.ts";
import type { World } from "./world.ts";

export type ControlContext = {
  readonly world: World;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly requests: RequestLog;
  readonly misbehaviours: Misbehaviours;
  readonly callbacks: Callbacks;
  readonly phones: Phones;
  readonly settings: () => Settings;
  readonly changeSettings: (changes: Readonly<Record<string, unknown>>) => Settings;
  readonly settled: () => Promise<void>;
  readonly closeIdleConnections: () => void;
};
/** Takes the ids in the path and the JSON body; what it returns is the answer. @throws ControlError, z.core.$ZodError */
export type ControlRoute = (ids: readonly string[], body: unknown) => unknown;
export type ControlRoutes = { readonly [methodAndPath: string]: ControlRoute };

/** By method and path below `/_simulator/`, ids as `*`. */
export function controlRoutes(context: ControlContext): ControlRoutes {
  const { world, clock, credentials, requests, misbehaviours, callbacks, phones, settings } = context;
  const conference = ([sid = ""]: readonly string[]) => conferenceNamed(world, sid);
  const started = (of: Conference | Call, body: unknown) => {
    const { status = "in-progress", stuck = false } = inputs.newRecordingInput.parse(body);
    return { recording: world.record(of, { status, stuck }).sid };
  };
  return {
    "POST conferences": (_ids, body) => addConference(world, inputs.conferenceInput.parse(body)),
    "GET conferences/*": (ids) => conferenceView(world, conference(ids)),
    "POST conferences/*/participants": ([sid = ""], body) => ({
      call: addParticipant(world, sid, inputs.participantInput.parse(body)),
    }),
    "DELETE conferences/*/participants/*": ([sid = "", call = ""]) => removeParticipant(world, sid, call),
    "POST conferences/*/recordings": (ids, body) => started(conference(ids), body),
    "POST conferences/*/end": (ids) => world.end(conference(ids)),
    "POST calls/*/recordings": ([sid = ""], body) => started(callNamed(world, sid), body),
    "GET recordings/*": ([sid = ""]) => recordingView(recordingNamed(world, sid)),
    "POST recordings/*": ([sid = ""], body) =>
      changeRecording(world, clock, sid, inputs.recordingInput.parse(body)),
    "POST credentials": (_ids, body) => credentials.rotate(inputs.credentialsInput.parse(body)),
    "GET requests": () => requests.all(),
    "DELETE requests": () => requests.clear(),
    "GET settings": () => settings(),
    "POST settings": (_ids, body) => context.changeSettings(inputs.settingsInput.parse(body)),
    "GET misbehaviours": () => misbehaviours.all(),
    "POST misbehaviours": (_ids, body) => ({ id: misbehaviours.add(misbehaviourSchema.parse(body)) }),
    "DELETE misbehaviours": () => misbehaviours.clear(),
    "POST webhooks": (_ids, body) =>
      fire(inputs.webhookInput.parse(body), credentials.signingKey, settings()),
    "GET callbacks": () => callbacks.all(),
    "DELETE callbacks": () => callbacks.clear(),
    "POST settled": () => context.settled(),
    "POST calls": (_ids, body) => phones.place(inputs.callInput.parse(body)),
    "GET calls/*": ([sid = ""]) => phones.view(sid),
    "POST calls/*/keys": ([sid = ""], body) => phones.press(sid, inputs.keysInput.parse(body).keys),
    "POST connections/close": () => context.closeIdleConnections(),
    "POST clear": () => {
      for (const one of [phones, world, requests, misbehaviours, callbacks]) one.clear();
    },
  };
}
