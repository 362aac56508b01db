import type { Policy } from "../config/policy.ts";
import type { Millis } from "../recording/ids.ts";
import { type Cxml, element } from "./cxml.ts";
import { MENU_ANSWER_MS, signLink } from "./links.ts";
import { say } from "./spoken.ts";
import type { Announced } from "./telephony-ports.ts";
import type { ProvenForm } from "./telephony-proof.ts";

/** `agent`: the star leads to the menu. `caller`: there is none. `control`: a line that only has the menu, and is in no room. */
export type Role = "agent" | "caller" | "control";

/** What our own URLs are made of. Without a key, which could not be had, there are none. */
export type Links = { readonly origin: string; readonly key: string | undefined };

/** Puts the call into the room. The star takes an agent out of it again, to the menu. */
export function joinRoom({ origin, key }: Links, room: string, role: "agent" | "caller"): Cxml {
  // A recording's callback names no room; its URL does, so that a pressed digit finds the recording at once.
  const events = `${origin}/telephony/events?room=${encodeURIComponent(room)}`;
  const conference = element(
    "Conference",
    {
      record: "record-from-start",
      // Trimmed, the silence of a pause would look as if nothing had been cut out.
      trim: "do-not-trim",
      statusCallback: events,
      statusCallbackEvent: "start end join leave",
      recordingStatusCallback: events,
      recordingStatusCallbackEvent: "in-progress completed failed",
    },
    room,
  );
  if (role === "caller" || key === undefined) return element("Dial", {}, conference);
  const menu = origin + signLink(key, { path: "/telephony/menu", params: { room, role } });
  return element("Dial", { action: menu, method: "POST", hangupOnStar: true }, conference);
}

type At = { readonly policy: Policy; readonly now: Millis };

/** The menu, and what follows if nothing is pressed: the room for an agent, the menu again for a control line. */
export function menuOf(links: Links, room: string, role: "agent" | "control", at: At): readonly Cxml[] {
  const { origin, key } = links;
  if (key === undefined) return role === "agent" ? [joinRoom(links, room, role)] : [];
  const digits = askDigit(origin, key, { room, role }, at);
  if (role === "agent") return [digits, joinRoom(links, room, role)];
  const again = origin + signLink(key, { path: "/telephony/menu", params: { room, role } });
  return [digits, element("Redirect", { method: "POST" }, again)];
}

/** Where a call goes once it was answered: into its room again, or, on a control line, to the menu. */
export function wayBack(links: Links, room: string, role: Role, at: At): readonly Cxml[] {
  return role === "control" ? menuOf(links, room, role, at) : [joinRoom(links, room, role)];
}

/** Asks for one digit; its answer is good for fifteen minutes. */
function askDigit(
  origin: string,
  key: string,
  params: { readonly room: string; readonly role: "agent" | "control" },
  { policy, now }: At,
): Cxml {
  const action = origin + signLink(key, { path: "/telephony/digits", params }, now + MENU_ANSWER_MS);
  const attributes = {
    numDigits: 1,
    action,
    method: "POST",
    ...patience[params.role],
    finishOnKey: finishOnKey(policy),
  };
  return element("Gather", attributes, say(policy, "menu"));
}

/** Seconds. In the star menu the room waits; on a control line nobody does. */
const patience = { agent: {}, control: { timeout: 60 } };

/** `#` ends the input before it is a digit (`<Gather>`), so where it means something another key has to. */
function finishOnKey({ digits }: Policy): string | undefined {
  return Object.hasOwn(digits, "#")
    ? [..."*0987654321"].find((key) => !Object.hasOwn(digits, key))
    : undefined;
}

/** Where SignalWire finds what a conference is to hear. */
export const announcementUrl = (origin: string, key: string, what: Announced, now: Millis): string =>
  origin + signLink(key, { path: "/telephony/menu", params: { announce: what } }, now + MENU_ANSWER_MS);

export const announcementOf = ({ params }: ProvenForm): Announced | undefined =>
  params.announce === "paused" || params.announce === "resumed" ? params.announce : undefined;

type Asked = Pick<ProvenForm, "params">;
const roomName = /^.{1,64}$/su;

/** The room that the URL names, if it names one that can be. */
export const roomOf = ({ params }: Asked): string | undefined =>
  params.room !== undefined && roomName.test(params.room) ? params.room : undefined;

export const roleOf = ({ params: { role } }: Asked): Role =>
  role === "agent" || role === "control" ? role : "caller";

/** Whoever presses a key is an agent where the URL does not say; at the gate of a payment IVR it is the one who pays. */
export function presserOf({ params }: Asked): Role {
  const isGate = params.then !== undefined || params.else !== undefined;
  return params.role === undefined && !isGate ? "agent" : roleOf({ params });
}
