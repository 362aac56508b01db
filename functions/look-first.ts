import { behaviorOf } from "./pause-first.ts";
import type { Ports } from "./ports.ts";
import type { Command } from "./recording/command.ts";
import type { ConferenceState } from "./recording/conference.ts";
import { decide } from "./recording/decide.ts";
import type { ConferenceRef, Millis } from "./recording/ids.ts";
import type { Outcome } from "./recording/outcome.ts";
import { activityOf } from "./recording/status.ts";
import { sendPauses } from "./send.ts";

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
