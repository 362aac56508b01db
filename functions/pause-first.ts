import type { Entry } from "./ledger/ledger.ts";
import type { Ports } from "./ports.ts";
import type { Command } from "./recording/command.ts";
import type { ConferenceState } from "./recording/conference.ts";
import { type Decision, decide } from "./recording/decide.ts";
import type { ConferenceRef, Millis, RecordingSid } from "./recording/ids.ts";
import type { Outcome } from "./recording/outcome.ts";
import { activityOf } from "./recording/status.ts";
import { sendPauses } from "./send.ts";

// What is sent before the ledger has the hold, and what has to be seen before the ledger may have it.

/** How long a pause waits for the ledger before it goes ahead without it. */
const LEDGER_PATIENCE_MS = 150;
/** Sends the pause without a decision where the ledger is slow or down: too early a pause harms nobody. */
export async function pauseWithoutLedger(
  ports: Ports,
  ref: ConferenceRef,
  command: Command,
  reading: Promise<{ entry: Entry | undefined } | undefined>,
  deadline: Millis,
): Promise<readonly RecordingSid[]> {
  const isLate = ports.sleep(LEDGER_PATIENCE_MS).then(() => true);
  const mustGo = await Promise.race([isLate, reading.then((read) => read === undefined)]);
  if (!mustGo) return [];
  const { callRecordings } = ports.policy;
  const look = await ports.signalwire.look(ref, { callRecordings, deadline }).catch(() => undefined);
  const live = (look?.recordings ?? []).filter(
    ({ sid, status }) =>
      activityOf(status) === "running" && (command.recording === undefined || sid === command.recording),
  );
  await sendPauses(ports, ref, live, () => behaviorOf(ports, command), deadline);
  return live.map(({ sid }) => sid);
}

/** Sends `paused` to what the ledger already knows to be there. `doubtful`: those that gave no definite answer. */
export async function pauseKnown(
  ports: Ports,
  ref: ConferenceRef,
  command: Command,
  state: ConferenceState,
  deadline: Millis,
): Promise<{ readonly paused: readonly RecordingSid[]; readonly doubtful: readonly RecordingSid[] }> {
  if (command.operation.type !== "place-hold") return nothing;
  if (decide(state, command, ports.policy).kind === "refused") return nothing;
  const known = (
    Object.entries(state.recordings) as [RecordingSid, ConferenceState["recordings"][RecordingSid]][]
  )
    .filter(([sid]) => command.recording === undefined || sid === command.recording)
    .filter(([, recording]) => recording !== undefined && activityOf(recording.status) !== "over")
    .map(([sid, recording]) => ({ sid, ...(recording?.call === undefined ? {} : { call: recording.call }) }));
  const doubtful = await sendPauses(ports, ref, known, () => behaviorOf(ports, command), deadline);
  return { paused: known.map(({ sid }) => sid), doubtful };
}

const nothing = { paused: [], doubtful: [] };

const behaviorOf = (ports: Ports, { operation }: Command) =>
  (operation.type === "place-hold" ? operation.pauseBehavior : undefined) ?? ports.policy.pauseBehavior;

/** A pause that was sent without a hold to show for it is written down, so that it is undone. */
export const blindFacts = (decision: Decision, sent: readonly RecordingSid[]) =>
  sent.length > 0 && !decision.facts.some(({ type }) => type === "hold-placed")
    ? [{ type: "pause-sent" as const, recordings: sent }]
    : [];

/**
 * A resume or stop of a conference that was never seen, and a recording that was never seen, are asked for at SignalWire before
 * anything is written. A pause is sent to the named recording meanwhile.
 * @returns the refusal, or undefined to go on
 */
export async function lookFirst(
  ports: Ports,
  ref: ConferenceRef,
  command: Command,
  state: ConferenceState,
  deadline: Millis,
): Promise<Outcome | undefined> {
  const { operation, recording } = command;
  const isPause = operation.type === "place-hold";
  const isKnown = recording === undefined || state.recordings[recording] !== undefined;
  if (isKnown && (isPause || state.seen)) return undefined;
  const { callRecordings } = ports.policy;
  const looking = ports.signalwire.look(ref, { callRecordings, deadline }).catch(() => undefined);
  if (isPause && recording !== undefined && decide(state, command, ports.policy).kind === "go") {
    await sendPauses(ports, ref, [{ sid: recording }], () => behaviorOf(ports, command), deadline);
  }
  const look = await looking;
  if (look === undefined) return { kind: "unavailable", why: "signalwire" };
  if (look.conference === "unknown" && !state.seen) return { kind: "refused", why: "no-such-conference" };
  if (look.conference === "over" && operation.type !== "stop")
    return { kind: "refused", why: "conference-over" };
  const named = look.recordings.find(({ sid }) => sid === recording);
  if (recording !== undefined && named === undefined) return { kind: "refused", why: "no-such-recording" };
  if (named !== undefined && activityOf(named.status) === "over" && !state.stopped) {
    return { kind: "refused", why: "recording-over" };
  }
  return undefined;
}
