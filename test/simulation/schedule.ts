import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import type { Callback } from "../../functions/recording/callback.ts";
import type { Command, Operation } from "../../functions/recording/command.ts";
import { type RecordingSid, recordingSid, room } from "../../functions/recording/ids.ts";
import { policy } from "../flow/bench.ts";
import { createOracle, type Oracle } from "./oracle.ts";
import { createRandom, type Random } from "./random.ts";
import { createTimeline } from "./timeline.ts";
import { type Actor, createActor, type Faults, noFaults, recordings, ref, type World } from "./world.ts";

const start = Date.parse("2026-11-23T15:46:00.000Z");
const RUN_MS = 120_000;
/** The longest of all functions: then AWS ends the process. */
const LAMBDA_TIMEOUT_MS = 15_000;

export type ScheduleOptions = {
  readonly seed: number;
  readonly actors: readonly [least: number, most: number];
  readonly holds: number;
  readonly faults: Faults;
  /** Once in so many actors one crashes; 0: never. */
  readonly crashes: number;
  readonly skewMs: number;
  /** Commands name a room too, and the directory tells of recordings. */
  readonly inRooms?: true;
  readonly stops: boolean;
  /** Holds that end by themselves or are for one recording, operators by our own clock who release all, checks delivered twice. */
  readonly varied?: boolean;
  /** How often somebody else pauses or resumes a recording, or a new one starts. */
  readonly others: number;
  /** Callbacks tell of recordings that start, and of the conference's end. */
  readonly callbacks?: true;
  /** Once in so many schedules the conference ends in the middle. */
  readonly ends?: number;
  /** Once in so many schedules a pause that cannot be confirmed in time stops the recordings. */
  readonly stopsUnconfirmed?: number;
  /** Told of everything that happens, for reading a schedule that went wrong. */
  readonly trace?: (line: string) => void;
  /** All commands begin within this time; the closer, the more of them meet. */
  readonly withinMs: number;
};
export type Played = {
  readonly violations: readonly string[];
  readonly events: number;
  readonly state: string;
};

