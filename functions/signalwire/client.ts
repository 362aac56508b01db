import type { CallSid, ConferenceRef, Millis, ProjectId, Room } from "../recording/ids.ts";
import type { Send } from "./call.ts";
import { isCallOver } from "./calls.ts";
import { announce, conferencesInRoom, conferencesOfCall, roomOf, takesPart } from "./conferences.ts";
import { look } from "./recordings.ts";
import { type RequestPorts, Requests } from "./request.ts";
import type { SignalWire } from "./signalwire.ts";
import { update } from "./update.ts";

/** SignalWire's webhooks give us five seconds in all, so one attempt may not take them. */
const defaultAttemptTimeoutMs = 2500;

export type SignalWirePorts = Omit<RequestPorts, "attemptTimeoutMs"> & { readonly attemptTimeoutMs?: number };

/** What is done at SignalWire, however it is sent. */
export interface SignalWireCalls extends SignalWire {
  /** Lets the conference hear what the document at `url` says. Never rejects. */
  announce(ref: ConferenceRef, url: string, deadline: Millis): Promise<void>;
  /** The conference's FriendlyName, if it has one. @throws SignalWireFailure */
  roomOf(ref: ConferenceRef, deadline: Millis): Promise<Room | undefined>;
  /** True where SignalWire says that the call is over. Never rejects. */
  isCallOver(project: ProjectId, call: CallSid, deadline: Millis): Promise<boolean>;
}

export interface SignalWireClient extends SignalWireCalls {
  /** Opens a connection for the project's next request, in `timeoutMs` at most. Never fails: then that request opens its own. */
  prime(project: ProjectId, timeoutMs: number): Promise<void>;
}

/** SignalWire's compatibility API, as far as it is needed here, for all projects that `credentials` has. */
export function createSignalWire(ports: SignalWirePorts): SignalWireClient {
  const requests = new Requests({ attemptTimeoutMs: defaultAttemptTimeoutMs, ...ports });
  return {
    ...signalWireOver(requests.send),
    prime: (project, timeoutMs) => requests.prime(project, timeoutMs),
  };
}

const signalWireOver = (send: Send): SignalWireCalls => ({
  look: (ref, options) => look(send, ref, options),
  update: (ref, recording, options) => update(send, ref, recording, options),
  conferencesInRoom: (project, room, deadline) => conferencesInRoom(send, project, room, deadline),
  takesPart: (ref, call, deadline) => takesPart(send, ref, call, deadline),
  conferencesOfCall: (project, call, deadline) => conferencesOfCall(send, project, call, deadline),
  announce: (ref, url, deadline) => announce(send, ref, url, deadline),
  isCallOver: (project, call, deadline) => isCallOver(send, project, call, deadline),
  roomOf: (ref, deadline) => roomOf(send, ref, deadline),
});
