import type { Command } from "./command.ts";
import type { ConferenceState } from "./conference.ts";
import { covers, type HoldKey, holdKey } from "./hold.ts";
import type { ConferenceSid, RecordingSid } from "./ids.ts";
import type { Answer } from "./outcome.ts";
import { activityOf, type Look } from "./status.ts";
import { activeHolds, wantedOf, wantedOverall } from "./wanted.ts";

/** What is known when the answer is written. */
export type Known = {
  readonly conference: ConferenceSid;
  readonly state: ConferenceState;
  /** The last look; absent: SignalWire did not answer, and the recordings are as last seen. */
  readonly look?: Look;
  /** The look counts and nothing was written that it does not cover. */
  readonly settled: boolean;
  /** The one recording that the question is about. */
  readonly recording?: RecordingSid;
  /** The hold that the question is about. */
  readonly hold?: HoldKey;
};

export function answerOf({ conference, state, look, settled, recording, hold }: Known): Answer {
  const confirmed =
    settled && look !== undefined && isAsWanted(state, look, recording) && !isExposed(state, recording);
  const asked = hold === undefined ? undefined : state.holds[hold];
  return {
    conference,
    wanted: wantedOverall(state, recording),
    confirmed,
    safeToCollect: confirmed && asked?.confirmedAt !== undefined && !state.ended,
    recordings: look === undefined ? lastSeen(state) : look.recordings,
    holds: activeHolds(state).map(([, { id, source, reason, expiresAt }]) => ({
      id,
      source,
      reason,
      expiresAt: new Date(expiresAt).toISOString(),
    })),
    position: state.position,
  };
}

/** The hold that a command is about, if it is about one. */
export function holdOf({ source, operation }: Command): HoldKey | undefined {
  return operation.type === "place-hold" || operation.type === "release-hold"
    ? holdKey(source, operation.hold)
    : undefined;
}

/** For paused: seen paused. For in-progress: seen running, or not started. For stopped: seen over. */
function isAsWanted(state: ConferenceState, look: Look, recording?: RecordingSid): boolean {
  return look.recordings
    .filter(({ sid }) => recording === undefined || sid === recording)
    .every(({ sid, status }) => {
      const activity = activityOf(status);
      if (activity === "over") return true;
      const wanted = wantedOf(state, sid);
      return wanted === "paused" ? activity === "paused" : wanted === "in-progress" && activity !== "paused";
    });
}

/** A recording was found running since the hold was confirmed, and not seen paused again: an older look does not count. */
const isExposed = (state: ConferenceState, recording?: RecordingSid): boolean =>
  activeHolds(state).some(
    ([, hold]) => hold.exposedSince !== undefined && (recording === undefined || covers(hold, recording)),
  );

const lastSeen = (state: ConferenceState): Answer["recordings"] =>
  Object.entries(state.recordings).map(([sid, { status, call }]) => ({
    sid: sid as RecordingSid,
    status,
    ...(call === undefined ? {} : { call }),
  }));
