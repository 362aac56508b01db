// Brings what SignalWire has to what the ledger wants, and looks again. The order of effects is told here, from top to bottom.

import type { Entry } from "../ledger/ledger.ts";
import type { Ports, Run } from "../ports.ts";
import { type Comparison, compare } from "../recording/compare.ts";
import { type ConferenceState, nothingYet } from "../recording/conference.ts";
import { counts, type TimedLook } from "../recording/confirm.ts";
import type { ConferenceRef, RecordingSid } from "../recording/ids.ts";
import type { Look } from "../recording/status.ts";
import type { RecordingTarget } from "../signalwire/signalwire.ts";
import { writeDown } from "../write-down.ts";
import { freeElsewhere } from "./elsewhere.ts";
import { lookAndPause } from "./look-and-pause.ts";
import { lastFacts, lookFacts, type Own } from "./look-facts.ts";
import { resumeUnderTickets } from "./resume.ts";

export type Converged = {
  /** The newest entry known. */
  readonly entry: Entry | undefined;
  /** What the last look showed; absent: SignalWire did not answer. */
  readonly look?: Look;
  /** The last look counts, shows all that is wanted, and nothing was written that it does not cover. */
  readonly settled: boolean;
  /** A pause, a resume or a stop was sent. */
  readonly hasActed: boolean;
};

export type ConvergeRun = Run & {
  /** Recordings to which a pause was sent already. */
  readonly paused?: readonly RecordingTarget[];
  /** Those of them that gave no definite answer. */
  readonly doubtful?: readonly RecordingSid[];
  /** Recordings that were seen already, by a look that no entry tells of. */
  readonly seen?: readonly RecordingTarget[];
  /** Somebody is told the result: then the ledger is read once more where the look gave nothing to write. */
  readonly isReported: boolean;
};

/** @throws LedgerFailure */
export async function converge(
  ports: Ports,
  ref: ConferenceRef,
  start: Entry | undefined,
  run: ConvergeRun,
): Promise<Converged> {
  const own: Own = { tickets: new Map(), paused: new Set(run.paused?.map(({ sid }) => sid)) };
  const shown = new Map([...(run.paused ?? []), ...(run.seen ?? [])].map((target) => [target.sid, target]));
  const doubtful = new Set(run.doubtful);
  let isStopping = false;
  const hasActed = () => isStopping || own.tickets.size + own.paused.size > 0;
  let entry = start;
  let last: TimedLook | undefined;
  for (let round = 0; ; round += 1) {
    const looked = await lookAndPause(ports, ref, entry?.state ?? nothingYet, { shown, doubtful }, run);
    const { timed, plan, paused, sending } = looked;
    for (const target of looked.shown) shown.set(target.sid, target);
    if (plan !== undefined && plan.stop.length > 0) isStopping = true;
    for (const sid of paused) own.paused.add(sid);
    if (timed === undefined || plan === undefined) {
      for (const sid of await sending) doubtful.add(sid);
    } else {
      last = timed;
      const { look } = timed;
      // What was found running is being paused already: too early a pause harms nobody.
      const writing = writeDown(ports, ref, entry, run, (state) => lookFacts(own, timed, state, plan));
      const [written, inDoubt] = await both(writing, sending);
      for (const sid of inDoubt) doubtful.add(sid);
      entry = written.entry;

      if (isDone(plan) && run.isReported && !written.raced && entry?.position === timed.state.position) {
        // Nothing was new. A ticket that was opened and closed meanwhile would show in the ledger only.
        entry = (
          await writeDown(ports, ref, await ports.ledger.newest(ref), run, (state) =>
            lookFacts(own, timed, state, plan),
          )
        ).entry;
      }
      const state = entry?.state ?? nothingYet;
      if (look.conference !== "running")
        return {
          entry,
          look,
          settled: look.conference === "over" || state.ended === true,
          hasActed: hasActed(),
        };
      if (isDone(compare(state, look, timed.seenAt)) && counts(timed, state))
        return { entry, look, settled: true, hasActed: hasActed() };
      if (
        plan.resume.length > 0 &&
        isDone({ ...plan, resume: [] }) &&
        !written.raced &&
        hasTime(ports, run)
      ) {
        // Behind the very entry that the look was held against: whoever wrote since makes this append fail.
        const closed = plan.resume.filter(({ sid }) => !hasOpenTicket(state, sid, ports.now()));
        const resumable = await freeElsewhere(ports, ref, closed, run.deadline);
        if (resumable.length > 0 && hasTime(ports, run)) {
          const opened = await resumeUnderTickets(ports, ref, entry, resumable, run, own.tickets);
          entry = opened === "conflict" ? await ports.ledger.newest(ref) : opened;
          // What was refused is refused again without a wait.
          if (opened === "conflict" || lastIsAccepted(own.tickets)) continue;
        }
      }
    }
    const waitMs = round === 0 && timed !== undefined ? 0 : Math.min(50 * 2 ** round, 1_000);
    if (ports.now() + waitMs >= run.deadline) break;
    if (waitMs > 0) await ports.sleep(waitMs * (0.5 + ports.random() / 2));
    // What was wanted before the wait may no longer be. A ledger that does not answer keeps no pause from being sent again.
    if (waitMs > 0) entry = await ports.ledger.newest(ref).catch(() => entry);
  }
  if (last === undefined) return { entry, settled: false, hasActed: hasActed() };
  const seen = last;
  const written = await writeDown(ports, ref, await ports.ledger.newest(ref), run, (state) =>
    lastFacts(own, seen, state),
  );
  // What is wanted of one recording may be so although another is not as wanted.
  const settled = written.entry !== undefined && counts(seen, written.entry.state);
  return { entry: written.entry, look: seen.look, settled, hasActed: hasActed() };
}

const isDone = (plan: Pick<Comparison, "pause" | "stop" | "resume">): boolean =>
  plan.pause.length === 0 && plan.stop.length === 0 && plan.resume.length === 0;

const lastIsAccepted = (tickets: Own["tickets"]): boolean => {
  const last = [...tickets.values()].at(-1);
  return last?.kind === "accepted";
};

/** Enough for a ticket's request and the look behind it. */
const hasTime = (ports: Ports, run: Run): boolean => run.deadline - ports.now() >= 1_000;

const hasOpenTicket = (state: ConferenceState, sid: RecordingSid, now: number): boolean =>
  Object.values(state.tickets).some(({ recording, expiresAt }) => recording === sid && expiresAt > now);

/** Waits for both, also where the first fails: nothing goes on behind an answer. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}
