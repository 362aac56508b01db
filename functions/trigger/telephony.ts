import type { Policy } from "../config/policy.ts";
import type { AlarmName } from "../recording/alarm.ts";
import type { Callback } from "../recording/callback.ts";
import type { Command } from "../recording/command.ts";
import type { Millis, ProjectId } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { responseOf } from "./cxml.ts";
import { pressDigit } from "./digits.ts";
import { callbackOf } from "./events.ts";
import { fieldOf } from "./form.ts";
import type { Door, Handled, HttpReply } from "./http-chain.ts";
import { isOurs } from "./links.ts";
import { Rejected } from "./rejected.ts";
import { askDigit, joinRoom, type Links, roomOf } from "./room.ts";
import { say } from "./spoken.ts";
import { createTelephonyProof, type ProvenForm, type SigningKeys } from "./telephony-proof.ts";
import { spoken, told, xml } from "./telephony-reply.ts";

export type TelephonyPorts = {
  readonly keys: SigningKeys;
  /** The key of our own URLs. */
  readonly link: () => Promise<string>;
  readonly projects: readonly ProjectId[];
  readonly policy: Policy;
  readonly handleCommand: (command: Command) => Promise<Outcome>;
  readonly handleCallback: (callback: Callback) => Promise<void>;
  readonly alarm: (name: AlarmName) => void;
  readonly now: () => Millis;
  readonly sleep: (ms: Millis) => Promise<void>;
};

/** What a route makes of a proven form. */
export type Route = (proven: ProvenForm, links: Links) => Promise<Handled>;

/** SignalWire's cXML webhooks. Whatever happens, the call goes on with the answer. */
export function telephonyDoor(ports: TelephonyPorts): Door<ProvenForm, ProvenForm, ProvenForm> {
  const { policy, now } = ports;
  const routes: { readonly [path: string]: Route } = {
    "/telephony/join": async (proven, links) => {
      const room = roomOf(proven);
      const role = proven.params.role === "agent" ? "agent" : "caller";
      return spoken(proven, room === undefined ? say(policy, "nothing") : joinRoom(links, room, role));
    },
    "/telephony/menu": async (proven, links) => {
      const room = roomOf(proven);
      const isOver = fieldOf(proven.form, "CallStatus") === "completed";
      if (isOver || room === undefined || !isOurs(links.key, proven.path, proven.params, now())) {
        return { reply: xml(responseOf()), told: told(proven) };
      }
      const menu = askDigit(links, room, now(), say(policy, "menu"));
      return spoken(proven, menu, joinRoom(links, room, "agent"));
    },
    "/telephony/digits": (proven, links) => pressDigit(ports, proven, links),
    "/telephony/events": async (proven) => {
      // A hint that is lost is looked up; a repeated one changes nothing.
      await ports.handleCallback(callbackOf(proven)).catch(() => undefined);
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
    handle: async (proven) => {
      const links = { origin: proven.origin, key: await ports.link() };
      return (routes[proven.path] as Route)(proven, links);
    },
    errors: ({ rejected, proven }) => errorReply(rejected, proven, policy),
  };
}

/** 403 for whoever has not proven to be SignalWire; to SignalWire itself the warning, because the call goes on with it. */
function errorReply(
  rejected: Rejected | undefined,
  proven: ProvenForm | undefined,
  policy: Policy,
): HttpReply {
  if (proven !== undefined) return xml(responseOf(say(policy, "not-paused")));
  const status = rejected?.why === "too-large" ? 413 : rejected?.why === "unavailable" ? 503 : 403;
  return { statusCode: status, headers: { "content-type": "text/plain" }, body: "" };
}
