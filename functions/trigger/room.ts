import type { Millis } from "../recording/ids.ts";
import { type Cxml, element } from "./cxml.ts";
import { MENU_ANSWER_MS, signLink } from "./links.ts";
import type { ProvenForm } from "./telephony-proof.ts";

export type Role = "agent" | "caller";

/** What our own URLs are made of. */
export type Links = { readonly origin: string; readonly key: string };

/** Puts the call into the room. The star takes an agent out of it again, to the menu. */
export function joinRoom({ origin, key }: Links, room: string, role: Role): Cxml {
  const events = `${origin}/telephony/events`;
  const menu = origin + signLink(key, { path: "/telephony/menu", params: { room, role } });
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
  const star = role === "agent" ? { action: menu, method: "POST", hangupOnStar: true } : {};
  return element("Dial", star, conference);
}

/** Asks for one digit, for fifteen minutes. */
export function askDigit({ origin, key }: Links, room: string, now: Millis, menu: Cxml): Cxml {
  const link = { path: "/telephony/digits", params: { room, role: "agent" } };
  const action = origin + signLink(key, link, now + MENU_ANSWER_MS);
  return element("Gather", { numDigits: 1, action, method: "POST" }, menu);
}

const roomName = /^.{1,64}$/su;

/** The room that the URL names, if it names one that can be. */
export const roomOf = ({ params }: ProvenForm): string | undefined =>
  params.room !== undefined && roomName.test(params.room) ? params.room : undefined;
