import { cpus } from "node:os";
import type { Load, LoadStep } from "./load.ts";
import type { Percentiles } from "./statistics.ts";
import { figure, tableOf } from "./table.ts";

/** What one machine takes, how fast, and that nothing was lost. */
export function loadTable({ wantedPerSecond, steps, long, overload, atOnce, verdict }: Load): string {
  const head = [
    "triggers a second",
    "s",
    "sent",
    "held back",
    "signal ms",
    "digit ms",
    "stack cores",
    "function cores",
    "answers",
  ];
  const all = [...steps, long, ...(overload === undefined ? [] : [overload])];
  const [first, last] = [long.usage[0], long.usage.at(-1)];
  const isEnough = long.ratePerSecond >= wantedPerSecond;
  const busiest = Math.max(...all.map(({ stackCores, functionCores }) => stackCores + functionCores));
  const { conferences, accepted, lost, wrong, wrongHolds, restMs } = verdict;
  return [
    `The local stack under load; milliseconds are p50 / p95 / p99\n${tableOf(head, all.map(lineOf))}`,
    isEnough
      ? `${wantedPerSecond} a second are sustained.`
      : `${wantedPerSecond} a second are NOT sustained on this machine: ${long.ratePerSecond} are. Stack and functions together had up to ${figure(busiest)} of ${cpus().length} cores.`,
    `50 at once on one conference: ${percentiles(atOnce.ms)} ms, ${answers(atOnce.statuses)}`,
    `${accepted} accepted on ${conferences} conferences: ${lost} lost, ${wrong} conferences not as their holds imply, ${wrongHolds} holds not as their latest operation; at rest after ${figure(restMs / 1_000)} s`,
    first === undefined || last === undefined
      ? ""
      : `Memory over ${long.seconds} s, MB: stack ${figure(first.stackMb)} → ${figure(last.stackMb)}, ${last.functions} functions ${figure(first.functionsMb)} → ${figure(last.functionsMb)}, the largest ${figure(last.functionMb)}`,
  ].join("\n\n");
}

const lineOf = (step: LoadStep): readonly string[] => [
  String(step.ratePerSecond),
  String(step.seconds),
  String(step.sent),
  String(step.heldBack),
  percentiles(step.signalMs),
  percentiles(step.digitMs),
  figure(step.stackCores),
  figure(step.functionCores),
  answers(step.statuses),
];

const percentiles = ({ p50, p95, p99 }: Percentiles): string => [p50, p95, p99].map(figure).join(" / ");

const answers = (statuses: LoadStep["statuses"]): string =>
  Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status === "0" ? "none" : status}`)
    .join(", ");