/** Plays one random schedule of commands and checks against one conference, and judges it. */
export async function playSchedule(options: ScheduleOptions): Promise<Played> {
  // Between two schedules whatever else this process has to do gets its turn.
  await new Promise((resolve) => setImmediate(resolve));
  const random = createRandom(options.seed);
  const timeline = createTimeline(start);
  const oracle = createOracle();
  const isStrict = options.stopsUnconfirmed !== undefined && random.oneIn(options.stopsUnconfirmed);
  const world: World = {
    statuses: new Map(recordings.map((sid) => [sid, "in-progress"])),
    isOver: false,
    policy: { ...policy, callRecordings: false, unconfirmed: isStrict ? "stop" : "alarm" },
    entries: [],
    queue: [],
    alarms: [],
    trace: (line) => options.trace?.(`${String(timeline.now() - start).padStart(6)} ${line}`),
    observe(observed) {
      if (observed.what === "appended") oracle.appended(observed.entry, world.isOver);
      if (observed.what === "resume-sent") oracle.resumeSent(observed.recording);
      if (observed.what === "resume-applied") oracle.resumeApplied(observed.recording);
    },
  };
  let actors = 0;
  const actor = (faults: Faults, skewMs: number): Actor => {
    actors += 1;
    const inRooms = options.inRooms ?? false;
    const one = createActor(world, timeline, random, { name: `actor ${actors}`, skewMs, faults, inRooms });
    timeline.schedule(timeline.now() + LAMBDA_TIMEOUT_MS, () => one.crash());
    return one;
  };
  const skew = () => random.whole(-options.skewMs, options.skewMs);
  const mayCrash = (one: Actor): void => {
    if (options.crashes === 0 || !random.oneIn(options.crashes)) return;
    timeline.schedule(timeline.now() + random.whole(1, 400), () => one.crash());
  };
  for (let other = 0; other < options.others; other += 1) {
    timeline.schedule(start + random.whole(0, 25_000), () => {
      const started = somebodyElse(world, oracle, random);
      if (started !== undefined) tell({ event: "recording-started", recording: started });
    });
  }
  if (options.ends !== undefined && random.oneIn(options.ends)) {
    timeline.schedule(start + random.whole(0, 30_000), () => {
      world.isOver = true;
      for (const [sid, status] of world.statuses)
        if (status !== "stopped") world.statuses.set(sid, "completed");
      world.trace("the conference ends");
      tell({ event: "conference-end" });
    });
  }
  /** Late, or more than once, or never. */
  function tell(about: Pick<Callback, "event" | "recording">): void {
    if (!options.callbacks) return;
    for (let time = random.whole(0, 2); time > 0; time -= 1) {
      timeline.schedule(timeline.now() + random.whole(0, 5_000), () => {
        const one = actor(options.faults, skew());
        mayCrash(one);
        world.trace(`a callback tells of ${about.event}`);
        const callback = { ...ref, ...about, request: "c", receivedAt: one.ports.now() };
        void createHandleCallback(one.ports)(callback).catch(() => undefined);
      });
    }
  }
  const isFaultless = options.faults === noFaults && options.crashes === 0;
  const count = random.whole(...options.actors);
  for (let index = 0; index < count; index += 1) {
    const { operation, ...more } = options.varied
      ? variedOf(random, options)
      : { operation: operationOf(random, options) };
    const times = random.oneIn(5) ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      timeline.schedule(start + random.whole(0, options.withinMs) + time * random.whole(0, 20_000), () => {
        const one = actor(options.faults, skew());
        mayCrash(one);
        void command(one, operation, more);
      });
    }
  }
  async function command(one: Actor, said: Operation, more: Partial<Command>): Promise<void> {
    const receivedAt = one.ports.now();
    const operation = byOwnClock(said, receivedAt);
    world.trace(`${JSON.stringify({ ...operation, ...more })}`);
    const sent = { ...commandOf(operation, receivedAt, options.inRooms ? random : undefined), ...more };
    const outcome = await createHandleCommand(one.ports)(sent);
    if (operation.type === "place-hold")
      oracle.answered(`${sent.source}/${operation.hold}`, outcome, world.statuses, one.hasStoodStill());
    if (isFaultless && outcome.kind === "unavailable") oracle.violations.push("unavailable without a fault");
  }
  const deliver = (faults: Faults): void => {
    for (const due of world.queue.filter(({ dueAt }) => dueAt <= timeline.now())) {
      world.queue.splice(world.queue.indexOf(due), 1);
      const one = actor(faults, faults === noFaults ? 0 : skew());
      if (faults !== noFaults) mayCrash(one);
      // What was not done is delivered again.
      const again = setRedelivery(due);
      void checkConference(one.ports, due.check, due.delivery).then(again.done, () => undefined);
      if (!options.varied || !random.oneIn(20)) continue;
      timeline.schedule(timeline.now() + random.whole(0, 3_000), () => {
        void checkConference(actor(faults, 0).ports, due.check, due.delivery).catch(() => undefined);
      });
    }
  };
  const setRedelivery = (due: World["queue"][number]) => {
    let isDone = false;
    timeline.schedule(timeline.now() + 45_000, () => {
      const delivery = { ...due.delivery, count: due.delivery.count + 1 };
      if (!isDone) world.queue.push({ check: due.check, dueAt: timeline.now(), delivery });
    });
    return {
      done: () => {
        isDone = true;
      },
    };
  };

  let events = 0;
  // Faults for the first half minute, then time to heal.
  for (let now = start; now < start + RUN_MS; now += 1_000) {
    events += await timeline.run(now);
    deliver(now < start + 30_000 ? options.faults : noFaults);
  }
  // By then the checks have put everything right. Where nothing is held they have ended, and may have missed what others did.
  if (options.others === 0) oracle.atRest(world.statuses, world.alarms, isFaultless && options.others === 0);
  oracle.watched(world.statuses, world.alarms, world.queue.length);
  const last = actor(noFaults, 0);
  void checkConference(last.ports, { ...ref, chain: "last", hop: 0 });
  events += await timeline.run(start + RUN_MS + 30_000);
  oracle.atRest(world.statuses, world.alarms, isFaultless && options.others === 0);
  oracle.outlived(timeline.now());
  // The ledger tells of nobody else where there was nobody else.
  if (options.others === 0) oracle.alone();
  const state = JSON.stringify([
    [...world.statuses.values()],
    world.entries.map(({ facts }) => facts.map(({ type }) => type)),
  ]);
  return { violations: oracle.violations, events, state };
}

