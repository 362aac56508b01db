import type { Ports } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import type { ConferenceState } from "../recording/conference.ts";
import type { ConferenceRef, Millis } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { activityOf } from "../recording/status.ts";

/**
 * A resume or stop of a conference that was never seen, and a recording that was never seen, are asked for at SignalWire before
 * anything is written.
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
  const look = await ports.signalwire.look(ref, { callRecordings, deadline }).catch(() => undefined);
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
