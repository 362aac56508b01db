import type { Cause } from "../../functions/recording/command.ts";
import type { Recorded } from "../../functions/recording/evidence-course.ts";
import type { Fact } from "../../functions/recording/facts.ts";
import { type Hold, type HoldKey, holdKey } from "../../functions/recording/hold.ts";
import { type RecordingSid, recordingSid } from "../../functions/recording/ids.ts";

/** 2026-11-23T15:46:00.000Z */
export const start = 1_795_448_760_000;
export const first = recordingSid("33333333-3333-4333-8333-333333333331");
export const second = recordingSid("33333333-3333-4333-8333-333333333332");
export const payment: HoldKey = holdKey("signal:payments", "payment-7f3a");
export const consent: HoldKey = holdKey("control", "consent");

const sender: Cause = { source: "signal:payments", request: "msg_1" };

/** Facts, and the milliseconds after the start at which they were written. */
export type Step = readonly [atMs: number, ...facts: Fact[]];

export const told = (...entries: Step[]): readonly Recorded[] =>
  entries.map(([atMs, ...facts], index) => ({
    position: index + 1,
    at: start + atMs,
    cause: facts.some(({ type }) => type === "hold-placed")
      ? sender
      : { source: "check", request: "chain-1" },
    facts,
  }));

/** Placed by its sender 50 ms before it was received at `receivedMs`. */
export const placed = (key: HoldKey, receivedMs: number, more: Partial<Hold> = {}): Fact => {
  const [source, id] =
    key === consent ? (["control", "consent"] as const) : (["signal:payments", "payment-7f3a"] as const);
  const receivedAt = start + receivedMs;
  const times = { at: receivedAt - 50, receivedAt, expiresAt: receivedAt + 900_000 };
  return {
    type: "hold-placed",
    hold: { source, id, reason: "card-entry", ...times, pauseBehavior: "silence", ...more },
  };
};

/** The same to each recording of these, `atMs` after the start. */
export const sent = (to: "paused" | "in-progress", atMs: number, ...recordings: RecordingSid[]): Fact => ({
  type: "requests-sent",
  requests: recordings.map((recording) => ({ recording, to, at: start + atMs })),
});

export const seen = (lookedMs: number, ...statuses: readonly string[]): Fact => ({
  type: "recordings-seen",
  lookedAt: start + lookedMs,
  recordings: statuses.map((status, index) => ({ sid: index === 0 ? first : second, status })),
});

export const confirmed = (key: HoldKey, atMs: number, exposureMs: number): Fact => ({
  type: "pause-confirmed",
  key,
  at: start + atMs,
  exposureMs,
});

export const released = (key: HoldKey, sentMs: number): Fact => ({
  type: "hold-released",
  key,
  at: start + sentMs,
});
