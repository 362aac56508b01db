import { type Entry, LedgerFailure } from "./ledger/ledger.ts";
import type { Ports, Run } from "./ports.ts";
import { alarmOf } from "./recording/alarm.ts";
import { type ConferenceState, nothingYet } from "./recording/conference.ts";
import { evolve } from "./recording/evolve.ts";
import type { Fact } from "./recording/facts.ts";
import type { ConferenceRef } from "./recording/ids.ts";
import { measuresOf } from "./recording/measure.ts";
import { withSent } from "./sent-requests.ts";

/** `raced`: somebody else wrote in between, so that what was decided before may no longer hold. */
export type WrittenDown = { readonly entry: Entry | undefined; readonly raced: boolean };

/**
 * Appends what `factsFor` makes of the newest state, or nothing if that is no fact. A lost race for the position means: read
 * again, ask again.
 * @throws LedgerFailure
 */
export async function writeDown(
  ports: Ports,
  ref: ConferenceRef,
  newest: Entry | undefined,
  run: Run & { readonly chain?: string | undefined },
  factsFor: (state: ConferenceState) => readonly Fact[],
): Promise<WrittenDown> {
  let entry = newest;
  for (let attempt = 0; ; attempt += 1) {
    const raced = attempt > 0;
    const facts = factsFor(entry?.state ?? nothingYet);
    if (facts.length === 0) return { entry, raced };
    const appended = await append(ports, ref, entry, run, facts);
    if (appended !== "conflict") return { entry: appended, raced };
    if (ports.now() >= run.deadline) throw new LedgerFailure("every race for a position was lost");
    await ports.sleep(ports.random() * Math.min(20 * (attempt + 1), 200));
    entry = await ports.ledger.newest(ref);
  }
}

/** One append behind `after`, and the alarms that go with its facts; twice rather than never. */
export async function append(
  ports: Ports,
  ref: ConferenceRef,
  after: Entry | undefined,
  run: Run & { readonly chain?: string | undefined },
  decided: readonly Fact[],
): Promise<Entry | "conflict"> {
  const sent = [...run.sent];
  const facts = withSent(decided, sent);
  const before = after?.state ?? nothingYet;
  const at = ports.now();
  const chain = run.chain === undefined ? {} : { chain: run.chain };
  const state = evolve(before, { position: before.position + 1, at, ...chain, facts });
  // Before the append: one that succeeds without an answer would leave a fact in the ledger of which nobody was told.
  for (const fact of facts) {
    const alarm = alarmOf(fact);
    if (alarm !== undefined) ports.alarm(alarm);
  }
  const appended = await ports.ledger.append({ ref, at, cause: run.cause, ...chain, facts, state }, after);
  if (appended === "conflict") return appended;
  run.sent.splice(0, sent.length);
  for (const measure of facts.flatMap(measuresOf)) ports.measure(measure);
  return appended;
}
