import * as z from "zod/mini";
import { readJson } from "../http/read-json.ts";
import type { ConferenceRef } from "../recording/ids.ts";
import { leavesOpen, type Send } from "./call.ts";
import { conferencePath } from "./conferences.ts";
import { recordingStatus } from "./shapes.ts";
import type { RecordingTarget, UpdateOptions, UpdateOutcome } from "./signalwire.ts";

const updated = z.object({ status: recordingStatus });

/**
 * "Update a Conference Recording", or "Update a Recording" for a call's own; see `SignalWire.update`. A 429 counts as refused.
 * Where an earlier attempt may still be carried out, what a later one was refused does not make it definite.
 */
export async function update(
  send: Send,
  { project, conference }: ConferenceRef,
  { sid, call }: RecordingTarget,
  { to, pauseBehavior, attempts, deadline, onSent }: UpdateOptions,
): Promise<UpdateOutcome> {
  const owner = call === undefined ? conferencePath(conference) : `/Calls/${encodeURIComponent(call)}`;
  const reply = await send({
    project,
    method: "POST",
    path: `${owner}/Recordings/${encodeURIComponent(sid)}`,
    // With another status its meaning is not documented.
    form: { Status: to, ...(to === "paused" && pauseBehavior && { PauseBehavior: pauseBehavior }) },
    attempts,
    deadline,
    onSent,
  });
  if (reply.kind !== "answered") return { kind: reply.kind };
  if (reply.status >= 200 && reply.status <= 299) {
    const shown = readJson(reply.body, updated)?.status ?? "unrecognised";
    return { kind: "accepted", status: shown, ...(reply.inDoubt ? { inDoubt: true } : {}) };
  }
  if (leavesOpen(reply.status) || reply.inDoubt) return { kind: "unanswered" };
  return { kind: "refused", httpStatus: reply.status };
}
