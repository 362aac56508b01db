import type { Ports, Run } from "../ports.ts";
import { type Comparison, compare } from "../recording/compare.ts";
import { type ConferenceState, liveRecordings, seenCalls } from "../recording/conference.ts";
import type { TimedLook } from "../recording/confirm.ts";
import type { CallSid, ConferenceRef, RecordingSid } from "../recording/ids.ts";
import { activityOf, type Look, type SeenRecording } from "../recording/status.ts";
import type { RecordingTarget } from "../signalwire/signalwire.ts";
import { sendPausesAndStops } from "./send.ts";

/** A look, what it asks for, and the pauses and stops that are on their way because of it. */
export type Looked = {
  /** Absent: SignalWire did not answer to all of it. */
  readonly timed: TimedLook | undefined;
  readonly plan: Comparison | undefined;
  /** Recordings to which a pause was sent. */
  readonly paused: readonly RecordingSid[];
  /** All that it showed and that is not over, a look that failed too. */
  readonly shown: readonly RecordingTarget[];
  /** Resolves with the recordings to which a pause may still be on its way. */
  readonly sending: Promise<readonly RecordingSid[]>;
};

/** What this run knows besides the ledger: recordings that it saw or sent pauses to, and which of those gave no definite answer. */
export type Known = {
  readonly shown: ReadonlyMap<RecordingSid, RecordingTarget>;
  readonly doubtful: ReadonlySet<RecordingSid>;
};

/**
 * Looks once, and pauses or stops each recording as soon as it is seen to need it: one list that is slow, or fails, keeps no
 * recording of another from being paused. `state` was read from the ledger before.
 */
export async function lookAndPause(
  ports: Ports,
  ref: ConferenceRef,
  state: ConferenceState,
  before: Known,
  run: Run,
): Promise<Looked> {
  const paused: RecordingSid[] = [];
  const sent = new Map<RecordingSid, Promise<readonly RecordingSid[]>>();
  const targets: RecordingTarget[] = [];
  const act = (recording: SeenRecording): void => {
    const { sid, call } = recording;
    if (activityOf(recording.status) !== "over")
      targets.push({ sid, ...(call === undefined ? {} : { call }) });
    if (sent.has(recording.sid)) return;
    const plan = compare(state, { conference: "running", recordings: [recording] }, ports.now());
    if (plan.pause.length + plan.stop.length === 0) return;
    paused.push(...plan.pause.map(({ sid }) => sid));
    sent.set(recording.sid, sendPausesAndStops(ports, ref, state, plan, run.deadline));
  };
  const lookedAt = ports.now();
  const shown = await ports.signalwire
    .look(ref, {
      callRecordings: ports.policy.callRecordings,
      calls: knownCalls(state, run),
      known: knownLive(state, before),
      deadline: run.deadline,
      onSeen: act,
    })
    .catch((): Look | undefined => undefined);
  const look = shown && (state.seen ? stillHeard(shown) : shown);
  const seenAt = ports.now();
  for (const recording of look?.recordings ?? []) act(recording);
  const sending = Promise.all(sent.values()).then((inDoubt) => inDoubt.flat());
  if (look === undefined) return { timed: undefined, plan: undefined, paused, shown: targets, sending };
  const timed = { look, lookedAt, seenAt, state, doubtful: [...before.doubtful] };
  const plan = compare(state, look, seenAt);
  if (plan.unrecognised) ports.alarm("unrecognised-status");
  return { timed, plan, paused, shown: targets, sending };
}

/** What was paused on the word of a callback, or seen before, has to be seen as it is wanted as well. */
function knownLive(state: ConferenceState, { shown }: Known): readonly RecordingTarget[] {
  const live = new Map(shown);
  for (const recording of liveRecordings(state))
    if (live.get(recording.sid)?.call === undefined) live.set(recording.sid, recording);
  return [...live.values()];
}

/** A call goes on after its conference, and its recording with it: until that is over there is something to watch. */
const stillHeard = (look: Look): Look =>
  look.recordings.some(({ call, status }) => call !== undefined && activityOf(status) !== "over")
    ? { ...look, conference: "running" }
    : look;

/** Calls whose recordings were seen before, and the one that speaks: in its star menu it is no participant. */
const knownCalls = (state: ConferenceState, { cause }: Run): readonly CallSid[] => [
  ...new Set([...seenCalls(state), ...(cause.call === undefined ? [] : [cause.call])]),
];
