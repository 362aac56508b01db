import { type CpuQuota, createCpuQuota } from "./cpu-quota.ts";
import { measureCold, type Sample } from "./measure.ts";
import type { Row } from "./rows.ts";
import { type Spread, spreadOf } from "./statistics.ts";
import type { Distance, World } from "./world.ts";

export type Figures = { readonly [Metric in Exclude<keyof Sample, "undici">]: Spread } & {
  readonly undici: boolean;
};
/** By condition: `loopback`, or `network-<MB>`. */
export type ColdRow = Pick<Row, "name" | "title" | "group" | "bytes"> & {
  readonly conditions: { readonly [condition: string]: Figures };
};
export type Cold = {
  readonly rows: readonly ColdRow[];
  readonly skipped: readonly { name: string; why: string }[];
};

type Condition = { readonly name: string; readonly distance: Distance; readonly quota?: CpuQuota };

/** Every row under every condition, in turn, `runs` times. */
export async function measureAllCold(
  { rows, memoryMb, runs }: { rows: readonly Row[]; memoryMb: readonly number[]; runs: number },
  world: World,
  tell: (progress: string) => void,
): Promise<Cold> {
  const quotas = memoryMb.map((size) => ({ size, quota: createCpuQuota(size) }));
  const skipped = quotas.flatMap(({ size, quota }) =>
    typeof quota === "string" ? [{ name: `network-${size}`, why: quota }] : [],
  );
  const conditions: Condition[] = [
    { name: "loopback", distance: "loopback" },
    { name: "network", distance: "network" },
    ...quotas.flatMap(({ size, quota }) =>
      typeof quota === "string" ? [] : [{ name: `network-${size}`, distance: "network" as const, quota }],
    ),
  ];
  const samples = new Map<string, Sample[]>();
  try {
    for (let run = 1; run <= runs; run += 1) {
      tell(`cold: run ${run} of ${runs}`);
      for (const condition of conditions) {
        for (const row of rows) {
          const key = `${row.name} ${condition.name}`;
          const sample = await measureCold(row, world, condition);
          samples.set(key, [...(samples.get(key) ?? []), sample]);
        }
      }
    }
  } finally {
    for (const { quota } of quotas) if (typeof quota !== "string") quota.remove();
  }
  const figuresOf = (row: Row, condition: Condition) =>
    [condition.name, summary(samples.get(`${row.name} ${condition.name}`) ?? [])] as const;
  return {
    rows: rows.map((row) => ({
      name: row.name,
      title: row.title,
      group: row.group,
      bytes: row.bytes,
      conditions: Object.fromEntries(conditions.map((condition) => figuresOf(row, condition))),
    })),
    skipped,
  };
}

function summary(samples: readonly Sample[]): Figures {
  const of = (metric: Exclude<keyof Sample, "undici">) => spreadOf(samples.map((sample) => sample[metric]));
  return {
    initMs: of("initMs"),
    startToWireMs: of("startToWireMs"),
    requestToWireMs: of("requestToWireMs"),
    requestToTakenMs: of("requestToTakenMs"),
    requestToAnswerMs: of("requestToAnswerMs"),
    cpuMs: of("cpuMs"),
    initCpuMs: of("initCpuMs"),
    maxRssKb: of("maxRssKb"),
    awsCallsBeforeWire: of("awsCallsBeforeWire"),
    undici: samples.some(({ undici }) => undici),
  };
}
