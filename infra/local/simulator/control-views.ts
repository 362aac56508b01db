import { type Conference, present, type Recording } from "./resources.ts";
import type { World } from "./world.ts";

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** A conference as the control API shows it. */
export function conferenceView(world: World, conference: Conference) {
  const recordings = [...world.recordings.values()];
  const inside = new Set(present(conference).map(({ call }) => call));
  return {
    conference: conference.sid,
    room: conference.room,
    status: conference.status,
    participants: [...inside],
    recordings: recordings.filter((one) => one.conference === conference.sid).map(recordingView),
    callRecordings: recordings.filter((one) => one.call !== null && inside.has(one.call)).map(recordingView),
    announced: conference.announced,
  };
}

/** A recording as the control API shows it. */
export const recordingView = (recording: Recording) => ({
  recording: recording.sid,
  conference: recording.conference,
  call: recording.call,
  status: recording.status,
  pauseBehavior: recording.pauseBehavior,
  stuck: recording.stuck,
  unlisted: recording.unlisted,
  startedAt: iso(recording.startedAt),
  endedAt: iso(recording.endedAt),
  history: recording.history.map(({ at, status, by }) => ({ at: iso(at), status, by })),
});
