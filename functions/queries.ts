import type { ItemReader } from "./ledger/chained-ledger.ts";
import { verifyChain } from "./ledger/verify.ts";
import type { Ports } from "./ports.ts";
import { answerOf } from "./recording/answer.ts";
import { compare } from "./recording/compare.ts";
import { type ConferenceState, nothingYet } from "./recording/conference.ts";
import { counts } from "./recording/confirm.ts";
import { evolve } from "./recording/evolve.ts";
import { exposuresOf, gapsOf } from "./recording/history.ts";
import type { HoldKey } from "./recording/hold.ts";
import type { ConferenceRef, Millis } from "./recording/ids.ts";
import type { Outcome } from "./recording/outcome.ts";
import { activeHolds } from "./recording/wanted.ts";
import { resolve } from "./resolve.ts";
import type { Found, Queries } from "./trigger/control.ts";
import type { Question } from "./trigger/control-input.ts";

const BUDGET_MS = 7_400;

/** What is wanted, what SignalWire shows, and which holds are active. Writes nothing, so confirms only what is confirmed already. */
async function status(ports: Ports, question: Question): Promise<Outcome> {
  const deadline = question.receivedAt + BUDGET_MS;
  const found = await conferenceOf(ports, question, deadline);
  if (!("ref" in found)) return found;
  const { ref } = found;
  const entry = await ports.ledger.newest(ref).catch(() => null);
  if (entry === null) return { kind: "unavailable", why: "ledger" };
  const state = entry?.state ?? nothingYet;
  const lookedAt = ports.now();
  const { callRecordings } = ports.policy;
  const look = await ports.signalwire.look(ref, { callRecordings, deadline }).catch(() => undefined);
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

/** Every entry of the named conference, and what it comes to: exposures and gaps. */
async function ledgerOf(ports: Ports, question: Question): Promise<Found | Outcome> {
  const found = await conferenceOf(ports, question, question.receivedAt + BUDGET_MS);
  if (!("ref" in found)) return found;
  const entries = await ports.ledger.entries(found.ref).catch(() => undefined);
  if (entries === undefined) return { kind: "unavailable", why: "ledger" };
  const told = {
    conference: found.ref.conference,
    entries: entries.map(({ position, at, cause, facts, hash }) => ({
      position,
      at: new Date(at).toISOString(),
      cause,
      facts,
      hash,
    })),
    exposures: exposuresOf(entries),
    gaps: gapsOf(entries),
  };
  return { kind: "found", found: told };
}

/** Goes through the chain of hashes of the named conference. */
async function verify(ports: Ports, reader: ItemReader, question: Question): Promise<Found | Outcome> {
  const found = await conferenceOf(ports, question, question.receivedAt + BUDGET_MS);
  if (!("ref" in found)) return found;
  const items = await reader.readItems(found.ref).catch(() => undefined);
  if (items === undefined) return { kind: "unavailable", why: "ledger" };
  return {
    kind: "found",
    found: { conference: found.ref.conference, ...verifyChain(found.ref, items, evolve) },
  };
}

async function conferenceOf(
  ports: Ports,
  { project, target }: Question,
  deadline: Millis,
): Promise<{ readonly ref: ConferenceRef } | Outcome> {
  const resolved = await resolve(ports, project, target, { isFresh: false, deadline }).catch(() => undefined);
  if (resolved === undefined) return { kind: "unavailable", why: "signalwire" };
  const [conference, ...others] = resolved.conferences;
  if (conference === undefined) return { kind: "refused", why: "no-such-conference" };
  return others.length > 0 ? { kind: "refused", why: "ambiguous" } : { ref: { project, conference } };
}

/** What operators can ask. `reader` gives the items as they are, edited or not. */
export const createQueries = (ports: Ports, reader: ItemReader): Queries => ({
  status: (question) => status(ports, question),
  ledger: (question) => ledgerOf(ports, question),
  verify: (question) => verify(ports, reader, question),
});
