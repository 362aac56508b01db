import type { ColdRow } from "./cold.ts";
import type { Frozen } from "./freeze.ts";
import type { GrowthRow } from "./growth.ts";
import type { Load } from "./load.ts";
import { figure } from "./table.ts";
import type { Warm } from "./warm.ts";
import { model } from "./world.ts";

/** As much of results.json as there is. */
export type Results = {
  readonly at?: string;
  readonly node?: string;
  readonly cpu?: string;
  readonly runs?: number;
  readonly cold?: readonly ColdRow[];
  readonly warm?: Warm;
  readonly freeze?: readonly Frozen[];
  readonly growth?: readonly GrowthRow[];
  readonly load?: Load;
};

/** One promise beside what was measured. `isMet` undefined: not measured. */
export type Target = {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly isMet: boolean | undefined;
};

/** Milliseconds that one request to SignalWire takes at least. */
const bound = model.roundTripMs + model.signalwireMs;

export function targetsIn({ cold, warm, freeze, growth, load }: Results): readonly Target[] {
  return [
    ...coldTargets(cold ?? []),
    ...warmTargets(warm),
    ...growthTargets(growth ?? []),
    ...(freeze === undefined ? [] : [freezeTarget(freeze)]),
    ...(load === undefined ? [] : [loadTarget(load)]),
  ];
}

const functions = ["telephony", "signals"] as const;

function coldTargets(rows: readonly ColdRow[]): readonly Target[] {
  const of = (name: string, condition: string) =>
    rows.find((row) => row.name === name)?.conditions[condition];
  const ratio = (name: string, condition: string) =>
    (of(name, condition)?.startToWireMs.median ?? Number.NaN) /
    (of("floor", condition)?.startToWireMs.median ?? Number.NaN);
  const each = (
    what: string,
    target: string,
    most: number,
    value: (name: string) => number,
    unit: string,
  ): Target => {
    const values = functions.map((name) => value(name));
    const isKnown = values.every(Number.isFinite);
    return {
      what,
      target,
      measured: isKnown
        ? functions.map((name, at) => `${name} ${figure(values[at] ?? 0)}${unit}`).join(", ")
        : "-",
      isMet: isKnown ? values.every((one) => one <= most) : undefined,
    };
  };
  const first = (condition: string) => (name: string) =>
    of(name, condition)?.requestToTakenMs.median ?? Number.NaN;
  const kilobytes = (name: string) => (rows.find((row) => row.name === name)?.bytes ?? Number.NaN) / 1024;
  return [
    each(
      "cold, loopback: process start to pause on the wire",
      "at most 2.1 × floor",
      2.1,
      (name) => ratio(name, "loopback"),
      " ×",
    ),
    each(
      "the same with the network model, 256 MB",
      "at most 0.9 × floor",
      0.9,
      (name) => ratio(name, "network-256"),
      " ×",
    ),
    each(
      `first request after initialisation, 512 MB (bound: ${bound} ms)`,
      `${bound + 10} ms`,
      bound + 10,
      first("network-512"),
      " ms",
    ),
    each("the same, 256 MB", `${bound + 25} ms`, bound + 25, first("network-256"), " ms"),
    each("bundle, all chunks", "at most 450 KB", 450, kilobytes, " KB"),
  ];
}

function warmTargets(warm: Warm | undefined): readonly Target[] {
  if (warm === undefined) return [];
  const own = warm.own;
  const ours = warm.rows.filter(
    ({ title }) => /^(digit|signal)/.test(title) && !title.includes("nothing known"),
  );
  const slowest = Math.max(...ours.map(({ taken }) => taken.p50));
  const wire = Math.max(...ours.map((row) => row.wire.p50));
  const trips = Math.max(...ours.map(({ awsRoundTrips }) => awsRoundTrips));
  const most = 1.15 * (bound + model.awsMs);
  const p50 = Math.max(...own.map(({ us }) => us.p50));
  const p99 = Math.max(...own.map(({ us }) => us.p99));
  return [
    {
      what: "our own time in a warm request, all I/O at zero latency (the slowest function)",
      target: "p50 100 µs, p99 500 µs",
      measured: `p50 ${figure(p50)} µs, p99 ${figure(p99)} µs`,
      isMet: p50 <= 100 && p99 <= 500,
    },
    {
      what: "warm: request to pause on the wire (p50)",
      target: `one AWS call + 1 ms = ${model.awsMs + 1} ms`,
      measured: `${figure(wire)} ms`,
      isMet: wire <= model.awsMs + 1,
    },
    {
      what: "warm: request to SignalWire's answer (p50)",
      target: `at most 1.15 × (bound + one AWS call) = ${figure(most)} ms`,
      measured: `${figure(slowest)} ms`,
      isMet: slowest <= most,
    },
    {
      what: "AWS round trips before a pause is on the wire, warm",
      target: "at most 1; Secrets Manager 0",
      measured: `${trips}; ${Math.max(...ours.map(({ secretReads }) => secretReads))}`,
      isMet: trips <= 1 && ours.every(({ secretReads }) => secretReads === 0),
    },
  ];
}

function growthTargets(rows: readonly GrowthRow[]): readonly Target[] {
  const of = (name: string) => rows.find((row) => row.name === name)?.requestToAnswerMs.median ?? Number.NaN;
  const ratio = of("1000 facts") / of("1 facts");
  if (!Number.isFinite(ratio)) return [];
  return [
    {
      what: "a pause with 1,000 facts in the ledger, beside one with 1",
      target: "at most 1.5 ×",
      measured: `${figure(ratio)} ×`,
      isMet: ratio <= 1.5,
    },
  ];
}

function freezeTarget(rows: readonly Frozen[]): Target {
  const pauses = rows.reduce((sum, row) => sum + row.pauses, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  return {
    what: "pauses after a freeze with sockets that the servers closed meanwhile",
    target: "0 fail",
    measured: `${failed} of ${pauses}`,
    isMet: failed === 0,
  };
}

const loadTarget = ({ wantedPerSecond, long, verdict }: Load): Target => ({
  what: "the local stack under load, all of it on one machine",
  target: `${wantedPerSecond} triggers a second for a minute, nothing lost`,
  measured: `${long.ratePerSecond} a second for ${long.seconds} s, ${verdict.lost} lost`,
  isMet: long.ratePerSecond >= wantedPerSecond && verdict.lost === 0,
});

/** As a table in Markdown. */
export function targetsTable(targets: readonly Target[]): string {
  const met = (isMet: boolean | undefined) =>
    isMet === undefined ? "not measured" : isMet ? "met" : "**missed**";
  return [
    "| what | target | measured | |",
    "| --- | --- | --- | --- |",
    ...targets.map(
      ({ what, target, measured, isMet }) => `| ${what} | ${target} | ${measured} | ${met(isMet)} |`,
    ),
  ].join("\n");
}
