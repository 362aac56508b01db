import * as z from "zod/mini";
import {
  type CallSid,
  type ConferenceRef,
  type ConferenceSid,
  callSid,
  conferenceSid,
  type Millis,
  type ProjectId,
  type Room,
  room,
} from "../recording/ids.ts";
import type { Look } from "../recording/status.ts";
import { ask, unlessMissing } from "./ask.ts";
import type { Send } from "./call.ts";
import { inParallel } from "./in-parallel.ts";
import { all, listed, nextPage } from "./pages.ts";
import { sid } from "./shapes.ts";

const conference = z.object({ sid, friendly_name: z.nullish(z.string()), status: z.string() });
const conferences = z.object({ conferences: z.array(conference), next_page_uri: nextPage });
const participant = z.object({ call_sid: sid, status: z.optional(z.unknown()) });
const participants = z.object({ participants: z.array(participant), next_page_uri: nextPage });
const withName = z.object({ friendly_name: z.nullish(z.string()) });
const withStatus = z.object({ status: z.string() });

/** Reads are "effectively unlimited" (rate limits); this bounds our own connections. */
const atOnce = 16;

/** Where a conference's recordings and participants are, below the account's path. */
export const conferencePath = (conference: ConferenceSid): string =>
  `/Conferences/${encodeURIComponent(conference)}`;

/** What the conference itself says. A word that is none of SignalWire's counts as running. @throws SignalWireFailure */
export async function conferenceStatus(
  send: Send,
  { project, conference }: ConferenceRef,
  deadline: Millis,
): Promise<Look["conference"]> {
  const asking = ask(send, { project, path: conferencePath(conference), deadline }, withStatus);
  const found = await unlessMissing(asking, undefined);
  if (found === undefined) return "unknown";
  return found.status === "completed" ? "over" : "running";
}

/** See `SignalWireClient.roomOf`. */
export async function roomOf(
  send: Send,
  { project, conference }: ConferenceRef,
  deadline: Millis,
): Promise<Room | undefined> {
  const { friendly_name: name } = await ask(
    send,
    { project, path: conferencePath(conference), deadline },
    withName,
  );
  return name ? room(name) : undefined;
}

/**
 * Lets everybody in the conference hear what the document at `url` says ("Update a Conference"); SignalWire asks for that with a
 * POST of its own. Never rejects, and nobody learns whether it was heard.
 */
export async function announce(
  send: Send,
  { project, conference }: ConferenceRef,
  url: string,
  deadline: Millis,
): Promise<void> {
  const form = { AnnounceUrl: url, AnnounceMethod: "POST" };
  await send({
    project,
    method: "POST",
    path: conferencePath(conference),
    form,
    attempts: "repeat",
    deadline,
  });
}

/** The calls that take part in the conference now; none where SignalWire knows no such conference. @throws SignalWireFailure */
export async function participantCalls(
  send: Send,
  { project, conference }: ConferenceRef,
  deadline: Millis,
): Promise<ReadonlySet<CallSid>> {
  const list = { project, path: `${conferencePath(conference)}/Participants`, deadline };
  const items = all(listed(send, list, participants, (page) => page.participants));
  return new Set((await unlessMissing(items, [])).map((item) => callSid(item.call_sid)));
}

/** See `SignalWire.conferencesInRoom`. Whether SignalWire's filter means the whole name is not documented, so it is compared here. */
export async function conferencesInRoom(
  send: Send,
  project: ProjectId,
  room: Room,
  deadline: Millis,
): Promise<readonly ConferenceSid[]> {
  const found = await inProgress(send, project, { FriendlyName: room }, deadline);
  return found.filter((item) => item.friendly_name === room).map((item) => conferenceSid(item.sid));
}

/** See `SignalWire.takesPart`. */
export async function takesPart(
  send: Send,
  { project, conference }: ConferenceRef,
  call: CallSid,
  deadline: Millis,
): Promise<boolean> {
  const path = `${conferencePath(conference)}/Participants/${encodeURIComponent(call)}`;
  const found = await unlessMissing(ask(send, { project, path, deadline }, participant), undefined);
  return found !== undefined && found.status !== "completed";
}

/** See `SignalWire.conferencesOfCall`. SignalWire cannot be asked for it, so each conference is. */
export async function conferencesOfCall(
  send: Send,
  project: ProjectId,
  call: CallSid,
  deadline: Millis,
): Promise<readonly ConferenceSid[]> {
  const running = await inProgress(send, project, {}, deadline);
  const sids = running.map((item) => conferenceSid(item.sid));
  const isIn = await inParallel(sids, atOnce, (conference) =>
    takesPart(send, { project, conference }, call, deadline),
  );
  return sids.filter((_, index) => isIn[index]);
}

async function inProgress(send: Send, project: ProjectId, filter: { FriendlyName?: Room }, deadline: Millis) {
  const list = { project, path: "/Conferences", filter: { ...filter, Status: "in-progress" }, deadline };
  const items = await all(listed(send, list, conferences, (page) => page.conferences));
  return items.filter((item) => item.status === "in-progress");
}
