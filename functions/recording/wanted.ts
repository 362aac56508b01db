import type { ConferenceState } from "./conference.ts";
import { type ActiveHold, covers, type HoldKey } from "./hold.ts";
import type { RecordingSid } from "./ids.ts";
import type { Wanted } from "./status.ts";

export const activeHolds = (state: ConferenceState): readonly [HoldKey, ActiveHold][] =>
  Object.entries(state.holds) as [HoldKey, ActiveHold][];

/** Paused while at least one hold covers it, in progress when none does, stopped for good after a stop. */
export function wantedOf(state: ConferenceState, recording: RecordingSid): Wanted {
  if (state.stopped || Object.hasOwn(state.stoppedRecordings, recording)) return "stopped";
  return activeHolds(state).some(([, hold]) => covers(hold, recording)) ? "paused" : "in-progress";
}

/** What is wanted of the conference as a whole, or of the one recording that a command names. */
export function wantedOverall(state: ConferenceState, recording?: RecordingSid): Wanted {
  if (recording !== undefined) return wantedOf(state, recording);
  if (state.stopped) return "stopped";
  return activeHolds(state).length > 0 ? "paused" : "in-progress";
}
