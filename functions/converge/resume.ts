import type { Entry } from "../ledger/ledger.ts";
import type { Ports, Run } from "../ports.ts";
import type { ConferenceState } from "../recording/conference.ts";
import type { Fact } from "../recording/facts.ts";
import type { ConferenceRef, Millis } from "../recording/ids.ts";
import { activityOf, type Look, type SeenRecording } from "../recording/status.ts";
import type { UpdateOutcome } from "../signalwire/signalwire.ts";
import { append } from "../write-down.ts";

// SignalWire has no fencing: a resume that is on the wire can land after a later pause. So each resume goes under a ticket in
// the ledger that outlives the request, and no pause is confirmed while a ticket is open.

/** Longer than send window, request and SignalWire's own delay together. */
export const TICKET_MS = 10_000;
/** From the beginning of the ticket's append to the sending of its request. */
export const SEND_WINDOW_MS = 500;
const REQUEST_MS = 2_500;

/** The tickets of this run, and what became of their one request each. */
export type OwnTickets = Map<string, UpdateOutcome>;

/**
 * Opens a ticket for each recording and sends exactly one request under it. Sends nothing if anything was written since `entry`,
 * which is the newest that the look was held against, or if the append took too long.
 * @returns the newest entry known, or "conflict"
 */
export async function resumeUnderTickets(
  ports: Ports,
  ref: ConferenceRef,
  entry: Entry | undefined,
  recordings: readonly SeenRecording[],
  run: Run,
  own: OwnTickets,
): Promise<Entry | "conflict"> {
  const startedAt = ports.now();
  const tickets = recordings.map((recording) => ({ recording, ticket: ports.newId() }));
  const facts = tickets.map(
    ({ recording, ticket }): Fact => ({
      type: "resume-started",
      recording: recording.sid,
      ticket,
      expiresAt: startedAt + TICKET_MS,
    }),
  );
  const opened = await append(ports, ref, entry, run, facts);
  if (opened === "conflict") return opened;
  const isLate = ports.now() - startedAt > SEND_WINDOW_MS;
  await Promise.all(
    tickets.map(async ({ recording, ticket }) => {
      own.set(ticket, isLate ? { kind: "not-sent" } : await sendOnce(ports, ref, recording, startedAt));
    }),
  );
  return opened;
}

const sendOnce = (ports: Ports, ref: ConferenceRef, recording: SeenRecording, startedAt: Millis) =>
  ports.signalwire.update(ref, recording, {
    to: "in-progress",
    attempts: "once",
    deadline: startedAt + SEND_WINDOW_MS + REQUEST_MS,
  });

/**
 * `resume-ended` for the tickets of this run whose request can no longer take effect: refused, never sent, or accepted and seen
 * to have happened. Every other ticket is left to expire.
 */
export function endedTickets(own: OwnTickets, state: ConferenceState, look: Look): readonly Fact[] {
  return [...own].flatMap(([ticket, outcome]): Fact[] => {
    const open = state.tickets[ticket];
    if (open === undefined) return [];
    if (outcome.kind === "refused" || outcome.kind === "not-sent") {
      return [{ type: "resume-ended", ticket, outcome: outcome.kind }];
    }
    if (outcome.kind === "unanswered") return [];
    const shown = look.recordings.find(({ sid }) => sid === open.recording);
    if (shown === undefined) return []; // A list may leave out what is there.
    const activity = activityOf(shown.status);
    if (activity === "running") return [{ type: "resume-ended", ticket, outcome: "seen-running" }];
    return activity === "over" ? [{ type: "resume-ended", ticket, outcome: "seen-over" }] : [];
  });
}
