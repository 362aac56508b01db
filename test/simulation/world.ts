import { randomUUID } from "node:crypto";
import type { Check, Entry, Ledger } from "../../functions/ledger/ledger.ts";
import { LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { Ports } from "../../functions/ports.ts";
import type { AlarmName } from "../../functions/recording/alarm.ts";
import { conferenceSid, projectId, type RecordingSid, recordingSid } from "../../functions/recording/ids.ts";
import { SignalWireFailure } from "../../functions/signalwire/error.ts";
import type { UpdateOutcome } from "../../functions/signalwire/signalwire.ts";
import { policy } from "../flow/bench.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

export const ref = {
  project: projectId("11111111-1111-4111-8111-111111111111"),
  conference: conferenceSid("22222222-2222-4222-8222-222222222222"),
};
export const recordings = [1, 2].map((n) => recordingSid(`33333333-3333-4333-8333-33333333333${n}`));

/** How often, once in so many calls, something goes wrong; 0: never. */
export type Faults = {
  readonly lost: number;
  readonly late: number;
  readonly failing: number;
  readonly refused: number;
};
export const noFaults: Faults = { lost: 0, late: 0, failing: 0, refused: 0 };

/** What everybody shares: SignalWire, the ledger, the queue. What happened is told to `observe`. */
export type World = {
  readonly statuses: Map<RecordingSid, string>;
  readonly entries: Entry[];
  readonly queue: { readonly check: Check; readonly dueAt: number }[];
  readonly alarms: AlarmName[];
  readonly observe: (what: Observed) => void;
};
export type Observed =
  | { readonly what: "resume-sent"; readonly recording: RecordingSid; readonly by: string }
  | { readonly what: "resume-applied"; readonly recording: RecordingSid }
  | { readonly what: "appended"; readonly entry: Entry };

/** One process: its own clock, its own faults; after `crash` nothing of it goes on, but what it sent may still arrive. */
export type Actor = { readonly ports: Ports; crash(): void };

/** A resume is over at SignalWire this long after it was sent, whatever became of its answer. */
const LONGEST_RESUME_MS = 5_000;

export function createActor(
  world: World,
  timeline: Timeline,
  random: Random,
  options: { readonly name: string; readonly skewMs: number; readonly faults: Faults },
): Actor {
  const { name, skewMs, faults } = options;
  let isDead = false;
  const happens = (n: number) => n > 0 && random.oneIn(n);
  const now = () => timeline.now() + skewMs;
  const after = (ms: number, happen: () => void) => timeline.schedule(timeline.now() + ms, happen);

  /** One call over the network: `arrive` happens at the server, its answer comes back later, or never. */
  function call<Value>(arrive: () => Value, failure: () => Error, timeoutMs: number): Promise<Value> {
    return new Promise((resolve, reject) => {
      const alive = (then: () => void) => () => {
        if (!isDead) then();
      };
      if (happens(faults.failing))
        return after(
          random.whole(1, 50),
          alive(() => reject(failure())),
        );
      const isLost = happens(faults.lost);
      const requestMs = happens(faults.late) ? random.whole(100, timeoutMs + 500) : random.whole(1, 40);
      if (isLost || requestMs >= timeoutMs)
        after(
          timeoutMs,
          alive(() => reject(failure())),
        );
      if (isLost && random.oneIn(2)) return undefined;
      return after(requestMs, () => {
        const value = arrive();
        if (!isLost && requestMs < timeoutMs)
          after(
            random.whole(1, 40),
            alive(() => resolve(value)),
          );
      });
    });
  }

  const ledger: Ledger = {
    newest: () =>
      call(
        () => world.entries.at(-1),
        () => new LedgerFailure("no answer"),
        1_000,
      ),
    entries: async () => world.entries,
    append: (entry, before) =>
      call(
        () => {
          if ((world.entries.at(-1)?.position ?? 0) !== (before?.position ?? 0)) return "conflict";
          const appended: Entry = {
            ...entry,
            position: (before?.position ?? 0) + 1,
            previousHash: "",
            hash: "",
          };
          world.entries.push(appended);
          world.observe({ what: "appended", entry: appended });
          return appended;
        },
        () => new LedgerFailure("no answer"),
        1_000,
      ),
  };

  const apply = (sid: RecordingSid, to: string): void => {
    if (world.statuses.get(sid) === "stopped") return;
    if (to === "in-progress") world.observe({ what: "resume-applied", recording: sid });
    world.statuses.set(sid, to);
  };

  const ports: Ports = {
    ledger,
    directory: {
      noteRoom: async () => undefined,
      noteCall: async () => undefined,
      conferenceOfRoom: async () => undefined,
      conferenceOfCall: async () => undefined,
    },
    checks: {
      send: (check, delaySeconds) =>
        call(
          () => {
            world.queue.push({ check, dueAt: timeline.now() + delaySeconds * 1000 });
          },
          () => new Error("no answer"),
          1_000,
        ),
    },
    signalwire: {
      look: () =>
        call(
          () => ({
            conference: "running" as const,
            recordings: [...world.statuses].map(([sid, status]) => ({ sid, status })),
          }),
          () => new SignalWireFailure({ method: "GET", path: "", retryable: true }),
          2_500,
        ),
      update: async (_ref, { sid }, { to }): Promise<UpdateOutcome> => {
        if (to === "in-progress") world.observe({ what: "resume-sent", recording: sid, by: name });
        if (happens(faults.refused))
          return call(
            () => ({ kind: "refused", httpStatus: 429 }) as const,
            () => new Error(),
            2_500,
          ).catch(() => ({ kind: "unanswered" }) as const);
        // A request whose answer does not come may be carried out later, within its life.
        if (happens(faults.late)) {
          after(random.whole(1, LONGEST_RESUME_MS), () => apply(sid, to));
          return call(
            () => ({ kind: "unanswered" }) as const,
            () => new Error(),
            2_500,
          ).catch(() => ({ kind: "unanswered" }) as const);
        }
        const done = () => {
          apply(sid, to);
          return { kind: "accepted", status: to } as const;
        };
        return call(done, () => new Error("no answer"), 2_500).catch(() => ({ kind: "unanswered" }) as const);
      },
      conferencesInRoom: async () => [],
      conferencesOfCall: async () => [],
    },
    policy: { ...policy, callRecordings: false },
    now,
    sleep: (ms) =>
      new Promise((resolve) =>
        after(ms, () => {
          if (!isDead) resolve();
        }),
      ),
    newId: () => randomUUID(),
    random: random.next,
    ready: async () => undefined,
    alarm: (alarm) => world.alarms.push(alarm),
    exposure: () => undefined,
  };
  return {
    ports,
    crash() {
      isDead = true;
    },
  };
}
