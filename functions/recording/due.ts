import { PAUSE_ON_THE_WIRE_MS } from "./claim.ts";
import type { Comparison } from "./compare.ts";
import type { ConferenceState } from "./conference.ts";
import type { Fact } from "./facts.ts";
import { exposedSince } from "./hold.ts";
import type { Millis } from "./ids.ts";
import type { RecordingPolicy } from "./policy.ts";
import { activeHolds } from "./wanted.ts";

/** How long a pause may stay unconfirmed before the policy decides. */
export const OVERDUE_MS = 30_000;
/** How often a confirmed hold is looked at. */
const WATCH_MS = 30_000;

/** What the time alone brings about: holds that end, holds over their limit, pauses that are not confirmed in time. */
export function dueFacts(state: ConferenceState, policy: RecordingPolicy, now: Millis): readonly Fact[] {
  if (state.ended) return [];
  const facts = activeHolds(state).flatMap(([key, hold]): Fact[] => {
    if (hold.releasesAt !== undefined && hold.releasesAt <= now) return [{ type: "hold-expired", key }];
    const due: Fact[] = [];
    if (hold.alarmsAt !== undefined && hold.alarmsAt <= now && !hold.overLimit) {
      due.push({ type: "hold-over-limit", key });
    }
    const isOverdue = hold.confirmedAt === undefined && now - exposedSince(hold) >= OVERDUE_MS;
    if (isOverdue && !hold.overdue && !state.stopped) {
      due.push({ type: "pause-overdue", key, exposureMs: now - exposedSince(hold) });
      if (policy.unconfirmed === "stop") due.push(stopFor(hold.recording));
    }
    return due;
  });
  return facts;
}

const stopFor = (recording: Extract<Fact, { type: "stop-ordered" }>["recording"]): Fact => ({
  type: "stop-ordered",
  reason: "unconfirmed-pause",
  ...(recording === undefined ? {} : { recording }),
});

/**
 * When to look again, in milliseconds from now; undefined: there is nothing left to watch.
 * `left`: what the last look left to do; undefined: SignalWire did not answer. `hop`: how many checks came before.
 */
export function nextCheckInMs(
  state: ConferenceState,
  left: Pick<Comparison, "pause" | "stop" | "resume"> | undefined,
  now: Millis,
  hop: number,
): Millis | undefined {
  if (state.ended) return undefined;
  const holds = activeHolds(state).map(([, hold]) => hold);
  const times: Millis[] = [];
  const isUnsettled = left === undefined || left.pause.length + left.stop.length + left.resume.length > 0;
  const isUnconfirmed = holds.some(({ confirmedAt }) => confirmedAt === undefined);
  const hasSomething = state.position > 0;
  if (hasSomething && (isUnsettled || isUnconfirmed || state.missing))
    times.push(Math.min(5_000 * 2 ** hop, WATCH_MS));
  for (const { expiresAt } of Object.values(state.tickets)) times.push(expiresAt - now);
  for (const hold of holds) {
    times.push(WATCH_MS);
    if (hold.releasesAt !== undefined) times.push(hold.releasesAt - now);
    if (hold.alarmsAt !== undefined && !hold.overLimit) times.push(hold.alarmsAt - now);
  }
  const mayPauseLate = Object.values(state.recordings).some(({ claim }) => claim === "sent");
  if (holds.length === 0 && mayPauseLate) times.push((state.heldUntil ?? now) + PAUSE_ON_THE_WIRE_MS - now);
  return times.length === 0 ? undefined : Math.max(1_000, Math.min(...times));
}
