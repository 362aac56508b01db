import { randomUUID } from "node:crypto";
import type { CheckDelivery } from "../../functions/check-conference.ts";
import type { Check, Entry, Ledger } from "../../functions/ledger/ledger.ts";
import { LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { Ports } from "../../functions/ports.ts";
import type { AlarmName } from "../../functions/recording/alarm.ts";
import { conferenceSid, projectId, type RecordingSid, recordingSid } from "../../functions/recording/ids.ts";
import type { RecordingPolicy } from "../../functions/recording/policy.ts";
import { SignalWireFailure } from "../../functions/signalwire/error.ts";
import type { UpdateOutcome } from "../../functions/signalwire/signalwire.ts";
import type { Random } from "./random.ts";
import type { Timeline } from "./timeline.ts";

export const ref = {
  project: projectId("11111111-1111-4111-8111-111111111111"),
  conference: conferenceSid("22222222-2222-4222-8222-222222222222"),
};
export const recordings = [1, 2].map((n) => recordingSid(`33333333-3333-4333-8333-33333333333${n}`));

/** How often, once in so many calls, something goes wrong; 0: never. */
export type Faults = {
  /** No answer; half of these requests never arrive. */
  readonly lost: number;
  /** The answer comes late, or after everybody has stopped waiting for it. */
  readonly late: number;
  readonly failing: number;
  /** 4xx to an update. */
  readonly refused: number;
  /** SignalWire says that an update is done, and does not do it. */
  readonly lying: number;
  /** SignalWire says that an update is done, and does it later. */
  readonly delayed: number;
  /** The process stands still, for longer than a ticket lives at most. */
  readonly stalled: number;
  /** A list leaves out a recording that the ledger knows to be live. */
  readonly omitted: number;
};
export const noFaults: Faults = {
  lost: 0,
  late: 0,
  failing: 0,
  refused: 0,
  lying: 0,
  delayed: 0,
  stalled: 0,
  omitted: 0,
};

/** A message, and the delivery that is next. */
export type Queued = {
  readonly check: Check;
  readonly dueAt: number;
  readonly delivery: CheckDelivery;
};

/** What everybody shares: SignalWire, the ledger, the queue. What happened is told to `observe`. */
export type World = {
  readonly statuses: Map<RecordingSid, string>;
  /** Then every recording is completed. */
  isOver: boolean;
  readonly policy: RecordingPolicy;
  readonly entries: Entry[];
  readonly queue: Queued[];
  readonly alarms: AlarmName[];
  readonly observe: (what: Observed) => void;
  readonly trace: (line: string) => void;
};
export type Observed =
  | { readonly what: "resume-sent"; readonly recording: RecordingSid; readonly by: string }
  | { readonly what: "resume-applied"; readonly recording: RecordingSid }
  | { readonly what: "appended"; readonly entry: Entry };

/** One process: its own clock, its own faults; after `crash` nothing of it goes on, but what it sent may still arrive. */
export type Actor = { readonly ports: Ports; crash(): void; hasStoodStill(): boolean };

/** A resume is over at SignalWire this long after it was sent, whatever became of its answer. */
const LONGEST_RESUME_MS = 5_000;
const LONGEST_STALL_MS = 12_000;

export function createActor(
  world: World,
  timeline: Timeline,
  random: Random,
  options: {
    readonly name: string;
    readonly skewMs: number;
    readonly faults: Faults;
    readonly inRooms?: boolean;
  },
): Actor {
  const { name, skewMs, faults } = options;
  let isDead = false;
  let stalledUntil = 0;
  const happens = (n: number) => n > 0 && random.oneIn(n);
  const now = () => timeline.now() + skewMs;
  const after = (ms: number, happen: () => void) => timeline.schedule(timeline.now() + ms, happen);

  /** What happens in this process: not at all after its death, and not while it stands still. */
  const alive = (then: () => void) => () => {
    if (isDead) return;
    if (timeline.now() < stalledUntil) timeline.schedule(stalledUntil, alive(then));
    else then();
  };

  /** One call over the network: `arrive` happens at the server, its answer comes back later, or never. */
  function call<Value>(arrive: () => Value, failure: () => Error, timeoutMs: number): Promise<Value> {
    if (happens(faults.stalled)) {
      stalledUntil = timeline.now() + random.whole(100, LONGEST_STALL_MS);
      world.trace(`${name} stands still until ${stalledUntil}`);
    }
    return new Promise((resolve, reject) => {
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
          world.trace(`${name} appends ${appended.position}: ${JSON.stringify(appended.facts)}`);
          world.observe({ what: "appended", entry: appended });
          return appended;
        },
        () => new LedgerFailure("no answer"),
        1_000,
      ),
  };

  const apply = (sid: RecordingSid, to: string): void => {
    world.trace(`${name} ${sid.slice(-1)}: ${world.statuses.get(sid)} -> ${to}`);
    if (["stopped", "completed"].includes(world.statuses.get(sid) ?? "")) return;
    if (to === "in-progress") world.observe({ what: "resume-applied", recording: sid });
    world.statuses.set(sid, to);
  };

  function updateOnce(sid: RecordingSid, to: string): Promise<UpdateOutcome> {
    if (to === "in-progress") world.observe({ what: "resume-sent", recording: sid, by: name });
    const answer = (outcome: UpdateOutcome, arrive: () => void): Promise<UpdateOutcome> =>
      call<UpdateOutcome>(
        () => {
          if (world.statuses.get(sid) === "completed") return { kind: "refused", httpStatus: 404 };
          arrive();
          return outcome;
        },
        () => new Error("no answer"),
        2_500,
      ).catch(() => ({ kind: "unanswered" }));
    // Within the life of a request, whoever still waits for it.
    const later = () => after(random.whole(1, LONGEST_RESUME_MS), () => apply(sid, to));
    const accepted: UpdateOutcome = { kind: "accepted", status: to };
    if (happens(faults.refused)) return answer({ kind: "refused", httpStatus: 429 }, () => undefined);
    if (happens(faults.late)) {
      later();
      return answer({ kind: "unanswered" }, () => undefined);
    }
    if (happens(faults.delayed)) {
      later();
      return answer(accepted, () => undefined);
    }
    if (happens(faults.lying)) return answer(accepted, () => undefined);
    return answer(accepted, () => apply(sid, to));
  }

  /** Callbacks told of some of them. */
  const hinted = () => [...world.statuses.keys()].filter(() => random.oneIn(2));

  const isKnownLive = (sid: RecordingSid): boolean => {
    const known = world.entries.at(-1)?.state.recordings[sid];
    return known !== undefined && !["stopped", "completed"].includes(known.status);
  };

  const conference = () =>
    call(
      () => (world.isOver ? "over" : "running"),
      () => new SignalWireFailure({ method: "GET", path: "", retryable: true }),
      2_500,
    );

  const ports: Ports = {
    ledger,
    directory: {
      noteRoom: async () => undefined,
      noteCall: async () => undefined,
      noteRecording: async () => undefined,
      hintOfRoom: () =>
        call(
          () => ({ conference: ref.conference, recordings: hinted() }),
          () => new LedgerFailure("no answer"),
          1_000,
        ),
      conferenceOfCall: async () => undefined,
      recordingsOf: async () =>
        options.inRooms ? call(hinted, () => new LedgerFailure("no answer"), 1_000) : [],
    },
    checks: {
      send: (check, delaySeconds) =>
        call(
          () => {
            const dueAt = timeline.now() + delaySeconds * 1000;
            world.queue.push({ check, dueAt, delivery: { message: randomUUID(), count: 1 } });
            world.trace(`${name} queues ${check.chain.slice(0, 4)} ${check.hop} in ${delaySeconds} s`);
          },
          () => new Error("no answer"),
          1_000,
        ),
    },
    signalwire: {
      // Each recording is in a list of its own, so that a look is no single moment.
      look: async (_ref, { onSeen, known = [] }) => {
        const isListed = (sid: RecordingSid) =>
          known.some((one) => one.sid === sid) || !isKnownLive(sid) || !happens(faults.omitted);
        const recordings = await Promise.all(
          [...world.statuses.keys()].filter(isListed).map(async (sid) => {
            const seen = await call(
              () => ({ sid, status: world.statuses.get(sid) ?? "absent" }),
              () => new SignalWireFailure({ method: "GET", path: "", retryable: true }),
              2_500,
            );
            onSeen?.(seen);
            return seen;
          }),
        );
        const isLive = recordings.some(({ status }) => ["in-progress", "paused"].includes(status));
        return { conference: isLive ? "running" : await conference(), recordings };
      },
      update: async (_ref, { sid }, { to, attempts, deadline, onSent }): Promise<UpdateOutcome> => {
        if (now() >= deadline) return { kind: "not-sent" };
        onSent?.();
        const outcome = await updateOnce(sid, to);
        if (outcome.kind !== "unanswered" || attempts === "once") return outcome;
        onSent?.();
        const again = await updateOnce(sid, to);
        return again.kind === "accepted" ? { ...again, inDoubt: true } : outcome;
      },
      conferencesInRoom: () =>
        call(
          () => [ref.conference],
          () => new SignalWireFailure({ method: "GET", path: "", retryable: true }),
          2_500,
        ),
      takesPart: async () => true,
      conferencesOfCall: async () => [],
    },
    policy: world.policy,
    now,
    sleep: (ms) => new Promise((resolve) => after(ms, alive(resolve))),
    newId: () => randomUUID(),
    random: random.next,
    ready: async () => undefined,
    alarm: (alarm) => world.alarms.push(alarm),
    measure: () => undefined,
  };
  return {
    ports,
    crash() {
      isDead = true;
    },
    hasStoodStill: () => stalledUntil > 0,
  };
}
