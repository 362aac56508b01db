// What a pause takes as a conference has more behind it: more facts, more recordings, more holds at once.
import { recordingSid } from "../../functions/recording/ids.ts";
import { signalEvent } from "./events.ts";
import { newestOf, type Past } from "./long-ledger.ts";
import { MeasuredProcess } from "./measured-process.ts";
import { type Spread, spreadOf } from "./statistics.ts";
import type { World } from "./world.ts";

export type GrowthRow = {
  readonly name: string;
  readonly facts: number;
  readonly recordings: number;
  readonly holds: number;
  /** Of the newest ledger item before the pause: what a command reads. */
  readonly itemBytes: number;
  /** To and from DynamoDB and SQS, for one pause. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly answerBytes: number;
  readonly awsCalls: number;
  readonly requestToWireMs: Spread;
  readonly requestToAnswerMs: Spread;
  readonly cpuMs: Spread;
};

const minute = 60_000;
const few = { facts: 10, recordings: 1, holds: 0, gapMs: minute };
const cases: readonly (Omit<Past, "recordings"> & { readonly name: string; readonly recordings: number })[] =
  [
    ...[1, 10, 100, 1_000, 10_000].map((facts) => ({ ...few, facts, name: `${facts} facts` })),
    // None of its ended holds is an hour old, so that each is remembered by itself.
    { ...few, facts: 10_000, gapMs: 2_000, name: "10000 facts within the hour" },
    ...[1, 5, 20].map((recordings) => ({ ...few, recordings, name: `${recordings} recordings` })),
    ...[1, 10, 100].map((holds) => ({ ...few, holds, name: `${holds} holds` })),
  ];

type Sample = Pick<GrowthRow, "sentBytes" | "receivedBytes" | "answerBytes" | "awsCalls"> & {
  readonly wireMs: number;
  readonly answerMs: number;
  readonly cpuMs: number;
};

/** `runs` pauses for each case, in turn, by one warm process; everything on loopback. */
export async function measureGrowth(
  { entry, runs }: { readonly entry: string; readonly runs: number },
  world: World,
  tell: (progress: string) => void,
): Promise<readonly GrowthRow[]> {
  const prepared = cases.map((one) => {
    const recordings = Array.from({ length: one.recordings }, (_, index) =>
      recordingSid(`6c2f1a34-8f5b-4d0e-9a77-${String(index + 1).padStart(12, "0")}`),
    );
    return { ...one, sids: recordings, item: newestOf({ ...one, recordings }), samples: [] as Sample[] };
  });
  world.reset("loopback", true);
  const before = [...world.signalwire.statuses.keys()];
  const measured = new MeasuredProcess(entry, world.variables("loopback"));
  try {
    await measured.ready();
    const pause = async (one: (typeof prepared)[number]): Promise<Sample> => {
      world.reset("loopback", false);
      setRecordings(world, one.sids, one.holds > 0 ? "paused" : "in-progress");
      const { pk, sk, entry: text, hash, expires } = one.item;
      const item = {
        pk: { S: pk },
        sk: { N: `${sk}` },
        entry: { S: text },
        hash: { S: hash },
        expires: { N: `${expires}` },
      };
      world.aws.items.set(pk, new Map([[sk, item]]));
      return onePause(measured, world);
    };
    // The first ones compile.
    for (let run = 0; run < 30; run += 1) for (const one of prepared.slice(0, 2)) await pause(one);
    for (let run = 1; run <= runs; run += 1) {
      if (run % 10 === 0) tell(`growth: run ${run} of ${runs}`);
      for (const one of prepared) one.samples.push(await pause(one));
    }
  } finally {
    await measured.end();
    setRecordings(world, before, "in-progress");
  }
  return prepared.map(({ name, facts, recordings, holds, item, samples }) => {
    const of = (metric: keyof Sample) => spreadOf(samples.map((sample) => sample[metric]));
    return {
      name,
      facts,
      recordings,
      holds,
      itemBytes: Buffer.byteLength(JSON.stringify(item)),
      sentBytes: of("sentBytes").median,
      receivedBytes: of("receivedBytes").median,
      answerBytes: of("answerBytes").median,
      awsCalls: of("awsCalls").median,
      requestToWireMs: of("wireMs"),
      requestToAnswerMs: of("answerMs"),
      cpuMs: of("cpuMs"),
    };
  });
}

let cpuBefore = 0;

async function onePause(measured: MeasuredProcess, world: World): Promise<Sample> {
  const { at, told } = await measured.invoke(signalEvent());
  const { statusCode, body = "" } = told.answer as { statusCode?: number; body?: string };
  const [first] = world.signalwire.updates;
  if (statusCode !== 200 || first === undefined) throw new Error(`it did not pause: ${statusCode} ${body}`);
  const cpuMs = told.cpuMs - cpuBefore;
  cpuBefore = told.cpuMs;
  const sum = (bytes: "requestBytes" | "answerBytes") =>
    world.aws.calls.reduce((total, call) => total + call[bytes], 0);
  return {
    wireMs: first.receivedAt - at,
    answerMs: told.at - at,
    cpuMs,
    sentBytes: sum("requestBytes"),
    receivedBytes: sum("answerBytes"),
    answerBytes: Buffer.byteLength(body),
    awsCalls: world.aws.calls.length,
  };
}

function setRecordings(world: World, sids: readonly string[], status: string): void {
  world.signalwire.statuses.clear();
  for (const sid of sids) world.signalwire.statuses.set(sid, status);
}
