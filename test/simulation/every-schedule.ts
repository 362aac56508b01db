import { hash } from "node:crypto";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import type { Check, Entry, Ledger } from "../../functions/ledger/ledger.ts";
import { LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { Ports } from "../../functions/ports.ts";
import type { AlarmName } from "../../functions/recording/alarm.ts";
import type { Command, Operation } from "../../functions/recording/command.ts";
import { type RecordingSid, recordingSid } from "../../functions/recording/ids.ts";
import type { UpdateOutcome } from "../../functions/signalwire/signalwire.ts";
import { policy } from "../flow/bench.ts";
import { createOracle } from "./oracle.ts";
import { ref } from "./world.ts";

// Every schedule of a small case. A step is one call that reaches its server and is answered; which call is next is a choice, and
// so is, as often as the budget allows, that a process dies, that an answer is lost, or that an update is carried out later.
// Timers go off only while no call is under way. A schedule is its list of choices and is played from the start each time; two
// schedules that brought every process the same answers and the world into the same state go on as one. Of two schedules that differ
// only in the order of steps that do not touch each other, one is played: after a step, what was played before it from the same
// state and does not touch it "sleeps" until a step comes that does (P. Godefroid, Partial-Order Methods for the Verification of
// Concurrent Systems, 1996: sleep sets, with the states kept). What a step touches is noted while it is played.

export type Budget = { readonly crashes: number; readonly lost: number };
export type Explored = {
  readonly schedules: number;
  readonly states: number;
  readonly violations: readonly string[];
};

const sid: RecordingSid = recordingSid("33333333-3333-4333-8333-333333333331");
const start = Date.parse("2026-11-23T15:46:00.000Z");
const settle = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** What steps can touch: the ledger and what the oracle knows, the recording, and how often things may still go wrong. */
type Part = "ledger" | "recording" | "lost" | "crashes";
/** `actor`: undefined for what touches everybody, such as that time goes on. */
type Touched = {
  readonly actor: number | undefined;
  readonly reads: Set<Part>;
  readonly writes: Set<Part>;
};
type Asleep = { readonly id: string; readonly touched: Touched };
type Visited = Map<string, readonly Asleep[]>;

const touching = (actor: number | undefined): Touched => ({ actor, reads: new Set(), writes: new Set() });

function areIndependent(one: Touched, other: Touched): boolean {
  if (one.actor === undefined || other.actor === undefined || one.actor === other.actor) return false;
  const meets = (writes: Set<Part>, { reads, writes: more }: Touched) =>
    [...writes].some((part) => reads.has(part) || more.has(part));
  return !meets(one.writes, other) && !meets(other.writes, one);
}

type Pending = {
  /** Of its actor's calls the n-th. */
  readonly id: string;
  readonly actor: number;
  readonly name: string;
  readonly arrive: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly fail: (() => void) | undefined;
  readonly timeoutMs: number;
};
type Timer = { readonly at: number; readonly actor: number; readonly fire: () => void };
type Choice = {
  readonly id: string;
  readonly actor: number | undefined;
  readonly label: string;
  readonly take: () => void;
};
/** A schedule that is still to be played: these choices, what sleeps before the last of them, and what that one touches. */
type Open = {
  readonly choices: readonly number[];
  readonly asleep: readonly Asleep[];
  readonly last: Touched;
};

/**
 * Plays `choices`, then the first choice of each step that does not sleep.
 * @returns what is to be played besides, the last first, and what is wrong
 */
async function play(
  tasks: readonly Task[],
  { choices, asleep: asleepBefore, last }: Open,
  budget: Budget,
  visited: Visited,
) {
  const oracle = createOracle();
  const statuses = new Map([[sid, "in-progress"]]);
  const entries: Entry[] = [];
  const alarms: AlarmName[] = [];
  const queue: Check[] = [];
  const histories: string[] = [];
  const dead = new Set<number>();
  let pending: Pending[] = [];
  let timers: Timer[] = [];
  /** Updates and appends that were sent and may be carried out at any time. */
  let late: Pick<Pending, "id" | "actor" | "name" | "arrive">[] = [];
  let now = start;
  let ids = 0;
  const left = { ...budget };
  const calls: number[] = [];
  let touched = touching(undefined);
  const reads = (part: Part): unknown => touched.reads.add(part);
  const writes = (part: Part): unknown => touched.writes.add(part);

  const ports = (actor: number): Ports => {
    const nextCall = (): string => {
      calls[actor] = (calls[actor] ?? 0) + 1;
      return `${actor}.${calls[actor]}`;
    };
    const call = <Value>(
      name: string,
      arrive: () => Value,
      failure: (() => Error) | undefined,
      timeoutMs: number,
    ) =>
      new Promise<Value>((resolve, reject) => {
        const fail = failure && (() => reject(failure()));
        const id = nextCall();
        pending.push({
          id,
          actor,
          name,
          arrive,
          resolve: (value) => resolve(value as Value),
          fail,
          timeoutMs,
        });
      });
    const ledgerFailure = () => new LedgerFailure("no answer");
    const ledger: Ledger = {
      newest: () => {
        const newest = () => {
          reads("ledger");
          return entries.at(-1);
        };
        return call("newest", newest, ledgerFailure, 1_000);
      },
      entries: async () => entries,
      append: (entry, before) =>
        call(
          "append",
          () => {
            writes("ledger");
            if ((entries.at(-1)?.position ?? 0) !== (before?.position ?? 0)) return "conflict";
            const appended: Entry = {
              ...entry,
              position: (before?.position ?? 0) + 1,
              previousHash: "",
              hash: "",
            };
            entries.push(appended);
            oracle.appended(appended);
            return appended;
          },
          ledgerFailure,
          1_000,
        ),
    };
    return {
      ledger,
      directory: {
        noteRoom: async () => undefined,
        noteCall: async () => undefined,
        noteRecording: async () => undefined,
        hintOfRoom: async () => undefined,
        conferenceOfCall: async () => undefined,
        recordingsOf: async () => [],
      },
      // Queued at once: it commutes with everything, and its failing has tests of its own.
      checks: { send: async (check) => void queue.push(check) },
      signalwire: {
        look: () =>
          call(
            "look",
            () => {
              reads("recording");
              const recordings = [{ sid, status: statuses.get(sid) ?? "" }];
              return { conference: "running" as const, recordings };
            },
            undefined,
            2_500,
          ),
        update: (_ref, target, { to, onSent }) => {
          onSent?.();
          if (to === "in-progress") writes("ledger") && oracle.resumeSent(target.sid);
          const apply = (): UpdateOutcome => {
            writes("recording");
            reads("ledger");
            if (statuses.get(sid) === "stopped") return { kind: "refused", httpStatus: 400 };
            if (to === "in-progress") oracle.resumeApplied(sid);
            statuses.set(sid, to);
            return { kind: "accepted", status: to };
          };
          return new Promise((resolve) => {
            const fail = () => resolve({ kind: "unanswered" });
            pending.push({
              id: nextCall(),
              actor,
              name: to,
              arrive: apply,
              resolve: (value) => resolve(value as UpdateOutcome),
              fail,
              timeoutMs: 2_500,
            });
          });
        },
        conferencesInRoom: async () => [],
        takesPart: async () => true,
        conferencesOfCall: async () => [],
      },
      policy: { ...policy, callRecordings: false },
      now: () => now,
      sleep: (ms) =>
        new Promise((resolve) =>
          timers.push({ at: now + ms, actor, fire: () => !dead.has(actor) && resolve() }),
        ),
      newId: () => {
        ids += 1;
        return `id-${ids}`;
      },
      random: () => 0.5,
      ready: async () => undefined,
      alarm: (name) => alarms.push(name),
      measure: () => undefined,
    };
  };

  const deliver = (one: Pending): void => {
    pending = pending.filter((other) => other !== one);
    const value = one.arrive();
    if (one.name === "look") {
      // What it shows may be past by the time that it is read.
      pending.push({
        ...one,
        id: `${one.id} seen`,
        name: `look ${JSON.stringify(value)}`,
        arrive: () => value,
      });
      return;
    }
    if (dead.has(one.actor)) return;
    histories[one.actor] +=
      `${one.name}:${value === "conflict" ? "x" : ((value as Entry | undefined)?.position ?? JSON.stringify(value))};`;
    one.resolve(value);
  };
  const lose = (one: Pending, isApplied: boolean): void => {
    pending = pending.filter((other) => other !== one);
    left.lost -= 1;
    writes("lost");
    if (isApplied) one.arrive();
    else late.push(one);
    histories[one.actor] += `${one.name}:lost;`;
    const { actor } = one;
    timers.push({ at: now + one.timeoutMs, actor, fire: () => !dead.has(actor) && one.fail?.() });
  };

  function enabled(): readonly Choice[] {
    const found: Choice[] = pending.map((one) => ({
      id: one.id,
      actor: one.actor,
      label: `${one.actor} ${one.name}`,
      take: () => deliver(one),
    }));
    for (const one of late) {
      found.push({
        id: `${one.id} at last`,
        actor: one.actor,
        label: `${one.name} at last`,
        take: () => {
          late = late.filter((other) => other !== one);
          one.arrive();
        },
      });
    }
    if (pending.length === 0 && timers.length > 0) {
      const first = timers.reduce((a, b) => (b.at < a.at || (b.at === a.at && b.actor < a.actor) ? b : a));
      found.push({
        id: "time",
        actor: undefined,
        label: "time",
        take: () => {
          timers = timers.filter((other) => other !== first);
          now = Math.max(now, first.at);
          // What was sent so long ago is carried out by now, or never.
          if (now - start > 60_000) late = [];
          first.fire();
        },
      });
    }
    if (left.lost > 0) {
      for (const one of pending.filter(({ fail }) => fail !== undefined)) {
        const { id, actor } = one;
        found.push({
          id: `${id} lost`,
          actor,
          label: `${actor} ${one.name} lost`,
          take: () => lose(one, true),
        });
        const mayBeLate = ["paused", "in-progress", "stopped"].includes(one.name);
        if (mayBeLate)
          found.push({
            id: `${id} late`,
            actor,
            label: `${actor} ${one.name} late`,
            take: () => lose(one, false),
          });
      }
    }
    if (left.crashes > 0) {
      for (const actor of new Set(pending.map((one) => one.actor))) {
        if (dead.has(actor) || !tasks[actor]?.mayCrash) continue;
        found.push({
          id: `${actor} dies`,
          actor,
          label: `${actor} dies`,
          take: () => {
            left.crashes -= 1;
            writes("crashes");
            dead.add(actor);
            // What it had sent may still arrive: pauses and resumes later, the rest not at all.
            const sent = pending.filter((one) => one.actor === actor);
            pending = pending.filter((one) => one.actor !== actor);
            late.push(...sent.filter(({ name }) => name !== "look" && name !== "newest"));
          },
        });
      }
    }
    return found;
  }

  const keyOfState = (): string => {
    const under = pending.map(({ id, name }) => `${id} ${name}`).toSorted();
    const facts = entries.map((entry) => entry.facts.map(({ type }) => type));
    const state = [
      histories,
      facts,
      [...statuses.values()],
      left,
      [...dead],
      late.map(({ id }) => id).toSorted(),
      under,
      timers.length,
    ];
    return hash("sha1", JSON.stringify(state), "base64");
  };
  const taken: string[] = [];
  type Chosen = { readonly index: number; readonly touched?: Touched };
  /** `choose` answers undefined to go no further. @returns false if it did */
  const run = async (choose: (found: readonly Choice[]) => Chosen | undefined): Promise<boolean> => {
    for (let step = 0; step < 400; step += 1) {
      await settle();
      const found = enabled();
      if (found.length === 0) return true;
      const chosen = choose(found);
      if (chosen === undefined) return false;
      const choice = found[chosen.index] as Choice;
      taken.push(choice.label);
      touched = chosen.touched ?? touching(choice.actor);
      choice.take();
    }
    throw new Error(`no end: ${taken.slice(-10).join(", ")}`);
  };
  const begin = (task: Task, actor: number): void => {
    histories[actor] = "";
    const own = ports(actor);
    const answered: Parameters<Task["run"]>[1] = (hold, outcome) => {
      reads("recording");
      writes("ledger");
      oracle.answered(hold, outcome, statuses);
    };
    void task.run(own, answered).catch(() => undefined);
  };

  // What was before: a hold that is confirmed. First come, first served.
  const before = commandTask(place("hold-1", 0));
  begin(before, tasks.length);
  await run(() => ({ index: 0 }));

  tasks.forEach(begin);
  const open: Open[] = [];
  const soFar: number[] = [];
  let asleep = asleepBefore;
  const isWhole = await run((found) => {
    const again = choices[soFar.length];
    if (again !== undefined) {
      soFar.push(again);
      return { index: again, ...(soFar.length === choices.length && { touched: last }) };
    }
    asleep = asleep.filter((one) => areIndependent(one.touched, touched));
    const key = keyOfState();
    const then = visited.get(key);
    // Where a schedule was already, what slept then and does not now is still to be played.
    const awake = found.filter(
      ({ id }) => !asleep.some((one) => one.id === id) && (then?.some((one) => one.id === id) ?? true),
    );
    if (then !== undefined) asleep = asleep.filter(({ id }) => then.some((one) => one.id === id));
    visited.set(key, asleep);
    const [first, ...others] = awake.map(({ id, actor }) => ({ id, touched: touching(actor) }));
    if (first === undefined) return undefined;
    const indexOf = (one: Asleep) => found.findIndex(({ id }) => id === one.id);
    open.push(
      ...others
        .map(
          (one, place): Open => ({
            choices: [...soFar, indexOf(one)],
            asleep: [...asleep, first, ...others.slice(0, place)],
            last: one.touched,
          }),
        )
        .toReversed(),
    );
    soFar.push(indexOf(first));
    return { index: indexOf(first), touched: first.touched };
  });
  if (!isWhole) return { open, violations: oracle.violations, taken };
  // At rest: whatever is late arrives or not; one check without faults makes it right.
  left.crashes = 0;
  left.lost = 0;
  now += 60_000;
  begin(
    { run: (own) => checkConference(own, { ...ref, chain: "last", hop: 0 }), mayCrash: false },
    tasks.length + 1,
  );
  await run(() => ({ index: 0 }));
  oracle.atRest(statuses, alarms);
  return { open, violations: oracle.violations, taken };
}

type Answered = Parameters<ReturnType<typeof createOracle>["answered"]>[1];
export type Task = {
  readonly run: (ports: Ports, answered: (hold: string, outcome: Answered) => void) => Promise<void>;
  readonly mayCrash: boolean;
};

export const place = (hold: string, seconds: number): Operation => ({
  type: "place-hold",
  hold,
  reason: "consult",
  time: { at: start + seconds * 1_000, clock: "sender" },
});
export const release = (hold: string, seconds: number): Operation => ({
  type: "release-hold",
  hold,
  time: { at: start + seconds * 1_000, clock: "sender" },
});

export const commandTask = (operation: Operation): Task => ({
  mayCrash: true,
  async run(ports, answered) {
    const command: Command = {
      project: ref.project,
      target: { by: "conference", conference: ref.conference },
      source: "signal:payments",
      operation,
      cause: { source: "signal:payments", request: "r" },
      receivedAt: ports.now(),
    };
    const outcome = await createHandleCommand(ports)(command);
    if (operation.type === "place-hold") answered(`signal:payments/${operation.hold}`, outcome);
  },
});
export const checkTask: Task = {
  mayCrash: true,
  run: (ports) => checkConference(ports, { ...ref, chain: "other", hop: 0 }),
};

/**
 * Depth first, every choice once at every state, but for those that sleep. `limit`: gives up, and says so, after so many schedules; `enough`: stops after so
 * many that break a rule.
 */
export async function explore(
  tasks: readonly Task[],
  budget: Budget,
  limit = 1_000_000,
  enough = 5,
): Promise<Explored> {
  const visited: Visited = new Map();
  const open: Open[] = [{ choices: [], asleep: [], last: touching(undefined) }];
  const violations: string[] = [];
  let schedules = 0;
  while (open.length > 0) {
    if (schedules >= limit) throw new Error(`more than ${limit} schedules`);
    const next = open.pop() as Open;
    const played = await play(tasks, next, budget, visited);
    schedules += 1;
    if (played.violations.length > 0) {
      violations.push(`${played.violations.join("; ")} [${next.choices.join()}] ${played.taken.join(", ")}`);
    }
    open.push(...played.open);
    if (violations.length >= enough) break;
  }
  return { schedules, states: visited.size, violations };
}
