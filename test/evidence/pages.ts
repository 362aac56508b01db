import type { Conference, Exception, Hold, Page } from "../../infra/evidence/page.ts";

export const project = "7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01";
export const sidOf = (number: number): string =>
  `c0ffee00-1111-4222-8333-${String(number).padStart(12, "0")}`;

export const holdOf = (of: Partial<Hold> = {}): Hold => ({
  position: 1,
  hold: "signal:payments/payment-7f3a",
  source: "signal:payments",
  reason: "card-entry",
  pauseBehavior: "silence",
  recording: null,
  placedBy: { source: "signal:payments", request: "msg_1" },
  outcome: "released",
  confirmed: true,
  paused: ["33333333-3333-4333-8333-333333333331"],
  exposureMs: 180,
  sentAt: "2026-11-23T15:45:59.950Z",
  receivedAt: "2026-11-23T15:46:00.000Z",
  writtenAt: "2026-11-23T15:46:00.030Z",
  onWireAt: "2026-11-23T15:46:00.040Z",
  lookedAt: "2026-11-23T15:46:00.120Z",
  confirmedAt: "2026-11-23T15:46:00.180Z",
  expiresAt: "2026-11-23T16:01:00.000Z",
  endSentAt: "2026-11-23T15:47:00.000Z",
  endedAt: "2026-11-23T15:47:00.040Z",
  endedBy: { source: "signal:payments", request: "msg_2" },
  runningAt: "2026-11-23T15:47:00.300Z",
  ...of,
});

export const exceptionOf = (what: string, of: Partial<Exception> = {}): Exception => ({
  what,
  position: 1,
  at: "2026-11-23T15:46:00.000Z",
  ...of,
});

export const conferenceOf = (number: number, of: Partial<Conference> = {}): Conference => ({
  project,
  conference: sidOf(number),
  intact: true,
  entries: 4,
  brokenAt: null,
  hash: "ab".repeat(32),
  unreadable: [],
  holds: [],
  exceptions: [],
  ...of,
});

export const pageOf = (of: Partial<Page> = {}): Page => ({
  from: "2026-11-23T00:00:00.000Z",
  to: "2026-11-24T00:00:00.000Z",
  project: null,
  after: null,
  next: null,
  ledgers: 0,
  entries: 0,
  expired: 0,
  strays: 0,
  conferences: [],
  ...of,
});
