import type { DigitVerb } from "../config/policy.ts";
import type { Command } from "../recording/command.ts";
import { conferenceSid, isUuid } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { type Cxml, responseOf } from "./cxml.ts";
import { type Told, toldOf } from "./delivery.ts";
import { commandOf, pressedOf } from "./digit-command.ts";
import type { Handled } from "./http-chain.ts";
import { timeLeft, within } from "./in-time.ts";
import { isOurs } from "./links.ts";
import { redirectTo } from "./redirect.ts";
import { isReplay } from "./replay.ts";
import { announcementUrl, type Links, menuOf, presserOf, roomOf, wayBack } from "./room.ts";
import { type SpokenText, say, spokenOf } from "./spoken.ts";
import type { TelephonyPorts } from "./telephony-ports.ts";
import type { ProvenForm } from "./telephony-proof.ts";
import { told, xml } from "./telephony-reply.ts";

/** The caller in the menu waits for it. */
const ANNOUNCE_MS = 500;
/** A pause is on the wire by then, where anything answers as it usually does. */
const HEAD_START_MS = 500;

/** A digit was pressed. It is compared here and goes no further. */
export async function pressDigit(
  ports: TelephonyPorts,
  proven: ProvenForm,
  link: () => Promise<Links>,
): Promise<Handled> {
  const { policy, handleCommand, alarm, now } = ports;
  const { params } = proven;
  const linking = link();
  const isRendered = params.mac !== undefined || params.exp !== undefined;
  if (isRendered && !isOurs((await linking).key, proven.path, params, now())) {
    return answered(ports, proven, linking, { text: "nothing" });
  }
  const pressed = pressedOf(policy, proven);
  if (pressed === "card-number") alarm("card-number-seen");
  if (pressed === "card-number" || pressed === undefined) {
    return answered(ports, proven, linking, { text: "nothing", asksAgain: pressed === undefined });
  }
  // The key of our own URLs is not waited for: a pause needs none.
  const command = commandOf(proven, pressed);
  if (pressed === "stop" && !isRendered && (await isReplay(ports, proven))) {
    return answered(ports, proven, linking, { text: "not-stopped" });
  }
  if (command === undefined) {
    return answered(ports, proven, linking, { text: spokenOf(pressed, undefined) });
  }
  const handling = within(ports, timeLeft(ports, command.receivedAt), handleCommand(command));
  const isGate = params.then !== undefined || params.else !== undefined;
  const room = isGate ? undefined : roomBehind(ports, proven, handling);
  // No outcome in time, or none at all: it goes on, and its check behind it.
  const outcome = await handling;
  if (outcome === undefined) {
    return answered(ports, proven, linking, { text: spokenOf(pressed, undefined), room });
  }
  await announced(ports, proven, linking, command, outcome);
  return answered(ports, proven, linking, {
    text: spokenOf(pressed, outcome),
    room,
    isSafe: isSafe(pressed, outcome),
    told: toldOf(command, outcome),
  });
}

type Answer = {
  readonly text: SpokenText;
  /** Asked for already; otherwise it is, where the answer needs it. */
  readonly room?: Promise<string | undefined> | undefined;
  readonly isSafe?: boolean;
  readonly asksAgain?: boolean;
  readonly told?: Told;
};

/** A gate leads to one of its two documents, whatever was pressed; everybody else hears what is true, and goes back. */
async function answered(
  ports: TelephonyPorts,
  proven: ProvenForm,
  linking: Promise<Links>,
  { text, room: finding, isSafe = false, asksAgain = false, told: more = {} }: Answer,
): Promise<Handled> {
  const { policy, alarm, now } = ports;
  const spokenWith = (verbs: readonly Cxml[]): Handled => ({
    reply: xml(responseOf(...verbs)),
    told: { ...told(proven), ...more },
  });
  const { then, else: otherwise } = proven.params;
  const gate = isSafe ? then : otherwise;
  const onwards = redirectTo(policy, gate);
  if (gate !== undefined && onwards === undefined) alarm("redirect-refused");
  if (onwards !== undefined) return spokenWith([onwards]);
  const [links, room] = await Promise.all([linking, finding ?? roomBehind(ports, proven)]);
  const said = say(policy, text);
  if (room === undefined) return spokenWith([said]);
  const role = presserOf(proven);
  const at = { policy, now: now() };
  return asksAgain && role === "agent"
    ? spokenWith(menuOf(links, room, role, at))
    : spokenWith([said, ...wayBack(links, room, role, at)]);
}

/**
 * The room to go back to. A conference that was named by its id is asked for its name: without one the call would end here.
 * `handling`: what goes first, for the open connection is for the pause.
 */
async function roomBehind(
  ports: TelephonyPorts,
  proven: ProvenForm,
  handling: Promise<unknown> = Promise.resolve(),
): Promise<string | undefined> {
  const { project, params, receivedAt } = proven;
  const conference = params.conference?.toLowerCase();
  if (conference === undefined || !isUuid(conference)) return roomOf(proven);
  await Promise.race([handling, ports.sleep(HEAD_START_MS)]);
  const ms = timeLeft(ports, receivedAt);
  const ref = { project, conference: conferenceSid(conference) };
  return within(ports, ms, ports.roomOf(ref, ports.now() + ms));
}

const isSafe = (verb: DigitVerb, outcome: Outcome): boolean =>
  verb === "pause" && outcome.kind === "done" && outcome.answer.safeToCollect;

/**
 * Before the answer: behind it this process may be frozen with the announcement half sent. Its failing changes nothing, and what
 * is left of the time bounds it.
 */
async function announced(
  ports: TelephonyPorts,
  { origin }: ProvenForm,
  linking: Promise<Links>,
  command: Command,
  outcome: Outcome,
): Promise<void> {
  const { announce, policy, now } = ports;
  if (!policy.announce) return;
  const { key } = await linking;
  const ms = Math.min(ANNOUNCE_MS, timeLeft(ports, command.receivedAt));
  if (key === undefined || ms === 0) return;
  const urlOf = (what: "paused" | "resumed") => announcementUrl(origin, key, what, now());
  await within(ports, ms, announce(command, outcome, { urlOf, deadline: now() + ms }));
}
