// A command from the door to its outcome: which conferences it may mean, then each one's own steps in command-conference.ts.
import { commandEach, stillTrue, together } from "./command-candidates.ts";
import { timingFirstPause } from "./first-pause.ts";
import type { Ports } from "./ports.ts";
import type { Command } from "./recording/command.ts";
import type { ConferenceSid, Millis } from "./recording/ids.ts";
import type { Outcome } from "./recording/outcome.ts";
import { type Resolved, resolve } from "./resolve.ts";

/** From the receipt of a trigger to the last thing begun for it; the rest is for the answer. */
const BUDGET_MS = { telephony: 3_600, other: 7_400 };

/** A pause is on the wire by then, where anything answers as it usually does. */
const HEAD_START_MS = 500;

export type HandleCommand = (command: Command) => Promise<Outcome>;

/** Never rejects for what SignalWire, AWS or the sender do: all of that is an outcome. */
export const createHandleCommand =
  (untimed: Ports): HandleCommand =>
  async (command) => {
    const ports = timingFirstPause(untimed, command.receivedAt);
    const budgetMs = command.source === "telephony" ? BUDGET_MS.telephony : BUDGET_MS.other;
    const deadline = command.receivedAt + budgetMs;
    const hasCredentials = await ports.ready(command.project).then(
      () => true,
      () => false,
    );
    if (!hasCredentials) return { kind: "unavailable", why: "credentials" };

    const found = await find(ports, command, undefined, deadline);
    if (found === undefined) return { kind: "unavailable", why: "signalwire" };
    const [hint] = found.conferences;
    if (!found.isHint || hint === undefined) return commandFound(ports, command, found, deadline);
    return command.target.by === "room"
      ? commandInRoom(ports, command, { ...found, hint }, deadline)
      : commandOfCall(ports, command, hint, deadline);
  };

/** `hint`: what the directory said, to be looked up afresh. Undefined where SignalWire did not answer. */
const find = (
  ports: Ports,
  { project, target, cause: { call } }: Command,
  hint: ConferenceSid | undefined,
  deadline: Millis,
): Promise<Resolved | undefined> =>
  resolve(ports, project, target, { hint, deadline, call }).catch(() => undefined);

/** The command waits for no note, but nothing goes on behind its outcome. */
async function commandFound(
  ports: Ports,
  command: Command,
  { conferences, noting }: Resolved,
  deadline: Millis,
): Promise<Outcome> {
  const [outcome] = await Promise.all([commandEach(ports, command, conferences, { deadline }), noting]);
  return outcome;
}

/** A room's name may be another conference's by now, or that of two: the hint is held against what SignalWire says. */
async function commandInRoom(
  ports: Ports,
  command: Command,
  { hint, recordings }: Resolved & { readonly hint: ConferenceSid },
  deadline: Millis,
): Promise<Outcome> {
  const { operation } = command;
  const handleHint = () => commandEach(ports, command, [hint], { deadline, hinted: recordings });
  const asked = () => find(ports, command, hint, deadline);
  if (operation.type === "place-hold") {
    let isOnlyOne = false;
    const pausing = handleHint();
    // Behind the pause of the one that is known: the open connection is for that.
    const asking = Promise.race([pausing, ports.sleep(HEAD_START_MS)]).then(asked);
    const pausingOthers = asking.then(async (fresh) => {
      const others = (fresh?.conferences ?? []).filter((one) => one !== hint);
      isOnlyOne = others.length === 0;
      const each = others.map((one) => commandEach(ports, command, [one], { deadline }));
      const [outcomes] = await Promise.all([Promise.all(each), fresh?.noting]);
      return outcomes;
    });
    const outcome = await pausing;
    if (isOnlyOne) return outcome;
    const others = await pausingOthers;
    if (isGone(outcome) && others.length > 0) return together(others);
    const all = [outcome, ...others].map((one) => stillTrue(ports, command, one));
    return together(await Promise.all(all));
  }
  const fresh = await asked();
  if (fresh !== undefined && fresh.conferences.length > 0)
    return commandFound(ports, command, fresh, deadline);
  // A release concerns a hold of its own alone; a stop of the wrong conference cannot be undone.
  if (fresh === undefined && operation.type === "stop") return { kind: "unavailable", why: "signalwire" };
  return handleHint();
}

/** A call is in one conference at a time, and in the menu in none that SignalWire lists: the hint stands until it is gone. */
async function commandOfCall(
  ports: Ports,
  command: Command,
  hint: ConferenceSid,
  deadline: Millis,
): Promise<Outcome> {
  const outcome = await commandEach(ports, command, [hint], { deadline });
  if (!isGone(outcome)) return outcome;
  const fresh = await find(ports, command, hint, deadline);
  if (fresh === undefined) return { kind: "unavailable", why: "signalwire" };
  return fresh.conferences.length === 0 ? outcome : commandFound(ports, command, fresh, deadline);
}

const isGone = (outcome: Outcome): boolean =>
  outcome.kind === "refused" && (outcome.why === "conference-over" || outcome.why === "no-such-conference");
