import { randomUUID } from "node:crypto";
import type { Entry } from "../../functions/ledger/ledger.ts";
import { type StoredItem, sealEntry } from "../../functions/ledger/stored-item.ts";
import type { Command, Operation, Source } from "../../functions/recording/command.ts";
import { nothingYet } from "../../functions/recording/conference.ts";
import { decide } from "../../functions/recording/decide.ts";
import { evolve } from "../../functions/recording/evolve.ts";
import type { Fact } from "../../functions/recording/facts.ts";
import { forgetting } from "../../functions/recording/forget.ts";
import { holdKey } from "../../functions/recording/hold.ts";
import type { RecordingSid } from "../../functions/recording/ids.ts";
import { conference, project } from "./world.ts";

/** What a conference has behind it when the next pause comes. */
export type Past = {
  readonly facts: number;
  readonly recordings: readonly RecordingSid[];
  /** Holds that are active, and confirmed. */
  readonly holds: number;
  /** From one pause to the next. */
  readonly gapMs: number;
};

const source: Source = "signal:payments";
const policy = {
  pauseBehavior: "silence",
  limits: { default: { seconds: 14_400, then: "release" } },
  unconfirmed: "alarm",
  callRecordings: true,
} as const;

/** The newest item of a ledger that the rules themselves have written; a command reads no other. */
export function newestOf({ facts, recordings, holds, gapMs }: Past): StoredItem {
  const cycles = Math.max(0, Math.floor((facts - 1) / factsOfCycle));
  let at = Date.now() - (cycles + 1) * gapMs;
  let newest: { readonly entry: Entry; readonly item: StoredItem } | undefined;
  let written = 0;
  const write = (now: readonly Fact[]): void => {
    const state = newest?.entry.state ?? nothingYet;
    const position = state.position + 1;
    const next = evolve(state, { position, at, facts: now });
    const cause = { source, request: `msg_${randomUUID()}`, sourceIp: "203.0.113.7" };
    const entry = { ref: { project, conference }, at, cause, facts: now, state: next };
    newest = sealEntry(entry, newest?.entry, {
      id: randomUUID(),
      expires: Math.floor(at / 1000) + 34_560_000,
    });
    written += now.length;
  };
  const take = (operation: Operation): void => {
    const state = newest?.entry.state ?? nothingYet;
    write([...decide(state, commandOf(operation, at), policy).facts, ...forgetting(state)]);
  };
  const seen = (status: string): Fact => ({
    type: "recordings-seen",
    lookedAt: at,
    recordings: recordings.map((sid) => ({ sid, status })),
  });

  write([seen("in-progress")]);
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const [hold, ticket, recording] = [randomUUID(), randomUUID(), recordings[0]];
    take(placement(hold, at));
    at += 200;
    write([seen("paused"), { type: "pause-confirmed", key: holdKey(source, hold), at, exposureMs: 200 }]);
    at += gapMs / 2;
    take({ type: "release-hold", hold, time: { at, clock: "sender" } });
    if (recording !== undefined)
      write([{ type: "resume-started", recording, ticket, expiresAt: at + 10_000 }]);
    write([{ type: "resume-ended", ticket, outcome: "seen-running" }, seen("in-progress")]);
    at += gapMs / 2;
  }
  while (written < facts) {
    write([{ type: "operation-ignored", operation: "release", why: "unknown-hold" }]);
  }
  const active = Array.from({ length: holds }, () => randomUUID());
  for (const hold of active) take(placement(hold, at));
  if (active.length > 0) {
    const confirmed = (hold: string): Fact => ({
      type: "pause-confirmed",
      key: holdKey(source, hold),
      at,
      exposureMs: 200,
    });
    write([seen("paused"), ...active.map(confirmed)]);
  }
  if (newest === undefined) throw new Error("a ledger has an entry");
  return newest.item;
}

const factsOfCycle = 7;

const placement = (hold: string, at: number): Operation => ({
  type: "place-hold",
  hold,
  reason: "consult",
  time: { at, clock: "sender" },
});

const commandOf = (operation: Operation, receivedAt: number): Command => ({
  project,
  target: { by: "conference", conference },
  source,
  operation,
  cause: { source, request: "msg" },
  receivedAt,
});
