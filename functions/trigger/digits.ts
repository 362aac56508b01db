import type { DigitVerb } from "../config/policy.ts";
import type { Command, Operation, Target } from "../recording/command.ts";
import { type CallSid, conferenceSid, isUuid, type Millis, room as roomId } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { type Cxml, element, responseOf } from "./cxml.ts";
import { toldOf } from "./delivery.ts";
import { fieldOf } from "./form.ts";
import type { Handled } from "./http-chain.ts";
import { isOurs } from "./links.ts";
import { askDigit, joinRoom, type Links, roomOf } from "./room.ts";
import { type SpokenText, say, spokenOf } from "./spoken.ts";
import type { TelephonyPorts } from "./telephony.ts";
import type { ProvenForm } from "./telephony-proof.ts";
import { spoken, xml } from "./telephony-reply.ts";

/** SignalWire reads for five seconds; what is not known by now is answered with the warning. */
const ANSWER_MS = 4_000;
/** So many digits are no menu choice: a card number went astray. */
const CARD_DIGITS = 12;

/** A digit was pressed. It is compared here and goes no further. */
export async function pressDigit(ports: TelephonyPorts, proven: ProvenForm, links: Links): Promise<Handled> {
  const { policy, alarm, now } = ports;
  const room = roomOf(proven);
  const back = (): readonly Cxml[] => (room === undefined ? [] : [joinRoom(links, room, "agent")]);
  const nothing = (text: SpokenText = "nothing") => spoken(proven, say(policy, text), ...back());

  const isRendered = proven.params.mac !== undefined || proven.params.exp !== undefined;
  if (isRendered && !isOurs(links.key, proven.path, proven.params, now())) return nothing();
  const digits = fieldOf(proven.form, "Digits") ?? "";
  if (digits.replace(/\D/g, "").length >= CARD_DIGITS) {
    alarm("card-number-seen");
    return nothing();
  }
  const verb = Object.hasOwn(policy.digits, digits) ? policy.digits[digits] : undefined;
  if (verb === undefined) {
    const menu = room === undefined ? [] : [askDigit(links, room, now(), say(policy, "menu"))];
    return spoken(proven, ...menu, ...(menu.length === 0 ? [say(policy, "nothing")] : back()));
  }
  const target = targetOf(proven, room);
  if (target === undefined || proven.call === undefined) return nothing(spokenOf(verb, undefined));

  const command = commandOf(proven, proven.call, target, verb);
  const outcome = await inTime(ports, command);
  const told = outcome === undefined ? {} : toldOf(command, outcome);
  const isSafe = verb === "pause" && outcome?.kind === "done" && outcome.answer.safeToCollect;
  const onwards = redirect(ports, isSafe ? proven.params.then : proven.params.else);
  const isGated = proven.params.then !== undefined || proven.params.else !== undefined;
  if (isGated && onwards === undefined) alarm("redirect-refused");
  const verbs = onwards === undefined ? [say(policy, spokenOf(verb, outcome)), ...back()] : [onwards];
  return { reply: xml(responseOf(...verbs)), told: { ...told, route: proven.path } };
}

/** Exactly one of the two that a URL can name. */
function targetOf({ params }: ProvenForm, room: string | undefined): Target | undefined {
  const named = params.conference?.toLowerCase();
  if ((named === undefined) === (room === undefined)) return undefined;
  if (room !== undefined) return { by: "room", room: roomId(room) };
  return named !== undefined && isUuid(named)
    ? { by: "conference", conference: conferenceSid(named) }
    : undefined;
}

function commandOf(proven: ProvenForm, call: CallSid, target: Target, verb: DigitVerb): Command {
  const { project, sourceIp, requestId, receivedAt } = proven;
  return {
    project,
    target,
    source: "telephony",
    operation: operationOf(verb, call, receivedAt),
    cause: { source: "telephony", request: requestId, call, sourceIp },
    receivedAt,
  };
}

function operationOf(verb: DigitVerb, call: CallSid, receivedAt: Millis): Operation {
  const time = { at: receivedAt, clock: "receipt" } as const;
  switch (verb) {
    case "pause":
      return { type: "place-hold", hold: `call:${call}`, reason: "card-entry", time };
    case "resume":
      return { type: "release-hold", hold: `call:${call}`, time };
    case "stop":
      return { type: "stop", reason: "keypad" };
    default:
      return verb satisfies never;
  }
}

/** Undefined: no outcome in time, or none at all. The command goes on, and its check behind it. */
async function inTime(
  { handleCommand, sleep, now }: TelephonyPorts,
  command: Command,
): Promise<Outcome | undefined> {
  const left = Math.max(0, command.receivedAt + ANSWER_MS - now());
  return Promise.race([handleCommand(command).catch(() => undefined), sleep(left).then(() => undefined)]);
}

/** Only to where the owner allowed it: whoever has the URL must not lead the call anywhere else. */
function redirect({ policy }: TelephonyPorts, url: string | undefined): Cxml | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { origin, username, password } = new URL(url);
  const isAllowed = policy.redirectOrigins.includes(origin) && username === "" && password === "";
  return isAllowed ? element("Redirect", { method: "POST" }, url) : undefined;
}
