import { resolve } from "../command/resolve.ts";
import type { ItemReader } from "../ledger/chained-ledger.ts";
import type { LedgerScan } from "../ledger/dynamo-scan.ts";
import { readOut } from "../ledger/read-out.ts";
import { type FoundItem, verifyChain } from "../ledger/verify.ts";
import type { Ports } from "../ports.ts";
import { answerOf } from "../recording/answer.ts";
import { compare } from "../recording/compare.ts";
import { type ConferenceState, liveRecordings, nothingYet, seenCalls } from "../recording/conference.ts";
import { counts } from "../recording/confirm.ts";
import { asOf } from "../recording/due.ts";
import { evolve } from "../recording/evolve.ts";
import { exposuresOf, gapsOf } from "../recording/history.ts";
import type { HoldKey } from "../recording/hold.ts";
import type { ConferenceRef, Millis } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { activeHolds } from "../recording/wanted.ts";
import type { Found, Queries } from "../trigger/control.ts";
import type { Question } from "../trigger/control-input.ts";
import type { EvidenceQuestion } from "../trigger/evidence-input.ts";
import { asFarAsItGoes, conferenceEvidence } from "./conference-evidence.ts";
import { gatherEvidence } from "./gather-evidence.ts";

const BUDGET_MS = 7_400;

/** What is wanted, what SignalWire shows, and which holds are active. Writes nothing, so confirms only what is confirmed already. */
async function status(ports: Ports, question: Question): Promise<Outcome> {
  const deadline = question.receivedAt + BUDGET_MS;
  const found = await conferenceOf(ports, question, deadline);
  if (!("ref" in found)) return found;
  const { ref } = found;
  const entry = await ports.ledger.newest(ref).catch(() => null);
  if (entry === null) return { kind: "unavailable", why: "ledger" };
  const state = asOf(entry?.state ?? nothingYet, ports.now());
  const lookedAt = ports.now();
  const { callRecordings } = ports.policy;
  const asked = { callRecordings, calls: seenCalls(state), known: liveRecordings(state), deadline };
  const look = await ports.signalwire.look(ref, asked).catch(() => undefined);
  if (look?.conference === "unknown" && state.position === 0)
    return { kind: "refused", why: "no-such-conference" };
  const { recording, hold } = question;
  const timed = look && { look, lookedAt, seenAt: ports.now(), state, doubtful: [] };
  const isSettled =
    timed !== undefined &&
    counts(timed, state) &&
    [compare(state, timed.look, timed.seenAt)].every(
      ({ pause, stop, resume }) => pause.length + stop.length + resume.length === 0,
    );
  const answer = answerOf({
    conference: ref.conference,
    state,
    settled: isSettled,
    ...(look === undefined ? {} : { look }),
    ...(recording === undefined ? {} : { recording }),
    ...heldBy(state, hold),
  });
  return { kind: "done", answer };
}

/** The active hold that is asked about: of that name, or any; of several the one that is not confirmed. */
function heldBy(state: ConferenceState, id: string | undefined): { readonly hold?: HoldKey } {
  const named = activeHolds(state).filter(([, hold]) => id === undefined || hold.id === id);
  const [key] = named.find(([, hold]) => hold.confirmedAt === undefined) ?? named[0] ?? [];
  return key === undefined ? {} : { hold: key };
}

/**
 * Every entry of the named conference, and what it comes to: exposures and gaps. Of a ledger that is not intact it answers what
 * can be read, and says where it is broken.
 */
async function ledgerOf(ports: Ports, reader: ItemReader, question: Question): Promise<Found | Outcome> {
  const items = await itemsOf(ports, reader, question);
  if (!("ref" in items)) return items;
  const { ref, found } = items;
  const { entries, unreadable } = readOut(found);
  const verification = verifyChain(ref, found, evolve);
  const { intact, brokenAt } = verification;
  const told = asFarAsItGoes(entries, verification, (some) => ({
    exposures: exposuresOf(some),
    gaps: gapsOf(some),
  }));
  const shown = entries.map(({ position, at, cause, facts, hash }) => ({
    position,
    at: new Date(at).toISOString(),
    cause,
    facts,
    hash,
  }));
  const broken = intact ? {} : { intact, brokenAt, unreadable };
  return { kind: "found", found: { conference: ref.conference, ...broken, entries: shown, ...told } };
}

/** Goes through the chain of hashes of the named conference. */
async function verify(ports: Ports, reader: ItemReader, question: Question): Promise<Found | Outcome> {
  const items = await itemsOf(ports, reader, question);
  if (!("ref" in items)) return items;
  const { ref, found } = items;
  const verification = verifyChain(ref, found, evolve, question.known);
  return { kind: "found", found: { conference: ref.conference, ...verification } };
}

async function evidence(
  ports: Ports,
  reader: ItemReader,
  scan: LedgerScan,
  { of, receivedAt }: EvidenceQuestion,
): Promise<Found | Outcome> {
  if (of.by === "period") return gatherEvidence(scan, ports.now, of, receivedAt);
  const items = await itemsOf(ports, reader, { ...of, receivedAt });
  if (!("ref" in items)) return items;
  const { ref, found } = items;
  const conferences = [conferenceEvidence(ref, found, readOut(found), of.period)];
  const through = { ledgers: 1, entries: found.length, expired: 0, strays: 0 };
  return { kind: "found", found: { ...through, conferences, next: null } };
}

async function itemsOf(
  ports: Ports,
  reader: ItemReader,
  question: Question,
): Promise<{ readonly ref: ConferenceRef; readonly found: readonly FoundItem[] } | Outcome> {
  const named = await conferenceOf(ports, question, question.receivedAt + BUDGET_MS);
  if (!("ref" in named)) return named;
  const found = await reader.readItems(named.ref).catch(() => undefined);
  return found === undefined ? { kind: "unavailable", why: "ledger" } : { ref: named.ref, found };
}

async function conferenceOf(
  ports: Ports,
  { project, target }: Question,
  deadline: Millis,
): Promise<{ readonly ref: ConferenceRef } | Outcome> {
  const resolved = await resolve(ports, project, target, { deadline }).catch(() => undefined);
  if (resolved === undefined) return { kind: "unavailable", why: "signalwire" };
  await resolved.noting;
  const [conference, ...others] = resolved.conferences;
  if (conference === undefined) return { kind: "refused", why: "no-such-conference" };
  return others.length > 0 ? { kind: "refused", why: "ambiguous" } : { ref: { project, conference } };
}

/** What operators can ask. `reader` and `scan` give the items as they are, edited or not. */
export const createQueries = (ports: Ports, reader: ItemReader, scan: LedgerScan): Queries => ({
  status: (question) => status(ports, question),
  ledger: (question) => ledgerOf(ports, reader, question),
  verify: (question) => verify(ports, reader, question),
  evidence: (question) => evidence(ports, reader, scan, question),
});
