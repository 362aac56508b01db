import type { Ports } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import type { Outcome } from "../recording/outcome.ts";

/** An outcome that had to wait for something else. Where its ledger has gone on meanwhile, nobody has looked since. */
export async function stillTrue(ports: Ports, command: Command, outcome: Outcome): Promise<Outcome> {
  if (outcome.kind !== "done") return outcome;
  const { project } = command;
  const { answer } = outcome;
  const ref = { project, conference: answer.conference };
  const newest = await ports.ledger.newest(ref).catch(() => undefined);
  return newest?.position === answer.position ? outcome : inDoubt(ports, command, outcome);
}

/** The same, where nobody can say that it is so. */
export function inDoubt(ports: Ports, { operation }: Command, outcome: Outcome): Outcome {
  if (outcome.kind !== "done") return outcome;
  if (operation.type === "place-hold") ports.alarm("not-confirmed");
  return { kind: "pending", answer: { ...outcome.answer, confirmed: false, safeToCollect: false } };
}
