// The whole stack on one machine under many triggers: how fast it answers, that nothing is lost, that its memory stays.
import { setTimeout as sleep } from "node:timers/promises";
import { judge, type Verdict } from "./load/judge.ts";
import { type Usage, usageOf } from "./load/processes.ts";
import { type StackInUse, startStackInUse } from "./load/stack.ts";
import { fire, fireAtOnce, isAnswered, latencies, type Sent, Triggers } from "./load/triggers.ts";
import type { Percentiles } from "./statistics.ts";

export type LoadStep = {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly sent: number;
  readonly heldBack: number;
  /** How many of each status; "0": no answer. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly signalMs: Percentiles;
  readonly digitMs: Percentiles;
  /** Cores in use: by the stack (gateway, DynamoDB, SQS and SignalWire in one thread), and by the functions. */
  readonly stackCores: number;
  readonly functionCores: number;
  /** All answered, as fast as somebody on the phone can wait. */
  readonly isSustained: boolean;
};
export type Load = {
  readonly wantedPerSecond: number;
  /** From slow to fast, until it is too fast. */
  readonly steps: readonly LoadStep[];
  /** At the wanted rate, or the highest that was sustained. */
  readonly long: LoadStep & { readonly usage: readonly Usage[] };
  /** At the wanted rate all the same, where that is more than was sustained: nothing may be lost then either. */
  readonly overload?: LoadStep;
  readonly atOnce: Pick<LoadStep, "sent" | "statuses"> & { readonly ms: Percentiles };
  readonly verdict: Verdict;
};

const wantedPerSecond = 200;
const rates = [10, 25, 50, 100, wantedPerSecond];
const conferencesCount = 100;
/** SignalWire gives up on a webhook after five seconds; a telephony answer is given within four. */
const PATIENCE_MS = 4_000;

export async function measureLoad(
  { stepSeconds, seconds }: { readonly stepSeconds: number; readonly seconds: number },
  tell: (progress: string) => void,
): Promise<Load> {
  const stack = await startStackInUse();
  try {
    const conferences = await Promise.all(Array.from({ length: conferencesCount }, () => stack.conference()));
    const triggers = new Triggers(stack, conferences);
    tell("load: starting every process that there can be");
    const all: Sent[] = [...(await fireAtOnce(triggers, 100))];
    await sleep(8_000);
    const volley = async (ratePerSecond: number, length: number): Promise<LoadStep> => {
      tell(`load: ${ratePerSecond} triggers a second for ${length} s`);
      const { step, sent } = await measureStep(stack, triggers, ratePerSecond, length);
      all.push(...sent);
      return step;
    };
    const steps: LoadStep[] = [];
    for (const rate of rates) {
      const step = await volley(rate, stepSeconds);
      steps.push(step);
      if (!step.isSustained) break;
      await sleep(1_000);
    }
    const sustained = steps.filter(({ isSustained }) => isSustained).at(-1)?.ratePerSecond ?? rates[0] ?? 1;
    const usage: Usage[] = [];
    const watch = setInterval(() => usage.push(usageOf(stack.pid)), 2_000);
    const long = await volley(sustained, seconds).finally(() => clearInterval(watch));
    const overload =
      sustained < wantedPerSecond ? { overload: await volley(wantedPerSecond, stepSeconds) } : {};

    tell("load: 50 at once on one conference");
    const crowded = await stack.conference();
    const crowd = await fireAtOnce(new Triggers(stack, [crowded]), 50);
    const atOnce = { sent: crowd.length, statuses: statusesOf(crowd), ms: latencies(crowd) };

    tell("load: waiting for rest, and reading the ledgers");
    const verdict = await judge(stack, [...conferences, crowded], [...all, ...crowd]);
    return { wantedPerSecond, steps, long: { ...long, usage }, ...overload, atOnce, verdict };
  } finally {
    await stack.close();
  }
}

async function measureStep(
  stack: StackInUse,
  triggers: Triggers,
  ratePerSecond: number,
  seconds: number,
): Promise<{ step: LoadStep; sent: readonly Sent[] }> {
  const [before, startedAt] = [usageOf(stack.pid), Date.now()];
  const { sent, heldBack } = await fire(triggers, { ratePerSecond, seconds });
  const [after, tookMs] = [usageOf(stack.pid), Date.now() - startedAt];
  const [signals, digits] = [sent.filter(isSignal), sent.filter((one) => !isSignal(one))];
  const inTime = sent.filter((one) => isAnswered(one) && one.ms <= PATIENCE_MS).length;
  const cores = (ms: number) => Math.round((Math.max(0, ms) / tookMs) * 100) / 100;
  const step = {
    ratePerSecond,
    seconds,
    sent: sent.length,
    heldBack,
    statuses: statusesOf(sent),
    signalMs: latencies(signals),
    digitMs: latencies(digits),
    stackCores: cores(after.stackCpuMs - before.stackCpuMs),
    functionCores: cores(after.functionsCpuMs - before.functionsCpuMs),
    isSustained: heldBack === 0 && inTime === sent.length,
  };
  return { step, sent };
}

const isSignal = ({ kind }: Sent): boolean => kind === "signal";

function statusesOf(sent: readonly Sent[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { reply } of sent) counts[reply.status] = (counts[reply.status] ?? 0) + 1;
  return counts;
}
