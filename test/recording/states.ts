import type { ConferenceState } from "../../functions/recording/conference.ts";
import { nothingYet } from "../../functions/recording/conference.ts";
import { evolve } from "../../functions/recording/evolve.ts";
import type { Fact } from "../../functions/recording/facts.ts";
import type { Hold } from "../../functions/recording/hold.ts";
import { type RecordingSid, recordingSid } from "../../functions/recording/ids.ts";

export const start = Date.parse("2026-11-23T15:46:00.000Z");
export const first = recordingSid("33333333-3333-4333-8333-333333333331");
export const second = recordingSid("33333333-3333-4333-8333-333333333332");

export const hold = (id: string, more: Partial<Hold> = {}): Hold => ({
  source: "signal:payments",
  id,
  reason: "consult",
  at: start,
  receivedAt: start,
  expiresAt: start + 1_800_000,
  releasesAt: start + 1_800_000,
  pauseBehavior: "silence",
  ...more,
});

export const placed = (id: string, more: Partial<Hold> = {}): Fact => ({
  type: "hold-placed",
  hold: hold(id, more),
});
export const released = (id: string, at = start + 1_000): Fact => ({
  type: "hold-released",
  key: `signal:payments/${id}`,
  at,
});
export const confirmed = (id: string, at = start + 200): Fact => ({
  type: "pause-confirmed",
  key: `signal:payments/${id}`,
  at,
  exposureMs: at - start,
});
export const seen = (
  lookedAt: number,
  statuses: readonly (readonly [RecordingSid, string])[],
  doubtful?: readonly RecordingSid[],
): Fact => ({
  type: "recordings-seen",
  lookedAt,
  recordings: statuses.map(([sid, status]) => ({ sid, status })),
  ...(doubtful === undefined ? {} : { doubtful }),
});
export const ticket = (recording: RecordingSid, expiresAt: number, name = "ticket-1"): Fact => ({
  type: "resume-started",
  recording,
  ticket: name,
  expiresAt,
});

/** The state after these facts, each an entry of its own, written at its time after the start in milliseconds. */
export const stateAfter = (...entries: readonly (readonly [number, Fact])[]): ConferenceState =>
  entries.reduce(
    (state, [ms, fact]) => evolve(state, { position: state.position + 1, at: start + ms, facts: [fact] }),
    nothingYet,
  );
