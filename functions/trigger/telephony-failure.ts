import type { Policy } from "../config/policy.ts";
import { responseOf } from "./cxml.ts";
import type { Failure, HttpReply } from "./http-chain.ts";
import { redirectTo } from "./redirect.ts";
import { joinRoom, roleOf, roomOf } from "./room.ts";
import { say } from "./spoken.ts";
import { originOf, type ProvenForm, paramsOf } from "./telephony-proof.ts";
import { xml } from "./telephony-reply.ts";

/**
 * 403 for whoever has not proven to be SignalWire. To SignalWire itself, and while nobody can prove it, the warning, and the way
 * back: the call goes on with it, and nothing was done. A callback is asked for again.
 */
export function failureReply({ rejected, proven, called }: Failure<ProvenForm>, policy: Policy): HttpReply {
  const isSignalWires = proven !== undefined || rejected?.why === "unavailable";
  if (!isSignalWires || called === undefined) return bare(rejected?.why === "too-large" ? 413 : 403);
  if (called.path === "/telephony/events") return bare(503);
  // Nobody vouched for the URL. It leads nobody but the call that it was asked for, and nowhere that the owner did not allow.
  const at = { params: paramsOf(called) ?? {} };
  const onwards = redirectTo(policy, at.params.else);
  if (onwards !== undefined) return xml(responseOf(onwards));
  const room = roleOf(at) === "control" ? undefined : roomOf(at);
  // Without our own key, so without a star.
  const links = { origin: originOf(called), key: undefined };
  const back = room === undefined ? [] : [joinRoom(links, room, "caller")];
  return xml(responseOf(say(policy, "not-paused"), ...back));
}

const bare = (statusCode: number): HttpReply => ({
  statusCode,
  headers: { "content-type": "text/plain" },
  body: "",
});
