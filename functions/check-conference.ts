import { type Converged, converge } from "./converge.ts";
import type { Check } from "./ledger/ledger.ts";
import type { Ports } from "./ports.ts";
import { compare } from "./recording/compare.ts";
import { nothingYet } from "./recording/conference.ts";
import { dueFacts, isUnconfirmed, nextCheckInMs, outstanding } from "./recording/due.ts";
import type { ConferenceRef } from "./recording/ids.ts";
import { notingSent } from "./sent-requests.ts";
import { writeDown } from "./write-down.ts";

/** A check's own time; the queue delivers it again if it takes much longer. */
const BUDGET_MS = 10_000;
/** With the first check's own delay longer than any function may run: a command that has not written by then never will. */
const SECOND_CHECK_SECONDS = 15;

/**
 * One check: what the time has brought about, then converge, then the next check while there is something to watch.
 * Rejects where it could not be done, so that the queue delivers it again.
 */
export async function checkConference(given: Ports, check: Check): Promise<void> {
  const { ports, sent } = notingSent(given);
  const ref: ConferenceRef = { project: check.project, conference: check.conference };
  const cause = { source: "check" as const, request: check.chain };
  const run = { cause, deadline: ports.now() + BUDGET_MS, sent };
  const newest = await ports.ledger.newest(ref);
  if (newest?.state.ended) return;
  // A newer entry brought its own check. The first of a chain looks all the same: its command may have died between its pause and
  // its entry. Or it is slow, and does both after this; so the second looks once more.
  const isOlder = newest?.state.chain !== check.chain;
  if (isOlder && check.hop > 1) return;

  // Before anything is tried: its command may have died, or be at it still, and five seconds are over.
  if (newest !== undefined && isUnconfirmed(newest.state, ports.now())) ports.alarm("not-confirmed");
  const { entry } = await writeDown(ports, ref, newest, run, (state) =>
    dueFacts(state, ports.policy, ports.now()),
  );
  const converged = await converge(ports, ref, entry, { ...run, isReported: false });
  if (isOlder || converged.entry === undefined) {
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
  await ports.checks.send({ ...check, hop: check.hop + 1 }, Math.ceil(delayMs / 1_000));
}

const leftToDo = ({ entry, look }: Converged, now: number) =>
  look === undefined ? { pause: [], stop: [], resume: [] } : compare(entry?.state ?? nothingYet, look, now);
