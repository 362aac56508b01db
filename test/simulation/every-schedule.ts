import { createHash } from "node:crypto";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/handle-command.ts";
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
// schedules that brought every process the same answers and the world into the same state go on as one.

export type Budget = { readonly crashes: number; readonly lost: number };
export type Explored = {
  readonly schedules: number;
  readonly states: number;
  readonly violations: readonly string[];
};

const sid: RecordingSid = recordingSid("33333333-3333-4333-8333-333333333331");
const start = Date.parse("2026-11-23T15:46:00.000Z");
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

type Pending = {
  readonly actor: number;
  readonly name: string;
  readonly arrive: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly fail: (() => void) | undefined;
  readonly timeoutMs: number;
};
type Timer = { readonly at: number; readonly fire: () => void };
type Choice = { readonly label: string; readonly take: () => void; readonly isFault?: "crash" | "lost" };

/** Plays `choices`, then the first choice of each step. @returns how many choices each step had, and what is wrong */
async function play(
  tasks: readonly Task[],
  choices: readonly number[],
  budget: Budget,
  visited: Set<string>,
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
  let late: Pick<Pending, "name" | "arrive">[] = [];
  let now = start;
  let ids = 0;
  const left = { ...budget };

  const ports = (actor: number): Ports => {
    const call = <Value>(
      name: string,
      arrive: () => Value,
      failure: (() => Error) | undefined,
      timeoutMs: number,
    ) =>
      new Promise<Value>((resolve, reject) => {
        const fail = failure && (() => reject(failure()));
        pending.push({ actor, name, arrive, resolve: (value) => resolve(value as Value), fail, timeoutMs });
      });
    const ledgerFailure = () => new LedgerFailure("no answer");
    const ledger: Ledger = {
      newest: () => call("newest", () => entries.at(-1), ledgerFailure, 1_000),
      entries: async () => entries,
      append: (entry, before) =>
        call(
          "append",
          () => {
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
            () => ({
              conference: "running" as const,
              recordings: [{ sid, status: statuses.get(sid) ?? "" }],
            }),
            undefined,
            2_500,
          ),
        update: (_ref, target, { to, onSent }) => {
          onSent?.();
          if (to === "in-progress") oracle.resumeSent(target.sid);
          const apply = (): UpdateOutcome => {
            if (statuses.get(sid) === "stopped") return { kind: "refused", httpStatus: 400 };
            if (to === "in-progress") oracle.resumeApplied(sid);
            statuses.set(sid, to);
            return { kind: "accepted", status: to };
          };
          return new Promise((resolve) => {
            const fail = () => resolve({ kind: "unanswered" });
            pending.push({
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
        conferencesOfCall: async () => [],
      },
      policy: { ...policy, callRecordings: false },
      now: () => now,
      sleep: (ms) =>
        new Promise((resolve) => timers.push({ at: now + ms, fire: () => !dead.has(actor) && resolve() })),
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
      pending.push({ ...one, name: `look ${JSON.stringify(value)}`, arrive: () => value });
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
    if (isApplied) one.arrive();
    else late.push(one);
    histories[one.actor] += `${one.name}:lost;`;
    timers.push({ at: now + one.timeoutMs, fire: () => !dead.has(one.actor) && one.fail?.() });
  };

  function enabled(): readonly Choice[] {
    const found: Choice[] = pending.map((one) => ({
      label: `${one.actor} ${one.name}`,
      take: () => deliver(one),
    }));
    for (const one of late) {
      found.push({
        label: `${one.name} at last`,
        take: () => {
          late = late.filter((other) => other !== one);
          one.arrive();
        },
      });
    }
    if (pending.length === 0 && timers.length > 0) {
      const first = timers.reduce((a, b) => (b.at < a.at ? b : a));
      found.push({
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
        found.push({ label: `${one.actor} ${one.name} lost`, take: () => lose(one, true), isFault: "lost" });
        const mayBeLate = ["paused", "in-progress", "stopped"].includes(one.name);
        if (mayBeLate)
          found.push({
            label: `${one.actor} ${one.name} late`,
            take: () => lose(one, false),
            isFault: "lost",
          });
      }
    }
    if (left.crashes > 0) {
      for (const actor of new Set(pending.map((one) => one.actor))) {
        if (dead.has(actor) || !tasks[actor]?.mayCrash) continue;
        found.push({
          label: `${actor} dies`,
          take: () => {
            left.crashes -= 1;
            dead.add(actor);
            // What it had sent may still arrive: pauses and resumes later, the rest not at all.
            const sent = pending.filter((one) => one.actor === actor);
            pending = pending.filter((one) => one.actor !== actor);
            late.push(...sent.filter(({ name }) => name !== "look" && name !== "newest"));
          },
          isFault: "crash",
        });
      }
    }
    return found;
  }

  const keyOfState = (): string => {
    const calls = pending.map(({ actor, name }) => actor + name);
    const facts = entries.map((entry) => entry.facts.map(({ type }) => type));
    const state = [
      histories,
      facts,
      [...statuses.values()],
      left,
      [...dead],
      late.map(({ name }) => name),
      calls,
      timers.length,
    ];
    return createHash("sha1").update(JSON.stringify(state)).digest("base64");
  };
  const taken: string[] = [];
  const widths: number[] = [];
  /** `choose` answers undefined to go no further. @returns false if it did */
  const run = async (choose: (width: number) => number | undefined): Promise<boolean> => {
    for (let step = 0; step < 400; step += 1) {
      await settle();
      const found = enabled();
      if (found.length === 0) return true;
      const index = choose(found.length);
      if (index === undefined) return false;
      const choice = found[index] as Choice;
      taken.push(choice.label);
      choice.take();
    }
    throw new Error(`no end: ${taken.slice(-10).join(", ")}`);
  };
  const begin = (task: Task, actor: number): void => {
    histories[actor] = "";
    const own = ports(actor);
    void task.run(own, (hold, outcome) => oracle.answered(hold, outcome, statuses)).catch(() => undefined);
  };

  // What was before: a hold that is confirmed. First come, first served.
  const before = commandTask(place("hold-1", 0));
  begin(before, tasks.length);
  await run(() => 0);

  tasks.forEach(begin);
  const isWhole = await run((width) => {
    const index = widths.length;
    if (index >= choices.length) {
      const key = keyOfState();
      // Somebody was here already, and everything from here on was or will be played.
      if (visited.has(key)) return undefined;
      visited.add(key);
    }
    widths.push(width);
    return choices[index] ?? 0;
  });
  if (!isWhole) return { widths, violations: oracle.violations, taken };

  // At rest: whatever is late arrives or not; one check without faults makes it right.
  left.crashes = 0;
  left.lost = 0;
  now += 60_000;
  begin(
    { run: (own) => checkConference(own, { ...ref, chain: "last", hop: 0 }), mayCrash: false },
    tasks.length + 1,
  );
  await run(() => 0);
  oracle.atRest(statuses, alarms);
  return { widths, violations: oracle.violations, taken };
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
 * Depth first, every choice once at every state. `limit`: gives up, and says so, after so many schedules; `enough`: stops after so
 * many that break a rule.
 */
export async function explore(
  tasks: readonly Task[],
  budget: Budget,
  limit = 1_000_000,
  enough = 5,
): Promise<Explored> {
  const visited = new Set<string>();
  const open: number[][] = [[]];
  const violations: string[] = [];
  let schedules = 0;
  while (open.length > 0) {
    if (schedules >= limit) throw new Error(`more than ${limit} schedules`);
    const prefix = open.pop() as number[];
    const played = await play(tasks, prefix, budget, visited);
    schedules += 1;
    if (played.violations.length > 0) {
      violations.push(`${played.violations.join("; ")} [${prefix.join()}] ${played.taken.join(", ")}`);
    }
    for (let index = prefix.length; index < played.widths.length; index += 1) {
      const taken = [...prefix, ...Array.from({ length: index - prefix.length }, () => 0)];
      for (let choice = 1; choice < (played.widths[index] ?? 0); choice += 1) open.push([...taken, choice]);
    }
    if (violations.length >= enough) break;
  }
  return { schedules, states: visited.size, violations };
}
