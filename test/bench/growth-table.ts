import type { GrowthRow } from "./growth.ts";
import { figure, spreadText, tableOf } from "./table.ts";

/** What a pause takes as a conference grows, beside the smallest. */
export function growthTable(rows: readonly GrowthRow[]): string {
  const base = rows[0]?.requestToAnswerMs.median ?? Number.NaN;
  const head = [
    "warm signal, all on loopback",
    "item bytes",
    "sent",
    "received",
    "answer bytes",
    "AWS calls",
    "request to wire ms",
    "request to answer ms",
    "÷ 1 fact",
    "CPU ms",
  ];
  const lines = rows.map((row) => [
    row.name,
    ...[row.itemBytes, row.sentBytes, row.receivedBytes, row.answerBytes, row.awsCalls].map(String),
    spreadText(row.requestToWireMs),
    spreadText(row.requestToAnswerMs),
    figure(row.requestToAnswerMs.median / base),
    figure(row.cpuMs.median),
  ]);
  return `Growth: one pause of a conference that has this behind it\n${tableOf(head, lines)}`;
}
