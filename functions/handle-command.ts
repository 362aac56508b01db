// A command from the door to its outcome: which conference, then the conference's own steps in command-conference.ts.
import { commandConference } from "./command-conference.ts";
import { timingFirstPause } from "./first-pause.ts";
import type { Ports } from "./ports.ts";
import type { Command } from "./recording/command.ts";
import type { ConferenceSid, Millis } from "./recording/ids.ts";
import type { Answer, Outcome } from "./recording/outcome.ts";
import { type Resolved, resolve } from "./resolve.ts";

/** From the receipt of a trigger to the last thing begun for it; the rest is for the answer. */
const BUDGET_MS = { telephony: 3_600, other: 7_400 };

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

    const first = await find(ports, command, false, deadline);
    if (first === undefined) return { kind: "unavailable", why: "signalwire" };
    const outcome = await commandFound(ports, command, first, deadline);
    // A room is used again: where the hint's conference is over or unknown, the room may be another conference's by now.
    if (!first.isHint || outcome.kind !== "refused") return outcome;
    if (outcome.why !== "conference-over" && outcome.why !== "no-such-conference") return outcome;
    const fresh = await find(ports, command, true, deadline);
    if (fresh === undefined) return { kind: "unavailable", why: "signalwire" };
    if (fresh.conferences.length === 0) return outcome;
    return commandFound(ports, command, fresh, deadline);
  };

/** The command waits for no note, but nothing goes on behind its outcome. */
async function commandFound(
  ports: Ports,
  command: Command,
  found: Resolved,
  deadline: Millis,
): Promise<Outcome> {
  const [outcome] = await Promise.all([commandEach(ports, command, found, deadline), found.noting]);
  return outcome;
}

const find = (
  ports: Ports,
  { project, target, cause: { call } }: Command,
  isFresh: boolean,
  deadline: Millis,
): Promise<Resolved | undefined> =>
  resolve(ports, project, target, { isFresh, deadline, call }).catch(() => undefined);

/** Ambiguous: every candidate is paused; nothing is resumed or stopped. */
async function commandEach(
  ports: Ports,
  command: Command,
  { conferences, recordings }: Resolved,
  deadline: Millis,
): Promise<Outcome> {
  const [only, ...others] = conferences;
  if (only === undefined) return { kind: "refused", why: "no-such-conference" };
  const handle = (conference: ConferenceSid) =>
    commandConference(ports, { project: command.project, conference }, command, {
      deadline,
      hinted: recordings,
    });
  if (others.length === 0) return handle(only);
  if (command.operation.type !== "place-hold") return { kind: "refused", why: "ambiguous" };
  return together(await Promise.all(conferences.map(handle)));
}

/** One answer for several conferences: what is true of all of them. */
function together(outcomes: readonly Outcome[]): Outcome {
  const answers = outcomes.flatMap((outcome): Answer[] =>
    outcome.kind === "done" || outcome.kind === "pending" ? [outcome.answer] : [],
  );
  const [first] = answers;
  const worst =
    outcomes.find(({ kind }) => kind === "unavailable") ?? outcomes.find(({ kind }) => kind === "refused");
  if (first === undefined) return worst ?? { kind: "refused", why: "no-such-conference" };
  const isConfirmed = outcomes.every(({ kind }) => kind === "done");
  const answer: Answer = {
    ...first,
    confirmed: isConfirmed,
    safeToCollect: isConfirmed && answers.every(({ safeToCollect }) => safeToCollect),
    recordings: answers.flatMap(({ recordings }) => recordings),
  };
  return { kind: isConfirmed ? "done" : "pending", answer };
}
