// What is billed for one hold, from its pause to the last check behind its release; and for one pause by what people use today.
import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsCall } from "./aws-server.ts";
import { checkEvent, signalEvent } from "./events.ts";
import { MeasuredProcess } from "./measured-process.ts";
import { spreadOf } from "./statistics.ts";
import type { World } from "./world.ts";

export type Step = "pause" | "watch" | "resume" | "settle";
/** What AWS bills of one invocation, before it is multiplied. */
export type Billed = {
  readonly ms: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly storedBytes: number;
  readonly messagesSent: number;
  readonly secretReads: number;
  /** Lines of the function; Lambda's own are not in it. */
  readonly logBytes: number;
  readonly signalwireRequests: number;
};
export type BilledStep = Billed & { readonly step: Step };
export type Life = {
  readonly initMs: number;
  /** Of one hold that was held for so long. */
  readonly heldSeconds: number;
  readonly steps: readonly BilledStep[];
};

/** Longer than any chain of checks behind a release. */
const AFTERWARDS_MS = 90_000;

type Entries = { readonly signals: string; readonly check: string };

/** Under the network model, and in real time: each check when it is due. */
export async function measureLife(
  entries: Entries,
  heldSeconds: number,
  world: World,
  tell: (progress: string) => void,
): Promise<Life> {
  world.reset("network", true);
  const variables = world.variables("network");
  const signals = new MeasuredProcess(entries.signals, variables);
  const check = new MeasuredProcess(entries.check, variables);
  try {
    const { at: readyAt } = await signals.ready();
    await check.ready();
    await warmUp(signals, check);
    world.reset("network", true);
    return {
      initMs: readyAt - signals.startedAt,
      heldSeconds,
      steps: await live(signals, check, heldSeconds, world, tell),
    };
  } finally {
    await Promise.all([signals.end(), check.end()]);
  }
}

/** The first requests compile, and are not what a million of them take. */
async function warmUp(signals: MeasuredProcess, check: MeasuredProcess): Promise<void> {
  for (let run = 0; run < 10; run += 1) {
    const hold = randomUUID();
    await signals.invoke(signalEvent(hold));
    await check.invoke(checkEvent(JSON.stringify(unknownCheck)));
    await signals.invoke(signalEvent(hold, "resume"));
  }
}

const unknownCheck = {
  project: "6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01",
  conference: "6c2f1a34-8f5b-4d0e-9a77-00000000000c",
  chain: "another",
  hop: 2,
};

async function live(
  signals: MeasuredProcess,
  check: MeasuredProcess,
  heldSeconds: number,
  world: World,
  tell: (progress: string) => void,
): Promise<readonly BilledStep[]> {
  const steps: BilledStep[] = [];
  const queue: { readonly dueAt: number; readonly body: string }[] = [];
  const invoke = async (step: Step, of: MeasuredProcess, event: object): Promise<void> => {
    world.aws.calls.length = 0;
    world.signalwire.requests.length = 0;
    const before = of.outputBytes;
    const { at, told } = await of.invoke(event);
    // The output comes by another pipe than the answer.
    await sleep(20);
    const calls = [...world.aws.calls];
    for (const { operation, input } of calls)
      if (operation === "SendMessage" && input.MessageBody !== undefined)
        queue.push({ dueAt: performance.now() + (input.DelaySeconds ?? 0) * 1_000, body: input.MessageBody });
    steps.push({
      step,
      ms: Math.round(told.at - at),
      ...billedOf(calls),
      logBytes: of.outputBytes - before,
      signalwireRequests: world.signalwire.requests.length,
    });
  };
  const hold = randomUUID();
  const releaseAt = performance.now() + heldSeconds * 1_000;
  await invoke("pause", signals, signalEvent(hold));
  let isReleased = false;
  for (;;) {
    queue.sort((a, b) => a.dueAt - b.dueAt);
    const next = queue[0];
    if (isReleased && (next === undefined || next.dueAt > releaseAt + AFTERWARDS_MS)) return steps;
    const isRelease = !isReleased && (next === undefined || next.dueAt > releaseAt);
    await sleep(Math.max(0, (isRelease ? releaseAt : (next?.dueAt ?? 0)) - performance.now()));
    tell(`life of a hold: ${steps.length} invocations`);
    if (isRelease) {
      isReleased = true;
      await invoke("resume", signals, signalEvent(hold, "resume"));
    } else {
      queue.shift();
      await invoke(isReleased ? "settle" : "watch", check, checkEvent(next?.body ?? ""));
    }
  }
}

/** DynamoDB bills a write by each KB that is begun, a consistent read by each 4 KB. */
function billedOf(calls: readonly AwsCall[]): Omit<Billed, "ms" | "logBytes" | "signalwireRequests"> {
  const of = (operation: string) => calls.filter((call) => call.operation === operation);
  const items = of("PutItem").map(({ input }) => itemBytes(input.Item ?? {}));
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
  const reads = [...of("Query"), ...of("GetItem")].map(({ answerBytes }) => answerBytes);
  return {
    writeUnits: sum(items.map((bytes) => Math.ceil(bytes / 1_024))),
    readUnits: sum(reads.map((bytes) => Math.max(1, Math.ceil(bytes / 4_096)))),
    storedBytes: sum(items),
    messagesSent: of("SendMessage").length,
    secretReads: of("GetSecretValue").length,
  };
}

/** Names and values, as DynamoDB counts them. */
const itemBytes = (item: NonNullable<AwsCall["input"]["Item"]>): number =>
  Object.entries(item).reduce(
    (bytes, [name, { S = "", N = "" }]) => bytes + Buffer.byteLength(name) + Buffer.byteLength(S + N),
    0,
  );

export type PeerPause = Billed & {
  readonly name: string;
  readonly title: string;
  readonly initMs: number;
  readonly maxRssKb: number;
};

/** Warm pauses by one process, under the network model; medians. */
export async function measurePeerPause(
  row: {
    readonly name: string;
    readonly title: string;
    readonly entry: string;
    readonly event: () => object;
  },
  runs: number,
  world: World,
): Promise<PeerPause> {
  world.reset("network", true);
  const measured = new MeasuredProcess(row.entry, world.variables("network"));
  try {
    const { at } = await measured.ready();
    const initMs = at - measured.startedAt;
    const samples: (Billed & { readonly maxRssKb: number })[] = [];
    for (let run = -3; run < runs; run += 1) {
      world.reset("network", true);
      const before = measured.outputBytes;
      const invoked = await measured.invoke(row.event());
      await sleep(5);
      if (run < 0) continue;
      samples.push({
        ms: invoked.told.at - invoked.at,
        ...billedOf(world.aws.calls),
        logBytes: measured.outputBytes - before,
        signalwireRequests: world.signalwire.requests.length,
        maxRssKb: invoked.told.maxRssKb,
      });
    }
    const of = (metric: keyof (typeof samples)[number]) =>
      spreadOf(samples.map((sample) => sample[metric])).median;
    return {
      name: row.name,
      title: row.title,
      initMs: Math.round(initMs),
      ms: of("ms"),
      writeUnits: of("writeUnits"),
      readUnits: of("readUnits"),
      storedBytes: of("storedBytes"),
      messagesSent: of("messagesSent"),
      secretReads: of("secretReads"),
      logBytes: of("logBytes"),
      signalwireRequests: of("signalwireRequests"),
      maxRssKb: of("maxRssKb"),
    };
  } finally {
    await measured.end();
  }
}
