// A command from the door to its outcome: which conferences it may mean, then each one's own steps in command-conference.ts.

import type { Ports } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import type { Outcome } from "../recording/outcome.ts";
import { commandFound } from "./command-candidates.ts";
import { commandHinted } from "./command-hinted.ts";
import { timingFirstPause } from "./first-pause.ts";
import { resolve } from "./resolve.ts";

/** From the receipt of a trigger to the last thing begun for it; the rest is for the answer. */
const BUDGET_MS = { telephony: 3_600, other: 7_400 };

export type HandleCommand = (command: Command) => Promise<Outcome>;

/** Never rejects for what SignalWire, AWS or the sender do: all of that is an outcome. */
export const createHandleCommand =
  (untimed: Ports): HandleCommand =>
  async (command) => {
    const firstPause = timingFirstPause(untimed, command.receivedAt);
    const { ports } = firstPause;
    const budgetMs = command.source === "telephony" ? BUDGET_MS.telephony : BUDGET_MS.other;
    const deadline = command.receivedAt + budgetMs;
    const hasCredentials = await ports.ready(command.project).then(
      () => true,
      () => false,
    );
    if (!hasCredentials) return { kind: "unavailable", why: "credentials" };

    const { project, target, cause } = command;
    const how = { deadline, call: cause.call };
    const found = await resolve(ports, project, target, how).catch(() => undefined);
    if (found === undefined) return { kind: "unavailable", why: "signalwire" };
    const [hint] = found.conferences;
    if (!found.isHint || hint === undefined) return commandFound(ports, command, found, deadline);
    return commandHinted(ports, command, { hint, recordings: found.recordings, firstPause, deadline });
  };
