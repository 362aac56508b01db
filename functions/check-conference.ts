import { originOf } from "./command/first-check.ts";
import { type Converged, converge } from "./converge/converge.ts";
import { isUnfinished, leftToDo } from "./converge/left-to-do.ts";
import type { Check } from "./ledger/ledger.ts";
import type { Ports, Run } from "./ports.ts";
import type { ConferenceState } from "./recording/conference.ts";
import { dueFacts, isUnconfirmed, nextCheckInMs, outstanding } from "./recording/due.ts";
import type { ConferenceRef } from "./recording/ids.ts";
import { notingSent } from "./sent-requests.ts";
import { writeDown } from "./write-down.ts";

/** A check's own time; the queue delivers it again if it takes much longer. */
const BUDGET_MS = 10_000;
/** With the first check's own delay longer than any function may run: a command that has not written by then never will. */
const SECOND_CHECK_SECONDS = 15;

/** Which message of the queue a check came in, and how often it came by now. */
export type CheckDelivery = { readonly message: string; readonly count: number };

/**
 * One check: what the time has brought about, then converge, then the next check while there is something to watch.
 * Rejects where it could not be done, so that the queue delivers it again.
 */
export async function checkConference(
  given: Ports,
  check: Check,
  delivery: CheckDelivery = { message: "", count: 1 },
): Promise<void> {
  const { ports, sent } = notingSent(given);
  const ref: ConferenceRef = { project: check.project, conference: check.conference };
  const cause = { source: "check" as const, request: check.chain };
  const run = { cause, deadline: ports.now() + BUDGET_MS, sent };
  const newest = await ports.ledger.newest(ref);
  if (newest?.state.ended) return;
  // A newer entry brought its own check. The first of a chain looks all the same: its command may have died between its pause and
  // its entry. Or it is slow, and does both after this; so the second looks once more.
  const isInDoubt = ({ chainsInDoubt }: ConferenceState) =>
    chainsInDoubt?.includes(originOf(check.chain)) === true;
  const isOwn = (state: ConferenceState) =>
    state.chain === check.chain ||
    state.chain?.startsWith(renewalsOf(check, delivery)) === true ||
    isInDoubt(state);
  const isOlder = newest === undefined || !isOwn(newest.state);
  if (isOlder && check.hop > 1) return;

  // Before anything is tried: its command may have died, or be at it still, and five seconds are over.
  if (newest !== undefined && isUnconfirmed(newest.state, ports.now())) ports.alarm("not-confirmed");
  // Its earlier delivery may have put the next check on the queue before it failed. Were both to go on, and each of theirs, a queue
  // that is slow to answer for minutes would be full of checks for hours: so only what is behind this entry goes on.
  const chain = isOlder ? undefined : chainToBegin(check, delivery, isInDoubt(newest.state));
  const { entry } = await writeDown(ports, ref, newest, { ...run, chain }, (state) => {
    if (chain !== undefined && !isOwn(state)) return [];
    const renewed = chain === undefined ? [] : [{ type: "watch-renewed" as const }];
    return [...dueFacts(state, ports.policy, ports.now()), ...renewed];
  });
  const converged = await converge(ports, ref, entry, { ...run, isReported: false });
  const isOvertaken = chain !== undefined && converged.entry?.state.chain !== chain;
  if (isOlder || isOvertaken || converged.entry === undefined) {
    if (isUnfinished(converged, ports.now())) return takeOver(ports, ref, check, delivery, run, converged);
    if (check.hop === 0) await ports.checks.send({ ...check, hop: 1 }, SECOND_CHECK_SECONDS);
    return;
  }

  const { state } = converged.entry;
  const now = ports.now();
  const left = leftToDo(converged, now);
  const isAnswered = converged.look !== undefined;
  for (const alarm of outstanding(state, isAnswered ? left : undefined, now)) ports.alarm(alarm);
  const delayMs = nextCheckInMs(state, isAnswered ? left : undefined, now, check.hop);
  if (delayMs === undefined) return;
  // Last: if this process dies before it, the queue delivers the check again; after it, the next check is there.
  await ports.checks.send(
    { ...check, chain: chain ?? check.chain, hop: check.hop + 1 },
    Math.ceil(delayMs / 1_000),
  );
}

/**
 * What a check did itself and has not seen through may be news to a newer chain that has ended. From here on it watches, alone:
 * were each such check to come again, as many would as there were commands.
 */
async function takeOver(
  ports: Ports,
  ref: ConferenceRef,
  check: Check,
  delivery: CheckDelivery,
  run: Run,
  { entry }: Converged,
): Promise<void> {
  const chain = `${renewalsOf(check, delivery)}${delivery.count}`;
  await writeDown(ports, ref, entry, { ...run, chain }, () => [{ type: "watch-renewed" }]);
  await ports.checks.send({ ...check, chain, hop: 2 }, SECOND_CHECK_SECONDS);
}

/** Undefined: the check goes on with the chain that the ledger knows. */
function chainToBegin(check: Check, delivery: CheckDelivery, isInDoubt: boolean): string | undefined {
  if (delivery.count > 1) return `${renewalsOf(check, delivery)}${delivery.count}`;
  return isInDoubt ? check.chain : undefined;
}

/** What the chains begin with that deliveries of this message have begun. */
const renewalsOf = ({ chain }: Check, { message }: CheckDelivery): string => `${originOf(chain)}.${message}.`;
