import { responseOf } from "./cxml.ts";
import { pressDigit } from "./digits.ts";
import { callbackOf } from "./events.ts";
import { fieldOf } from "./form.ts";
import type { Door, Handled } from "./http-chain.ts";
import { timeLeft, within } from "./in-time.ts";
import { isOurs } from "./links.ts";
import { Rejected } from "./rejected.ts";
import { announcementOf, joinRoom, type Links, menuOf, roleOf, roomOf } from "./room.ts";
import { say } from "./spoken.ts";
import { failureReply } from "./telephony-failure.ts";
import type { TelephonyPorts } from "./telephony-ports.ts";
import { createTelephonyProof, type ProvenForm } from "./telephony-proof.ts";
import { spoken, told, xml } from "./telephony-reply.ts";

/** What a route makes of a proven form. `link` asks for the key of our own URLs, which not every route needs. */
type Route = (proven: ProvenForm, link: () => Promise<Links>) => Promise<Handled>;

/** SignalWire's cXML webhooks. Whatever happens, the call goes on with the answer. */
export function telephonyDoor(ports: TelephonyPorts): Door<ProvenForm, ProvenForm, ProvenForm> {
  const { policy } = ports;
  const routes: { readonly [path: string]: Route } = {
    "/telephony/join": (proven, link) => join(ports, proven, link),
    "/telephony/menu": (proven, link) => menu(ports, proven, link),
    "/telephony/digits": (proven, link) => pressDigit(ports, proven, link),
    "/telephony/events": async (proven) => {
      // A hint that is lost is looked up; a repeated one changes nothing.
      await within(ports, timeLeft(ports, proven.receivedAt), ports.handleCallback(callbackOf(proven)));
      return { reply: { statusCode: 204, headers: {}, body: "" }, told: told(proven) };
    },
  };
  return {
    route: "/telephony",
    contentType: "application/x-www-form-urlencoded",
    prove: createTelephonyProof(ports.keys, ports.projects),
    parse: (proven) => proven,
    validate: (proven) => {
      if (!Object.hasOwn(routes, proven.path)) throw new Rejected("no-such-route");
      return proven;
    },
    handle: (proven) => {
      const { origin, receivedAt } = proven;
      const link = async () => ({
        origin,
        key: await within(ports, timeLeft(ports, receivedAt), ports.link()),
      });
      return (routes[proven.path] as Route)(proven, link);
    },
    errors: (failure) => failureReply(failure, policy),
  };
}

/** The first document of a call. */
async function join(
  { policy, now }: TelephonyPorts,
  proven: ProvenForm,
  link: () => Promise<Links>,
): Promise<Handled> {
  const room = roomOf(proven);
  const role = roleOf(proven);
  const links = await link();
  if (room === undefined) return spoken(proven, say(policy, "nothing"));
  if (role !== "control") return spoken(proven, joinRoom(links, room, role));
  const menu = menuOf(links, room, role, { policy, now: now() });
  return spoken(proven, ...(menu.length === 0 ? [say(policy, "nothing")] : menu));
}

/** Behind the star of an agent, and what a control line and the announcements come back to. */
async function menu(
  { policy, now }: TelephonyPorts,
  proven: ProvenForm,
  link: () => Promise<Links>,
): Promise<Handled> {
  const links = await link();
  const room = roomOf(proven);
  const isOver = fieldOf(proven.form, "CallStatus") === "completed";
  const isKnown = links.key === undefined || isOurs(links.key, proven.path, proven.params, now());
  if (isOver || !isKnown) return { reply: xml(responseOf()), told: told(proven) };
  const announcement = announcementOf(proven);
  if (announcement !== undefined) return spoken(proven, say(policy, `announce-${announcement}`));
  const role = roleOf(proven) === "control" ? "control" : "agent";
  return spoken(proven, ...(room === undefined ? [] : menuOf(links, room, role, { policy, now: now() })));
}
