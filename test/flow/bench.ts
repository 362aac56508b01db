import { createHandleCommand, type HandleCommand } from "../../functions/command/handle-command.ts";
import type { Ports } from "../../functions/ports.ts";
import type { AlarmName } from "../../functions/recording/alarm.ts";
import type { Command, Operation } from "../../functions/recording/command.ts";
import { conferenceSid, projectId } from "../../functions/recording/ids.ts";
import type { Measure } from "../../functions/recording/measure.ts";
import type { RecordingPolicy } from "../../functions/recording/policy.ts";
import { createFakeSignalWire, type FakeSignalWire } from "../fakes/fake-signalwire.ts";
import { createInMemoryCheckQueue, type InMemoryCheckQueue } from "../fakes/in-memory-check-queue.ts";
import { createInMemoryDirectory } from "../fakes/in-memory-directory.ts";
import { createInMemoryLedger } from "../fakes/in-memory-ledger.ts";

export const project = projectId("11111111-1111-4111-8111-111111111111");
export const conference = conferenceSid("22222222-2222-4222-8222-222222222222");
export const ref = { project, conference };
export const first = "33333333-3333-4333-8333-333333333331";
export const second = "33333333-3333-4333-8333-333333333332";
export const start = Date.parse("2026-11-23T15:46:00.000Z");

export const policy: RecordingPolicy = {
  pauseBehavior: "silence",
  limits: { default: { seconds: 1800, then: "release" }, "card-entry": { seconds: 900, then: "alarm" } },
  unconfirmed: "alarm",
  callRecordings: true,
};

export type Bench = {
  readonly ports: Ports;
  readonly signalwire: FakeSignalWire;
  readonly checks: InMemoryCheckQueue;
  readonly ledger: ReturnType<typeof createInMemoryLedger>;
  readonly directory: ReturnType<typeof createInMemoryDirectory>;
  readonly alarms: AlarmName[];
  readonly measures: Measure[];
  readonly handle: HandleCommand;
  /** Virtual time; sleeping only moves it. */
  readonly clock: { now: number };
  command(operation: Operation, more?: Partial<Command>): Command;
  /** Without what was on the wire: that comes with others, and has tests of its own. */
  facts(): Promise<readonly string[]>;
};

/** The joining files over fakes in virtual time. */
export function createBench(
  recordings: Readonly<Record<string, string>>,
  own: Partial<RecordingPolicy> = {},
): Bench {
  const clock = { now: start };
  const now = () => clock.now;
  const signalwire = createFakeSignalWire(recordings);
  const ledger = createInMemoryLedger();
  const checks = createInMemoryCheckQueue({ now });
  const directory = createInMemoryDirectory({ now });
  const alarms: AlarmName[] = [];
  const measures: Measure[] = [];
  let ids = 0;
  const ports: Ports = {
    ledger,
    directory,
    checks,
    signalwire,
    policy: { ...policy, ...own },
    now,
    sleep: async (ms) => {
      // Ten turns of the queue, so that what is in memory answers before a timer does.
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      clock.now += ms;
    },
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    random: () => 0,
    ready: async () => undefined,
    alarm: (name) => alarms.push(name),
    measure: (measure) => measures.push(measure),
  };
  return {
    ports,
    signalwire,
    checks,
    ledger,
    directory,
    alarms,
    measures,
    clock,
    handle: createHandleCommand(ports),
    command: (operation, more = {}) => ({
      project,
      target: { by: "conference", conference },
      source: "signal:payments",
      operation,
      cause: { source: "signal:payments", request: "msg_1" },
      receivedAt: clock.now,
      ...more,
    }),
    facts: async () =>
      (await ledger.entries(ref))
        .flatMap(({ facts }) => facts.map(({ type }) => type))
        .filter((type) => type !== "requests-sent"),
  };
}

export const place = (hold: string, at = start): Operation => ({
  type: "place-hold",
  hold,
  reason: "card-entry",
  time: { at, clock: "sender" },
});
export const release = (hold: string, at = start + 1000): Operation => ({
  type: "release-hold",
  hold,
  time: { at, clock: "sender" },
});
