import type { Entry } from "./ledger/ledger.ts";
import type { Ports } from "./ports.ts";
import { answerOf } from "./recording/answer.ts";
import type { Target } from "./recording/command.ts";
import { compare } from "./recording/compare.ts";
import { nothingYet } from "./recording/conference.ts";
import { counts } from "./recording/confirm.ts";
import { holdKey } from "./recording/hold.ts";
import type { ConferenceRef, Millis, ProjectId, RecordingSid } from "./recording/ids.ts";
import type { Outcome } from "./recording/outcome.ts";
import { resolve } from "./resolve.ts";

const BUDGET_MS = 7_400;

/** What an operator asks about; nothing is changed by asking. */
export type Question = {
  readonly project: ProjectId;
  readonly target: Target;
  readonly recording?: RecordingSid;
  /** A hold of source `control`, for `safeToCollect`. */
  readonly hold?: string;
  readonly receivedAt: Millis;
};

/** What is wanted, what SignalWire shows, and which holds are active. Writes nothing, so confirms only what is confirmed already. */
export async function status(ports: Ports, question: Question): Promise<Outcome> {
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
    ...(hold === undefined ? {} : { hold: holdKey("control", hold) }),
  });
  return { kind: "done", answer };
}

/** Every entry of the named conference, by position. */
export async function entriesOf(
  ports: Ports,
  question: Question,
): Promise<{ readonly ref: ConferenceRef; readonly entries: readonly Entry[] } | Outcome> {
  const found = await conferenceOf(ports, question, question.receivedAt + BUDGET_MS);
  if (!("ref" in found)) return found;
  const entries = await ports.ledger.entries(found.ref).catch(() => undefined);
  return entries === undefined ? { kind: "unavailable", why: "ledger" } : { ref: found.ref, entries };
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
