import type { Ports } from "../ports.ts";
import type { Command } from "../recording/command.ts";
import type { ConferenceState } from "../recording/conference.ts";
import type { ConferenceRef, Millis } from "../recording/ids.ts";
import type { Outcome, Refusal } from "../recording/outcome.ts";
import { activityOf } from "../recording/status.ts";
import type { RecordingTarget } from "../signalwire/signalwire.ts";

/**
 * A resume or stop of a conference that was never seen, and a recording that was never seen, are asked for at SignalWire before
 * anything is written.
 * @returns the refusal, or what is live to go on
 */
export async function lookFirst(
  ports: Ports,
  ref: ConferenceRef,
  command: Command,
  state: ConferenceState,
  deadline: Millis,
): Promise<{ readonly refusal: Outcome } | { readonly seen: readonly RecordingTarget[] }> {
  const { operation, recording } = command;
  const isPause = operation.type === "place-hold";
  const isKnown = recording === undefined || state.recordings[recording] !== undefined;
  if (isKnown && (isPause || state.seen)) return { seen: [] };
  const refused = (why: Refusal) => ({ refusal: { kind: "refused", why } as const });
  const { callRecordings } = ports.policy;
  const look = await ports.signalwire.look(ref, { callRecordings, deadline }).catch(() => undefined);
  if (look === undefined) return { refusal: { kind: "unavailable", why: "signalwire" } };
  if (look.conference === "unknown" && !state.seen) return refused("no-such-conference");
  if (look.conference === "over" && operation.type !== "stop") return refused("conference-over");
  const named = look.recordings.find(({ sid }) => sid === recording);
  if (recording !== undefined && named === undefined) return refused("no-such-recording");
  if (named !== undefined && activityOf(named.status) === "over" && !state.stopped) {
    return refused("recording-over");
  }
  return { seen: look.recordings.filter(({ status }) => activityOf(status) !== "over") };
}
