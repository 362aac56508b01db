import { PAUSE_ON_THE_WIRE_MS } from "./claim.ts";
import type { Comparison } from "./compare.ts";
import type { ConferenceState, KnownRecording } from "./conference.ts";
import { evolve } from "./evolve.ts";
import type { Fact } from "./facts.ts";
import { exposedSince } from "./hold.ts";
import type { Millis, RecordingSid } from "./ids.ts";
import type { RecordingPolicy } from "./policy.ts";
import { activityOf, type Wanted } from "./status.ts";
import { activeHolds, wantedOf } from "./wanted.ts";

/** How long a pause may stay unconfirmed before somebody is told, whatever its command is doing. */
const UNCONFIRMED_MS = 5_000;
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

/** The holds that have come to their own end. */
export const expiredFacts = (state: ConferenceState, now: Millis): readonly Fact[] =>
  activeHolds(state).flatMap(([key, { releasesAt }]) =>
    releasesAt !== undefined && releasesAt <= now ? [{ type: "hold-expired" as const, key }] : [],
  );

/** The state as it is now, whether or not a check has been there since. */
export const asOf = (state: ConferenceState, now: Millis): ConferenceState =>
  evolve(state, { position: state.position, at: now, facts: expiredFacts(state, now) });

/** True while a hold has waited for its confirmation for longer than five seconds. */
export const isUnconfirmed = (state: ConferenceState, now: Millis): boolean =>
  !state.ended &&
  !state.stopped &&
  activeHolds(state).some(
    ([, hold]) => hold.confirmedAt === undefined && now - exposedSince(hold) >= UNCONFIRMED_MS,
  );

const stopFor = (recording: Extract<Fact, { type: "stop-ordered" }>["recording"]): Fact => ({
  type: "stop-ordered",
  reason: "unconfirmed-pause",
  ...(recording === undefined ? {} : { recording }),
});

/**
 * The alarms for what was ordered and has not come about in time. `left`: see `nextCheckInMs`; where SignalWire does not answer,
 * what was last seen is all that is known.
 */
export function outstanding(
  state: ConferenceState,
  left: Pick<Comparison, "stop" | "resume"> | undefined,
  now: Millis,
): readonly ("resume-outstanding" | "stop-outstanding")[] {
  const known = lastLeft(state);
  const isLate = (since: Millis | undefined) => since !== undefined && now - since > OVERDUE_MS;
  return [
    ...(isLate(state.heldUntil) && (left?.resume ?? known.resume).length > 0
      ? ["resume-outstanding" as const]
      : []),
    ...(isLate(state.stopOrderedAt) && (left?.stop ?? known.stop).length > 0
      ? ["stop-outstanding" as const]
      : []),
  ];
}

function lastLeft(state: ConferenceState) {
  const live = (Object.entries(state.recordings) as [RecordingSid, KnownRecording][]).filter(
    ([, { status }]) => activityOf(status) !== "over",
  );
  const wanted = (what: Wanted) => live.filter(([sid]) => wantedOf(state, sid) === what);
  return {
    stop: wanted("stopped"),
    resume: wanted("in-progress").filter(([, { claim, foreign }]) => claim !== "none" && !foreign),
  };
}

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
  const waits = holds.some(({ confirmedAt }) => confirmedAt === undefined);
  const hasSomething = state.position > 0;
  if (hasSomething && (isUnsettled || waits || state.missing))
    times.push(Math.min(5_000 * 2 ** hop, WATCH_MS));
  // One that has expired stays in the state until something else is written.
  for (const { expiresAt } of Object.values(state.tickets)) if (expiresAt > now) times.push(expiresAt - now);
  for (const hold of holds) {
    times.push(WATCH_MS);
    if (hold.releasesAt !== undefined) times.push(hold.releasesAt - now);
    if (hold.alarmsAt !== undefined && !hold.overLimit) times.push(hold.alarmsAt - now);
  }
  const mayPauseLate = Object.values(state.recordings).some(({ claim }) => claim !== "none");
  if (holds.length === 0 && mayPauseLate) {
    const toWait = (state.heldUntil ?? now) + PAUSE_ON_THE_WIRE_MS - now;
    // By then a look settles whose pause it is, unless it does not show the recording, or only as queued.
    times.push(toWait > 0 ? toWait : WATCH_MS);
  }
  return times.length === 0 ? undefined : Math.max(1_000, Math.min(...times));
}
