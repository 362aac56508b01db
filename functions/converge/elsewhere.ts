import type { Ports } from "../ports.ts";
import { nothingYet } from "../recording/conference.ts";
import type { CallSid, ConferenceRef } from "../recording/ids.ts";
import type { SeenRecording } from "../recording/status.ts";
import { wantedOf } from "../recording/wanted.ts";

// A call takes its own recording along from one conference to the next, and each conference has a ledger of its own.

/** Those that no other conference, to which their call has gone since, wants paused or stopped. Not known: none of ours to resume now. */
export async function freeElsewhere(
  ports: Ports,
  ref: ConferenceRef,
  recordings: readonly SeenRecording[],
): Promise<readonly SeenRecording[]> {
  const isFree = await Promise.all(
    recordings.map(
      async (recording) =>
        recording.call === undefined ||
        (await isFreeThere(ports, ref, recording, recording.call).catch(() => false)),
    ),
  );
  return recordings.filter((_, index) => isFree[index]);
}

async function isFreeThere(
  { directory, ledger }: Ports,
  { project, conference }: ConferenceRef,
  { sid }: SeenRecording,
  call: CallSid,
): Promise<boolean> {
  const there = await directory.conferenceOfCall(project, call);
  if (there === undefined || there === conference) return true;
  const state = (await ledger.newest({ project, conference: there }))?.state ?? nothingYet;
  return state.ended === true || wantedOf(state, sid) === "in-progress";
}
