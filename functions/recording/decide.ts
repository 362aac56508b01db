import type { Command, PlaceHold, ReleaseHold } from "./command.ts";
import type { ConferenceState } from "./conference.ts";
import type { Fact, Ignored } from "./facts.ts";
import { type Hold, type HoldKey, holdKey } from "./hold.ts";
import type { Refusal } from "./outcome.ts";
import type { RecordingPolicy } from "./policy.ts";
import { activityOf } from "./status.ts";

/** What a command does to the ledger. A refusal is a decision too, and may leave a fact. */
export type Decision =
  | { readonly kind: "go"; readonly facts: readonly Fact[] }
  | { readonly kind: "refused"; readonly why: Refusal; readonly facts: readonly Fact[] };

/**
 * Decides on the state alone, so that order and duplicates do not matter: of the operations of one hold the one with the latest
 * time at its source wins, and a tie is a hold. Unknown and stale input changes nothing.
 */
export function decide(state: ConferenceState, command: Command, policy: RecordingPolicy): Decision {
  const { operation, recording } = command;
  if (operation.type === "stop") return decideStop(state, command);
  if (state.ended) return refused("conference-over");
  if (state.stopped) return refused("stopped");
  if (recording !== undefined) {
    if (Object.hasOwn(state.stoppedRecordings, recording)) return refused("stopped");
    const known = state.recordings[recording];
    if (known !== undefined && activityOf(known.status) === "over") return refused("recording-over");
  }
  switch (operation.type) {
    case "place-hold":
      return decidePlace(state, command, operation, policy);
    case "release-hold":
      return decideRelease(state, command, operation);
    case "release-all-holds":
      return go({
        type: "all-holds-released",
        reason: operation.reason,
        ...(recording === undefined ? {} : { recording }),
      });
    default:
      return operation satisfies never;
  }
}

function decideStop(state: ConferenceState, { operation, recording }: Command): Decision {
  const already =
    state.stopped || (recording !== undefined && Object.hasOwn(state.stoppedRecordings, recording));
  if (already) return go({ type: "operation-ignored", operation: "stop", why: "already-stopped" });
  if (state.ended) return refused("conference-over");
  const known = recording === undefined ? undefined : state.recordings[recording];
  if (known !== undefined && activityOf(known.status) === "over") return refused("recording-over");
  const reason = operation.type === "stop" ? operation.reason : undefined;
  return go({
    type: "stop-ordered",
    ...(reason === undefined ? {} : { reason }),
    ...(recording === undefined ? {} : { recording }),
  });
}

function decidePlace(
  state: ConferenceState,
  command: Command,
  place: PlaceHold,
  policy: RecordingPolicy,
): Decision {
  const key = holdKey(command.source, place.hold);
  const active = state.holds[key];
  const tombstone = state.tombstones[key];
  const latest = active?.at ?? tombstone?.at;
  // Our own order of receipt is the ledger's: a clock that lags behind another environment's must not make a pause stale.
  const byReceipt = place.time.clock === "receipt" && latest !== undefined;
  const at = byReceipt
    ? Math.max(place.time.at, tombstone?.by === "ended" ? latest + 1 : latest)
    : place.time.at;

  if (active !== undefined && at === active.at) return go(ignored("place", "duplicate", key, at));
  if (active !== undefined && at < active.at) return go(ignored("place", "older-than-current", key, at));
  const forgottenUpTo = state.forgottenUpTo?.[command.source];
  const isForgotten = forgottenUpTo !== undefined && at <= forgottenUpTo;
  if (active === undefined && isForgotten && place.time.clock === "sender") {
    return { ...refused("stale-pause"), facts: [ignored("place", "older-than-remembered", key, at)] };
  }
  if (tombstone?.by === "released" && at < tombstone.at) {
    return { ...refused("stale-pause"), facts: [ignored("place", "released-later", key, at)] };
  }
  if (tombstone?.by === "ended" && at <= tombstone.at) {
    return { ...refused("stale-pause"), facts: [ignored("place", "ended-already", key, at)] };
  }
  return go({ type: "hold-placed", hold: holdOf(command, place, at, policy) });
}

function decideRelease(state: ConferenceState, command: Command, release: ReleaseHold): Decision {
  const key = holdKey(command.source, release.hold);
  const { at } = release.time;
  const active = state.holds[key];
  // A resume of one recording does not end what others are paused for.
  if (active !== undefined && command.recording !== undefined && active.recording !== command.recording) {
    return go(ignored("release", "unknown-hold", key, at));
  }
  if (active !== undefined) {
    return at > active.at
      ? go({ type: "hold-released", key, at })
      : go(ignored("release", "older-than-current", key, at));
  }
  const tombstone = state.tombstones[key];
  const why: Ignored =
    tombstone === undefined
      ? "unknown-hold"
      : tombstone.by === "released"
        ? "released-later"
        : "ended-already";
  return go(ignored("release", why, key, at));
}

function holdOf(command: Command, place: PlaceHold, at: number, policy: RecordingPolicy): Hold {
  const { receivedAt, recording } = command;
  const limit = Object.hasOwn(policy.limits, place.reason) ? policy.limits[place.reason] : undefined;
  const { seconds, then } = limit ?? policy.limits.default;
  const limitAt = receivedAt + seconds * 1000;
  const ownEnd =
    place.expiresInSeconds === undefined ? undefined : receivedAt + place.expiresInSeconds * 1000;
  const releasesAt = then === "release" ? Math.min(limitAt, ownEnd ?? limitAt) : ownEnd;
  return {
    source: command.source,
    id: place.hold,
    reason: place.reason,
    at,
    receivedAt,
    expiresAt: Math.min(limitAt, ownEnd ?? limitAt),
    ...(releasesAt === undefined ? {} : { releasesAt }),
    ...(then === "alarm" ? { alarmsAt: limitAt } : {}),
    pauseBehavior: place.pauseBehavior ?? policy.pauseBehavior,
    ...(recording === undefined ? {} : { recording }),
  };
}

const go = (fact: Fact): Decision => ({ kind: "go", facts: [fact] });
const refused = (why: Refusal): Decision & { kind: "refused" } => ({ kind: "refused", why, facts: [] });
const ignored = (operation: "place" | "release", why: Ignored, key: HoldKey, at: number): Fact => ({
  type: "operation-ignored",
  operation,
  why,
  key,
  at,
});
