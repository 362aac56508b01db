import type { Entry } from "../../functions/ledger/ledger.ts";
import type { StoredItem } from "../../functions/ledger/stored-item.ts";
import type { Cause } from "../../functions/recording/command.ts";
import { nothingYet } from "../../functions/recording/conference.ts";
import { evolve } from "../../functions/recording/evolve.ts";
import type { Fact, FactType } from "../../functions/recording/facts.ts";
import type { Hold } from "../../functions/recording/hold.ts";
import { callSid, recordingSid } from "../../functions/recording/ids.ts";
import { createInMemoryLedger } from "../fakes/in-memory-ledger.ts";
import { at, ref } from "./examples.ts";

const recording = recordingSid("33333333-3333-4333-8333-333333333331");
const call = callSid("55555555-5555-4555-8555-555555555551");
const key = "signal:payments/payment-7f3a" as const;

const hold: Required<Hold> = {
  source: "signal:payments",
  id: "payment-7f3a",
  reason: "card-entry",
  at,
  receivedAt: at + 20,
  expiresAt: at + 600_020,
  releasesAt: at + 600_020,
  alarmsAt: at + 900_020,
  pauseBehavior: "silence",
  recording,
};

type Whole<Value> = Value extends string | number | boolean
  ? Value
  : { readonly [Name in keyof Value]-?: Whole<Value[Name]> };
type Kind<Type extends FactType> = Extract<Fact, { type: Type }>;

/** Each kind of fact, the first of each with every field that it may have. */
const everyFact: { readonly [Type in FactType]: readonly [Whole<Kind<Type>>, ...Kind<Type>[]] } = {
  "hold-placed": [{ type: "hold-placed", hold }],
  "recordings-seen": [
    {
      type: "recordings-seen",
      lookedAt: at + 100,
      recordings: [{ sid: recording, status: "paused", call }],
      doubtful: [recording],
    },
  ],
  "pause-confirmed": [{ type: "pause-confirmed", key, at: at + 180, exposureMs: 160 }],
  "found-running": [{ type: "found-running", recording, how: "resumed-by-other", exposureMs: 900 }],
  "pause-overdue": [{ type: "pause-overdue", key, exposureMs: 30_010 }],
  "hold-over-limit": [{ type: "hold-over-limit", key }],
  "operation-ignored": [
    { type: "operation-ignored", operation: "place", why: "duplicate", key, at },
    { type: "operation-ignored", operation: "stop", why: "already-stopped" },
  ],
  "hold-released": [{ type: "hold-released", key, at: at + 60_000 }],
  "hold-expired": [{ type: "hold-expired", key }],
  "hold-withdrawn": [{ type: "hold-withdrawn", key, why: "no-such-conference" }],
  "all-holds-released": [
    { type: "all-holds-released", reason: "shift-end", recording },
    { type: "all-holds-released", reason: "shift-end" },
  ],
  "resume-started": [{ type: "resume-started", recording, ticket: "ticket-1", expiresAt: at + 70_000 }],
  "resume-ended": [{ type: "resume-ended", ticket: "ticket-1", outcome: "seen-running" }],
  "requests-sent": [{ type: "requests-sent", requests: [{ recording, call, to: "paused", at: at + 40 }] }],
  "pause-sent": [{ type: "pause-sent", recordings: [recording] }],
  "found-paused": [{ type: "found-paused", recording }],
  "watch-renewed": [{ type: "watch-renewed" }],
  "check-in-doubt": [{ type: "check-in-doubt", chain: "0b9d2c0e-9d1f-4f3a-8f5e-2f7f0a3f4b11" }],
  "conference-missing": [{ type: "conference-missing" }],
  "stop-ordered": [
    { type: "stop-ordered", reason: "consent-withdrawn", recording },
    { type: "stop-ordered", reason: "consent-withdrawn" },
  ],
  "conference-ended": [{ type: "conference-ended", how: "seen-over" }],
  "ended-holds-forgotten": [
    { type: "ended-holds-forgotten", source: "signal:payments", upTo: at - 3_600_000 },
  ],
};

const cause: Required<Cause> = {
  source: "signal:payments",
  request: "msg_1",
  actor: "ada@example.test",
  call,
  sourceIp: "192.0.2.7",
};

/** A ledger with one entry for each kind of fact, written and replayed by the real code. */
export async function writeEveryFact(): Promise<readonly StoredItem[]> {
  const ledger = createInMemoryLedger();
  let newest: Entry | undefined;
  for (const facts of Object.values(everyFact)) {
    const position = (newest?.position ?? 0) + 1;
    const entry = { at: at + position * 1_000, chain: `chain-${position}`, facts };
    const state = evolve(newest?.state ?? nothingYet, { position, ...entry });
    const appended = await ledger.append({ ref, cause, state, ...entry }, newest);
    if (appended === "conflict") throw new Error("nobody else writes here");
    newest = appended;
  }
  return ledger.readItems(ref);
}
