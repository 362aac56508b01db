// A process that has served before, under the network model: from the request to the pause on the wire, and what AWS is asked before.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { AwsCall } from "./aws-server.ts";
import { recordingStartedEvent, roomDigitEvent } from "./events.ts";
import { MeasuredProcess } from "./measured-process.ts";
import type { Row } from "./rows.ts";
import { type Percentiles, percentilesOf, spreadOf } from "./statistics.ts";
import { model, type World } from "./world.ts";

export type WarmRow = {
  readonly title: string;
  /** Milliseconds from the request until the first pause left, until its answer was back, and until the handler's answer. */
  readonly wire: Percentiles;
  readonly taken: Percentiles;
  readonly answer: Percentiles;
  /** How many calls to AWS, one behind the other, the pause waited for. */
  readonly awsRoundTrips: number;
  readonly secretReads: number;
};
export type OwnTime = { readonly title: string; readonly requests: number; readonly us: Percentiles };
export type Warm = { readonly rows: readonly WarmRow[]; readonly own: readonly OwnTime[] };

type Case = { readonly title: string; readonly row: Row; readonly isInRoom?: true };

/** `runs` pauses by one warm process each. */
export async function measureWarm(
  { rows, runs }: { readonly rows: readonly Row[]; readonly runs: number },
  world: World,
  tell: (progress: string) => void,
): Promise<Warm> {
  const named = (name: string) => rows.filter((row) => row.name === name);
  const cases: Case[] = [
    ...named("floor").map((row) => ({ row, title: "bare handler, one POST by node:https" })),
    ...named("telephony").map((row) => ({ row, title: "digit, by conference" })),
    ...named("telephony-unknown").map((row) => ({
      row,
      isInRoom: true as const,
      title: "digit, by room, recording known from its callback",
    })),
    ...named("telephony-unknown").map((row) => ({ row, title: "digit, nothing known: a look first" })),
    ...named("signals").map((row) => ({ row, title: "signal, by conference" })),
    ...rows.filter(({ group }) => group === "today").map((row) => ({ row, title: row.title })),
  ];
  const measured: WarmRow[] = [];
  for (const one of cases) {
    tell(`warm: ${one.title}`);
    measured.push(await measureCase(one, runs, world));
  }
  tell("warm: our own time");
  return { rows: measured, own: await ownTimes() };
}

async function measureCase({ title, row, isInRoom }: Case, runs: number, world: World): Promise<WarmRow> {
  world.reset("network", row.isKnown);
  const variables = { ...world.variables("network"), ...row.variables };
  const measured = new MeasuredProcess(row.entry, variables);
  const samples: { wire: number; taken: number; answer: number; trips: number; secrets: number }[] = [];
  try {
    await measured.ready();
    for (let run = -10; run < runs; run += 1) {
      world.reset("network", row.isKnown);
      if (isInRoom) await measured.invoke(recordingStartedEvent());
      world.aws.calls.length = 0;
      world.signalwire.updates.length = 0;
      const { at, told } = await measured.invoke(isInRoom ? roomDigitEvent() : row.event());
      const [update] = world.signalwire.updates;
      const status = (told.answer as { statusCode?: number } | null)?.statusCode;
      if (status !== 200 || update === undefined) throw new Error(`${title}: no pause, ${status}`);
      const oneWay = model.roundTripMs / 2;
      if (run < 0) continue;
      samples.push({
        wire: update.receivedAt - oneWay - at,
        trips: roundTrips(world.aws.calls, update.receivedAt - oneWay),
        taken: update.answeredAt + oneWay - at,
        answer: told.at - at,
        secrets: world.aws.calls.filter(({ operation }) => operation === "GetSecretValue").length,
      });
    }
  } finally {
    await measured.end();
  }
  const of = (metric: "wire" | "taken" | "answer") => percentilesOf(samples.map((one) => one[metric]));
  return {
    title,
    wire: of("wire"),
    taken: of("taken"),
    answer: of("answer"),
    awsRoundTrips: spreadOf(samples.map(({ trips }) => trips)).median,
    secretReads: Math.max(...samples.map(({ secrets }) => secrets)),
  };
}

/** Those that were answered before the pause left, as far as one began behind the other. */
function roundTrips(calls: readonly AwsCall[], wireAt: number): number {
  let trips = 0;
  let answeredAt = 0;
  for (const { receivedAt } of calls) {
    if (receivedAt < answeredAt || receivedAt + model.awsMs > wireAt) continue;
    trips += 1;
    answeredAt = receivedAt + model.awsMs;
  }
  return trips;
}

/** In a process of its own, whose log nobody reads. */
async function ownTimes(): Promise<readonly OwnTime[]> {
  const script = join(import.meta.dirname, "own-time.ts");
  const child: ChildProcess = spawn(process.execPath, [script], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  let text = "";
  child.stdio[3]?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const status = await new Promise((resolve) => child.once("close", resolve));
  if (status !== 0) throw new Error(`${script} ended with ${status}`);
  return JSON.parse(text) as readonly OwnTime[];
}
