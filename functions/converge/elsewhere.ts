import type { Ports } from "../ports.ts";
import { nothingYet } from "../recording/conference.ts";
import type { CallSid, ConferenceRef, ConferenceSid, Millis } from "../recording/ids.ts";
import type { SeenRecording } from "../recording/status.ts";
import { wantedOf } from "../recording/wanted.ts";

// A call takes its own recording along from one conference to the next, and each conference has a ledger of its own.

/** Those that no other conference, to which their call has gone since, wants paused or stopped. Not known: none of ours to resume now. */
export async function freeElsewhere(
  ports: Ports,
  ref: ConferenceRef,
  recordings: readonly SeenRecording[],
  deadline: Millis,
): Promise<readonly SeenRecording[]> {
  const isFree = await Promise.all(
    recordings.map(
      async (recording) =>
        recording.call === undefined ||
        (await isFreeThere(ports, ref, recording, recording.call, deadline).catch(() => false)),
    ),
  );
  return recordings.filter((_, index) => isFree[index]);
}

async function isFreeThere(
  ports: Ports,
  ref: ConferenceRef,
  { sid }: SeenRecording,
  call: CallSid,
  deadline: Millis,
): Promise<boolean> {
  const { project } = ref;
  const others = await otherConferences(ports, ref, call, deadline);
  const wanted = await Promise.all(
    others.map(async (conference) => {
      const state = (await ports.ledger.newest({ project, conference }))?.state ?? nothingYet;
      return state.ended === true || wantedOf(state, sid) === "in-progress";
    }),
  );
  return wanted.every((isFree) => isFree);
}

/** Where the call is, if not here. That the directory names this conference may be old. */
async function otherConferences(
  { directory, signalwire }: Ports,
  ref: ConferenceRef,
  call: CallSid,
  deadline: Millis,
): Promise<readonly ConferenceSid[]> {
  const { project, conference } = ref;
  const told = await directory.conferenceOfCall(project, call);
  if (told !== undefined && told !== conference) return [told];
  if (await signalwire.takesPart(ref, call, deadline)) return [];
  const found = await signalwire.conferencesOfCall(project, call, deadline);
  return found.filter((one) => one !== conference);
}
