import type { DigitVerb, Policy } from "../config/policy.ts";
import type { Command, Operation, Target } from "../recording/command.ts";
import { type CallSid, conferenceSid, isUuid, type Millis, room as roomId } from "../recording/ids.ts";
import { fieldOf } from "./form.ts";
import { roomOf } from "./room.ts";
import type { ProvenForm } from "./telephony-proof.ts";

/** So many digits are no menu choice: a card number went astray. */
const CARD_DIGITS = 12;

/** What was pressed: something to do, a card number, or nothing that means anything. The digits go no further than this. */
export function pressedOf(policy: Policy, { form }: ProvenForm): DigitVerb | "card-number" | undefined {
  const pressed = fieldOf(form, "Digits") ?? "";
  if (pressed.replace(/\D/g, "").length >= CARD_DIGITS) return "card-number";
  // Whether the key that ends the input is part of it is not documented.
  const digits = pressed.length > 1 && pressed.endsWith("#") ? pressed.slice(0, -1) : pressed;
  return Object.hasOwn(policy.digits, digits) ? policy.digits[digits] : undefined;
}

/** The command, or undefined where the URL does not name exactly one conference, or the form no call. */
export function commandOf(proven: ProvenForm, verb: DigitVerb): Command | undefined {
  const { project, call, sourceIp, requestId, receivedAt } = proven;
  const target = targetOf(proven);
  if (target === undefined || call === undefined) return undefined;
  return {
    project,
    target,
    source: "telephony",
    operation: operationOf(verb, call, receivedAt),
    cause: { source: "telephony", request: requestId, call, sourceIp },
    receivedAt,
  };
}

function targetOf(proven: ProvenForm): Target | undefined {
  const room = roomOf(proven);
  const named = proven.params.conference?.toLowerCase();
  if ((named === undefined) === (room === undefined)) return undefined;
  if (room !== undefined) return { by: "room", room: roomId(room) };
  return named !== undefined && isUuid(named)
    ? { by: "conference", conference: conferenceSid(named) }
    : undefined;
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
