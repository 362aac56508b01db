import type { NewEntry } from "../../functions/ledger/ledger.ts";
import { type ConferenceState, nothingYet } from "../../functions/recording/conference.ts";
import type { Fact } from "../../functions/recording/facts.ts";
import { type ConferenceRef, conferenceSid, projectId } from "../../functions/recording/ids.ts";

export const project = projectId("7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01");
export const conference = conferenceSid("c0ffee00-1111-4222-8333-444455556666");
export const ref: ConferenceRef = { project, conference };

/** 2026-11-23T15:46:00.000Z */
export const at = 1_795_448_760_000;

export const placed: Fact = {
  type: "hold-placed",
  hold: {
    source: "signal:payments",
    id: "payment-7f3a",
    reason: "card-entry",
    at,
    receivedAt: at,
    expiresAt: at + 600_000,
    releasesAt: at + 600_000,
    pauseBehavior: "silence",
  },
};

export const newEntry = (of: Partial<NewEntry> = {}): NewEntry => ({
  ref,
  at,
  cause: { source: "signal:payments", request: "msg_1" },
  facts: [placed],
  state: nothingYet,
  ...of,
});

/** A replay that only counts: enough for a chain to have states that depend on what came before. */
export const countingReplay = (
  before: ConferenceState,
  entry: { readonly position: number; readonly chain?: string; readonly facts: readonly Fact[] },
): ConferenceState => ({
  ...before,
  position: entry.position,
  heldUntil: (before.heldUntil ?? 0) + entry.facts.length,
  ...(entry.chain === undefined ? {} : { chain: entry.chain }),
});
