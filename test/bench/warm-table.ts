import type { Frozen } from "./freeze.ts";
import type { Percentiles } from "./statistics.ts";
import { figure, tableOf } from "./table.ts";
import type { Warm } from "./warm.ts";

const percentiles = ({ p50, p95, p99 }: Percentiles): string => [p50, p95, p99].map(figure).join(" / ");

/** What a warm request takes, and what of it is ours. */
export function warmTable({ rows, own }: Warm): string {
  const calls = tableOf(
    ["ms: p50 / p95 / p99", "request to wire", "taken", "answer", "AWS before the wire"],
    rows.map((row) => [
      row.title,
      percentiles(row.wire),
      percentiles(row.taken),
      percentiles(row.answer),
      String(row.awsRoundTrips),
    ]),
  );
  const ours = tableOf(
    ["µs: p50 / p95 / p99", "our own time"],
    own.map(({ title, us }) => [title, percentiles(us)]),
  );
  return `Warm, SignalWire 30 ms away + 30 ms, AWS 5 ms\n${calls}\n\nWarm, everything outside answers at once\n${ours}`;
}

export const freezeTable = (rows: readonly Frozen[]): string =>
  `Frozen until its connections were closed, thawed and asked for a pause\n${tableOf(
    ["", "pauses", "failed"],
    rows.map(({ title, pauses, failed }) => [title, String(pauses), String(failed)]),
  )}`;