/** @returns the recording that it started */
function somebodyElse({ statuses, isOver }: World, oracle: Oracle, random: Random): RecordingSid | undefined {
  if (isOver) return undefined;
  if (statuses.size < 4 && random.oneIn(3)) {
    const started = recordingSid(`33333333-3333-4333-8333-33333333333${statuses.size + 1}`);
    statuses.set(started, "in-progress");
    oracle.disturbed(started);
    return started;
  }
  const sid = random.pick([...statuses.keys()]);
  if (statuses.get(sid) === "stopped") return undefined;
  statuses.set(sid, statuses.get(sid) === "paused" ? "in-progress" : "paused");
  oracle.disturbed(sid);
  return undefined;
}

function operationOf(random: Random, { holds, stops }: ScheduleOptions): Operation {
  const hold = `hold-${random.whole(1, holds)}`;
  const time = { at: start + random.whole(0, 5) * 1_000, clock: "sender" } as const;
  if (stops && random.oneIn(12)) return { type: "stop" };
  return random.oneIn(2)
    ? { type: "place-hold", hold, reason: "consult", time }
    : { type: "release-hold", hold, time };
}

/** What more there is to ask. A hold's name goes with its scope, as with every sender that does not contradict itself. */
function variedOf(
  random: Random,
  options: ScheduleOptions,
): Partial<Command> & { readonly operation: Operation } {
  if (random.oneIn(10))
    return {
      operation: { type: "release-all-holds", reason: "test" },
      source: "control",
      ...(random.oneIn(3) && { recording: random.pick(recordings) }),
    };
  const operation = operationOf(random, options);
  if (operation.type === "stop") return { operation };
  if (random.oneIn(4)) {
    const time = { at: 0, clock: "receipt" } as const;
    return {
      operation: { ...operation, hold: "operator", time } as Operation,
      source: "control",
    };
  }
  const isBrief = operation.type === "place-hold" && random.oneIn(2);
  const brief = isBrief ? { expiresInSeconds: random.whole(5, 40) } : {};
  if (!random.oneIn(3)) return { operation: { ...operation, ...brief } as Operation };
  const recording = random.pick(recordings);
  const hold = `of-${recording.slice(-1)}`;
  return { operation: { ...operation, ...brief, hold } as Operation, recording };
}

const byOwnClock = (operation: Operation, at: number): Operation =>
  "time" in operation && operation.time.clock === "receipt"
    ? { ...operation, time: { at, clock: "receipt" } }
    : operation;

/** `random`: where commands come by room as well, and some as a pressed digit does. */
const commandOf = (operation: Operation, receivedAt: number, random: Random | undefined): Command => ({
  project: ref.project,
  target: random?.oneIn(2)
    ? { by: "room", room: room("support") }
    : { by: "conference", conference: ref.conference },
  source: "signal:payments",
  operation: "time" in operation && random?.oneIn(2) ? byReceipt(operation, receivedAt) : operation,
  cause: { source: "signal:payments", request: "r" },
  receivedAt,
});

/** As a pressed digit would be ordered: by the clock of whoever received it. */
const byReceipt = <Timed extends Operation>(operation: Timed, at: number): Timed => ({
  ...operation,
  time: { at, clock: "receipt" },
});
