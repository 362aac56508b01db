import type { Ports } from "../ports.ts";
import type { PauseBehavior } from "../recording/command.ts";
import type { Comparison } from "../recording/compare.ts";
import type { ConferenceState } from "../recording/conference.ts";
import { covers } from "../recording/hold.ts";
import type { ConferenceRef, Millis, RecordingSid } from "../recording/ids.ts";
import { activeHolds } from "../recording/wanted.ts";
import type { RecordingTarget, UpdateOutcome } from "../signalwire/signalwire.ts";

/**
 * Pauses and stops in parallel; one that fails keeps no other from being sent.
 * @returns the recordings to which a pause may still be on its way
 */
export async function sendPausesAndStops(
  ports: Ports,
  ref: ConferenceRef,
  state: ConferenceState,
  plan: Pick<Comparison, "pause" | "stop">,
  deadline: Millis,
): Promise<readonly RecordingSid[]> {
  const stopping = plan.stop.map((recording) =>
    ports.signalwire.update(ref, recording, { to: "stopped", attempts: "repeat", deadline }),
  );
  const behaviorOf = (sid: RecordingSid) => pauseBehaviorOf(state, sid) ?? ports.policy.pauseBehavior;
  const unanswered = await sendPauses(ports, ref, plan.pause, behaviorOf, deadline);
  await Promise.all(stopping);
  return unanswered;
}

/** @returns the recordings to which a pause may still be on its way */
export async function sendPauses(
  ports: Ports,
  ref: ConferenceRef,
  recordings: readonly RecordingTarget[],
  behaviorOf: (sid: RecordingSid) => PauseBehavior,
  deadline: Millis,
): Promise<readonly RecordingSid[]> {
  const outcomes = await Promise.all(
    recordings.map(async (recording) => {
      const pauseBehavior = behaviorOf(recording.sid);
      return ports.signalwire.update(ref, recording, {
        to: "paused",
        pauseBehavior,
        attempts: "repeat",
        deadline,
      });
    }),
  );
  return recordings.filter((_, index) => isInDoubt(outcomes[index])).map(({ sid }) => sid);
}

const isInDoubt = (outcome: UpdateOutcome | undefined): boolean =>
  outcome?.kind === "unanswered" || (outcome?.kind === "accepted" && outcome.inDoubt === true);

/** Where holds differ, `silence` wins: it keeps the length of the gap visible. */
function pauseBehaviorOf(state: ConferenceState, sid: RecordingSid): PauseBehavior | undefined {
  const behaviors = activeHolds(state).flatMap(([, hold]) => (covers(hold, sid) ? [hold.pauseBehavior] : []));
  return behaviors.includes("silence") ? "silence" : behaviors[0];
}
