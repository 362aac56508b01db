import { converge } from "./converge/converge.ts";
import { isUnfinished } from "./converge/left-to-do.ts";
import { sendPauses } from "./converge/send.ts";
import type { Ports } from "./ports.ts";
import type { Callback } from "./recording/callback.ts";
import type { ConferenceRef, ConferenceSid } from "./recording/ids.ts";
import { activeHolds } from "./recording/wanted.ts";
import { notingSent, type Unwritten } from "./sent-requests.ts";

/** SignalWire reads an answer for five seconds and then repeats the callback ("Webhook timeouts"). */
const BUDGET_MS = 3_500;
const CHECK_SECONDS = 5;

export type HandleCallback = (callback: Callback) => Promise<void>;

/** Callbacks are hints: they fill the directory and make us look sooner. Rejects where the ledger or directory did not answer. */
export const createHandleCallback =
  (given: Ports): HandleCallback =>
  async (callback) => {
    const { ports, sent } = notingSent(given);
    const conference = callback.conference ?? (await conferenceOf(ports, callback));
    if (conference === undefined) return;
    const ref = { project: callback.project, conference };
    // Side by side: a directory that is slow or down keeps no recording from being paused.
    const noting = callback.event === "conference-end" ? undefined : note(ports, callback, ref);
    const [paused, noted] = await Promise.allSettled([pauseAndLook(ports, ref, callback, sent), noting]);
    for (const done of [paused, noted]) if (done.status === "rejected") throw done.reason;
  };

async function pauseAndLook(
  ports: Ports,
  ref: ConferenceRef,
  callback: Callback,
  sent: Unwritten,
): Promise<void> {
  const { event, call, recording, receivedAt, request } = callback;
  if (!["recording-started", "recording-over", "conference-end"].includes(event)) return;
  const entry = await ports.ledger.newest(ref);
  if (entry === undefined || entry.state.ended) return;
  const deadline = receivedAt + BUDGET_MS;
  const started = event === "recording-started" && call === undefined ? recording : undefined;
  const isHeld = activeHolds(entry.state).some(([, hold]) => !hold.recording);
  const paused = started !== undefined && isHeld ? [{ sid: started }] : [];
  // A recording that starts while a hold is active is paused at once, before anybody looks.
  const doubtful = await sendPauses(ports, ref, paused, () => ports.policy.pauseBehavior, deadline);
  const seen = started === undefined ? [] : [{ sid: started }];
  const run = { cause: { source: "telephony" as const, request }, deadline, sent, paused, doubtful, seen };
  const converged = await converge(ports, ref, entry, { ...run, isReported: false });
  // Every chain may have ended before the recording began.
  if (isUnfinished(converged, ports.now())) {
    await ports.checks.send({ ...ref, chain: ports.newId(), hop: 0 }, CHECK_SECONDS);
  }
}

const conferenceOf = async (ports: Ports, { project, call }: Callback): Promise<ConferenceSid | undefined> =>
  call === undefined ? undefined : ports.directory.conferenceOfCall(project, call);

async function note(
  { directory }: Ports,
  { project, room, call, recording, event }: Callback,
  ref: ConferenceRef,
): Promise<void> {
  await Promise.all([
    room === undefined ? undefined : directory.noteRoom(project, room, ref.conference),
    call === undefined || event === "participant-leave"
      ? undefined
      : directory.noteCall(project, call, ref.conference),
    recording === undefined || event !== "recording-started"
      ? undefined
      : directory.noteRecording(ref, recording, room),
  ]);
}
