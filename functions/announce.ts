import type { Ports } from "./ports.ts";
import type { Command } from "./recording/command.ts";
import type { ConferenceState } from "./recording/conference.ts";
import { holdKey } from "./recording/hold.ts";
import type { ConferenceRef, Millis } from "./recording/ids.ts";
import type { Outcome } from "./recording/outcome.ts";
import type { Announced, Announcement } from "./trigger/telephony-ports.ts";

export type AnnouncePorts = Pick<Ports, "ledger" | "now"> & {
  /** Never rejects. */
  readonly announce: (ref: ConferenceRef, url: string, deadline: Millis) => Promise<void>;
};

/**
 * Lets the conference hear that its recording is paused, or runs again, once: after the command that brought it about was
 * confirmed, and not after one that asked again. Rejects where the ledger did not answer; nobody depends on it.
 */
export const createAnnounce =
  ({ ledger, now, announce }: AnnouncePorts) =>
  async (command: Command, outcome: Outcome, { urlOf, deadline }: Announcement): Promise<void> => {
    if (outcome.kind !== "done") return;
    const ref = { project: command.project, conference: outcome.answer.conference };
    const entry = await ledger.newest(ref);
    const what = entry && newsOf(command, outcome.answer.wanted, entry.state);
    // The process may have been frozen meanwhile, and what is late may no longer be true.
    if (what === undefined || now() >= deadline) return;
    await announce(ref, urlOf(what), deadline);
  };

/** What this command brought about, if it did: a duplicate finds a hold that was confirmed, or let go, before it came. */
function newsOf(
  { operation, source, receivedAt }: Command,
  wanted: "paused" | "in-progress" | "stopped",
  state: ConferenceState,
): Announced | undefined {
  if (operation.type === "place-hold") {
    const { confirmedAt } = state.holds[holdKey(source, operation.hold)] ?? {};
    return confirmedAt !== undefined && confirmedAt >= receivedAt ? "paused" : undefined;
  }
  const isLetGo = state.heldUntil !== undefined && state.heldUntil >= receivedAt;
  return operation.type !== "stop" && wanted === "in-progress" && isLetGo ? "resumed" : undefined;
}
