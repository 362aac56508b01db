import type { Ports } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import type { ConferenceSid, Millis } from "../recording/ids.ts";
import type { Answer, Outcome } from "../recording/outcome.ts";
import { type CommandRun, commandConference } from "./command-conference.ts";
import type { Resolved } from "./resolve.ts";
import { stillTrue } from "./still-true.ts";

/** Ambiguous: every candidate is paused; nothing is resumed or stopped. */
export async function commandEach(
  ports: Ports,
  command: Command,
  conferences: readonly ConferenceSid[],
  run: CommandRun,
): Promise<Outcome> {
  const [only, ...others] = conferences;
  if (only === undefined) return { kind: "refused", why: "no-such-conference" };
  const handle = (conference: ConferenceSid) =>
    commandConference(ports, { project: command.project, conference }, command, run);
  if (others.length === 0) return handle(only);
  if (command.operation.type !== "place-hold") return { kind: "refused", why: "ambiguous" };
  const outcomes = await Promise.all(conferences.map(handle));
  return together(await Promise.all(outcomes.map((outcome) => stillTrue(ports, command, outcome))));
}

/** The command waits for no note, but nothing goes on behind its outcome. */
export async function commandFound(
  ports: Ports,
  command: Command,
  { conferences, noting }: Resolved,
  deadline: Millis,
): Promise<Outcome> {
  const isNoted = noting?.then(() => true);
  const outcome = await commandEach(ports, command, conferences, { deadline });
  if (isNoted === undefined || (await Promise.race([isNoted, Promise.resolve(false)]))) return outcome;
  await isNoted;
  return stillTrue(ports, command, outcome);
}

/** One answer for one or several conferences: what is true of all of them. */
export function together(outcomes: readonly Outcome[]): Outcome {
  const [single, ...more] = outcomes;
  if (single !== undefined && more.length === 0) return single;
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
