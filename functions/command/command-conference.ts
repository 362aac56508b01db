import { converge } from "../converge/converge.ts";
import { LedgerFailure } from "../ledger/ledger.ts";
import type { Ports, Run } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import { nothingYet } from "../recording/conference.ts";
import { decide } from "../recording/decide.ts";
import { asOf, expiredFacts } from "../recording/due.ts";
import type { Fact } from "../recording/facts.ts";
import { forgetting } from "../recording/forget.ts";
import type { ConferenceRef, Millis, RecordingSid } from "../recording/ids.ts";
import type { Outcome, Refusal } from "../recording/outcome.ts";
import { notingSent } from "../sent-requests.ts";
import { writeDown } from "../write-down.ts";
import { outcomeOf } from "./command-outcome.ts";
import { queueFirstCheck } from "./first-check.ts";
import { lookFirst } from "./look-first.ts";
import { over, pauseFirst, unheldFacts } from "./pause-first.ts";
import { stillTrue } from "./still-true.ts";

export type CommandRun = {
  readonly deadline: Millis;
  /** The conference's recordings as far as callbacks told, if the directory was asked already. */
  readonly hinted?: readonly RecordingSid[] | undefined;
};

/** One command on one conference. The order of the effects is the order of the lines. */
export async function commandConference(
  given: Ports,
  ref: ConferenceRef,
  command: Command,
  { deadline, hinted }: CommandRun,
): Promise<Outcome> {
  const { ports, sent } = notingSent(given);
  const run: Run = { cause: command.cause, deadline, sent };
  // The check goes first, so that every later entry has one behind it even if the process dies on the next line.
  const check = queueFirstCheck(ports, ref);
  const reading = ports.ledger.newest(ref).then(
    (entry) => ({ entry }),
    () => undefined,
  );
  const pausing = pauseFirst(ports, ref, command, { reading, hinted, deadline });
  const read = await reading;
  if (read === undefined)
    return notDurable(ports, [check.isQueued, over(pausing.blind, pausing.known(nothingYet))]);

  const before = read.entry?.state ?? nothingYet;
  // The pause does not wait for the append, nor for a look.
  const pausingKnown = pausing.known(asOf(before, ports.now()));
  const first = await lookFirst(ports, ref, command, before, deadline);
  if ("refusal" in first) {
    await Promise.all([check.isQueued, over(pausing.blind, pausingKnown)]);
    return first.refusal;
  }

  const hasCheck = await check.isQueued;
  if (!hasCheck) ports.alarm("check-not-queued");
  const blind = await pausing.blind;
  const known = await pausingKnown;
  let refusedBecause: Refusal | undefined;
  let isChanged = false;
  const withCheck = { ...run, chain: hasCheck ? check.chain : undefined };
  const inDoubt: readonly Fact[] = hasCheck ? [] : [{ type: "check-in-doubt", chain: check.chain }];
  const written = await writeDown(ports, ref, read.entry, withCheck, (state) => {
    // What has come to its end holds no longer, whether or not a check has been there.
    const now = ports.now();
    const expired = expiredFacts(state, now);
    const decision = decide(asOf(state, now), command, ports.policy);
    refusedBecause = decision.kind === "refused" ? decision.why : undefined;
    const undo = unheldFacts(decision, blind, known);
    isChanged = expired.length + undo.length > 0;
    const facts = [...expired, ...decision.facts, ...undo];
    return facts.length === 0 ? facts : [...facts, ...forgetting(state), ...inDoubt];
  }).catch(ledgerFailed);
  const doubtful = await over(pausing.blind, pausingKnown);
  if (written === undefined) return notDurable(ports, []);
  if (refusedBecause !== undefined && !isChanged) return { kind: "refused", why: refusedBecause };

  const checking = hasCheck ? true : check.again();
  const converged = await converge(ports, ref, written.entry, {
    ...run,
    paused: [...known.paused, ...blind.paused],
    seen: first.seen,
    doubtful,
    isReported: true,
  }).catch(ledgerFailed);
  const isWatched = await checking;
  if (refusedBecause !== undefined) return { kind: "refused", why: refusedBecause };
  const seen = outcomeOf(ref, command, converged ?? { entry: written.entry, settled: false, hasActed: true });
  if (seen.kind === "pending" && command.operation.type === "place-hold") ports.alarm("not-confirmed");
  // The queue was waited for since the look.
  const outcome = hasCheck ? seen : await stillTrue(ports, command, seen);
  return outcome.kind !== "pending" || isWatched ? outcome : { kind: "unavailable", why: "queue" };
}

function ledgerFailed(error: unknown): undefined {
  if (error instanceof LedgerFailure) return undefined;
  throw error;
}

/** Nothing is known to be in the ledger; the pause was tried all the same. */
async function notDurable(ports: Ports, begun: readonly unknown[]): Promise<Outcome> {
  await Promise.all(begun);
  ports.alarm("not-durable");
  return { kind: "unavailable", why: "ledger" };
}
