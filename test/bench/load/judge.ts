import { setTimeout as sleep } from "node:timers/promises";
import type { Conference, StackInUse, Verb } from "./stack.ts";
import { isAccepted, type Sent } from "./triggers.ts";

export type Verdict = {
  readonly conferences: number;
  readonly accepted: number;
  /** Accepted, and not in the ledger of its conference. */
  readonly lost: number;
  /** Conferences whose recordings, at rest, are not as their holds imply. */
  readonly wrong: number;
  /** Holds whose latest accepted operation is not what the ledger has. */
  readonly wrongHolds: number;
  /** Until the last conference was at rest. */
  readonly restMs: number;
};

type Status = {
  readonly wanted: string;
  readonly holds: readonly { readonly id: string; readonly source: string }[];
};
type Ledger = {
  readonly entries: readonly {
    readonly cause: { readonly source: string; readonly request: string; readonly call?: string };
    readonly facts: readonly { readonly type: string; readonly operation?: string }[];
  }[];
};

/** Longer than the longest pause between two checks, and than a ticket. */
const REST_MS = 180_000;

/** Waits for rest, and holds what was accepted against the ledgers and against what SignalWire has. */
export async function judge(
  stack: StackInUse,
  conferences: readonly Conference[],
  sent: readonly Sent[],
  restMs = REST_MS,
): Promise<Verdict> {
  const startedAt = Date.now();
  let [accepted, lost, wrong, wrongHolds] = [0, 0, 0, 0];
  for (const one of conferences) {
    const mine = sent.filter(({ conference }) => conference === one.conference);
    const status = await atRest(stack, one, startedAt + restMs);
    if (status === undefined) wrong += 1;
    accepted += mine.filter(isAccepted).length;
    if (mine.length === 0) continue;
    const ledger = (await stack.control({ action: "ledger", conference: one.conference })) as Ledger;
    lost += lostOf(mine.filter(isAccepted), ledger);
    if (status !== undefined) wrongHolds += wrongHoldsOf(mine, status, `signal:${stack.sender}`);
  }
  const tookMs = Date.now() - startedAt;
  return { conferences: conferences.length, accepted, lost, wrong, wrongHolds, restMs: tookMs };
}

/** As the holds imply: paused with any, running with none. Undefined where it never comes to that. */
async function atRest(
  stack: StackInUse,
  { conference, recordings }: Conference,
  deadline: number,
): Promise<Status | undefined> {
  for (;;) {
    const status = (await stack.control({ action: "status", conference })) as Partial<Status>;
    const is = await Promise.all(recordings.map((recording) => stack.statusOf(recording)));
    const { wanted, holds } = status;
    if (wanted !== undefined && holds !== undefined) {
      const implied = holds.length > 0 ? "paused" : "in-progress";
      if (wanted === implied && is.every((one) => one === implied)) return { wanted, holds };
    }
    if (Date.now() > deadline) return undefined;
    await sleep(500);
  }
}

/** A signal is found by its id; of the digits of a call, which have none, there have to be as many as were accepted. */
function lostOf(accepted: readonly Sent[], { entries }: Ledger): number {
  const requests = new Set(entries.map(({ cause }) => cause.request));
  const signals = accepted.filter(({ kind, id }) => kind === "signal" && !requests.has(id)).length;
  const calls = Map.groupBy(
    accepted.filter(({ kind }) => kind === "digit"),
    ({ id }) => id,
  );
  const digits = [...calls].map(([call, presses]) => {
    const operations = entries.filter(
      ({ cause, facts }) => cause.source === "telephony" && cause.call === call && facts.some(isOperation),
    );
    return Math.max(0, presses.length - operations.length);
  });
  return signals + digits.reduce((total, one) => total + one, 0);
}

const isOperation = ({ type }: { readonly type: string }): boolean =>
  ["hold-placed", "hold-released", "operation-ignored"].includes(type);

/** Of the signals, whose order is their senders'. A hold with an operation that was not accepted may be either. */
function wrongHoldsOf(mine: readonly Sent[], { holds }: Status, source: string): number {
  const signals = mine.filter(({ kind }) => kind === "signal");
  const active = new Set(holds.filter((hold) => hold.source === source).map(({ id }) => id));
  return [...Map.groupBy(signals, ({ hold }) => hold)].filter(([hold, operations]) => {
    if (!operations.every(isAccepted)) return false;
    const latest: Verb | undefined = operations.toSorted((a, b) => a.at - b.at).at(-1)?.verb;
    return active.has(hold) !== (latest === "pause");
  }).length;
}
