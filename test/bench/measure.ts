import type { CpuQuota } from "./cpu-quota.ts";
import { MeasuredProcess } from "./measured-process.ts";
import type { Row } from "./rows.ts";
import { type Distance, model, type World } from "./world.ts";

export type Condition = { readonly distance: Distance; readonly quota?: CpuQuota | undefined };

/** One process, from its start to its first answer. Times in milliseconds. */
export type Sample = {
  /** From the start until the handler is loaded. */
  readonly initMs: number;
  /** From the start until the first pause left the process. */
  readonly startToWireMs: number;
  /** From the request until the first pause left the process. */
  readonly requestToWireMs: number;
  /** From the request until SignalWire's answer to the first pause was back. */
  readonly requestToTakenMs: number;
  /** From the request until the handler's answer. */
  readonly requestToAnswerMs: number;
  readonly cpuMs: number;
  readonly initCpuMs: number;
  readonly maxRssKb: number;
  readonly undici: boolean;
  /** Calls to AWS between the request and the pause. */
  readonly awsCallsBeforeWire: number;
};

/** Starts the row's function, initialises it at full speed, and asks it for one pause under the condition. */
export async function measureCold(row: Row, world: World, { distance, quota }: Condition): Promise<Sample> {
  world.reset(distance, row.isKnown);
  const oneWayMs = distance === "network" ? model.roundTripMs / 2 : 0;
  const measured = new MeasuredProcess(row.entry, { ...world.variables(distance), ...row.variables });
  try {
    const ready = await measured.ready();
    quota?.add(measured.pid);
    const { at, told } = await measured.invoke(row.event());
    const status = (told.answer as { statusCode?: number } | null)?.statusCode;
    const [update] = world.signalwire.updates;
    if (status !== 200 || update === undefined) throw new Error(`${row.name} did not pause: ${status}`);
    const wireAt = update.receivedAt - oneWayMs;
    const calls = world.aws.calls.filter(({ receivedAt }) => receivedAt > at && receivedAt < wireAt);
    return {
      initMs: ready.at - measured.startedAt,
      startToWireMs: wireAt - measured.startedAt,
      requestToWireMs: wireAt - at,
      requestToTakenMs: update.answeredAt + oneWayMs - at,
      requestToAnswerMs: told.at - at,
      cpuMs: told.cpuMs,
      initCpuMs: ready.cpuMs,
      maxRssKb: told.maxRssKb,
      undici: told.undici,
      awsCallsBeforeWire: calls.length,
    };
  } finally {
    await measured.end();
  }
}
