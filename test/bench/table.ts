import type { Cold, ColdRow, Figures } from "./cold.ts";
import type { Spread } from "./statistics.ts";

/** Lines of equal columns; the first column is text, the others are figures. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  return [line(head), widths.map((width) => "-".repeat(width)).join("  "), ...rows.map(line)].join("\n");
}

/** `12.3 (11.9–13.0)`: median, and the middle half. */
export const spreadText = ({ p25, median, p75 }: Spread): string =>
  `${figure(median)} (${figure(p25)}–${figure(p75)})`;

export const figure = (value: number): string =>
  Number.isNaN(value) ? "-" : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);

/** What a cold start takes, one table for each condition. */
export function coldTables({ rows, skipped }: Cold): string {
  const floor = rows.find(({ name }) => name === "floor");
  const conditions = Object.keys(rows[0]?.conditions ?? {});
  const tables = conditions.map((condition) => {
    const base = floor?.conditions[condition]?.startToWireMs.median ?? Number.NaN;
    const head = [
      "ms: median (middle half)",
      "start to wire",
      "÷ floor",
      "init",
      "request to wire",
      "taken",
      "answer",
    ];
    const more = ["CPU", "RSS MB", "KB", "undici"];
    const lines = rows.map((row) => lineOf(row, row.conditions[condition], base));
    return `${titleOf(condition)}\n${tableOf([...head, ...more], lines)}`;
  });
  return [...tables, ...skipped.map(({ name, why }) => `${name}: skipped, ${why}`)].join("\n\n");
}

function lineOf(row: ColdRow, figures: Figures | undefined, base: number): readonly string[] {
  if (figures === undefined) return [row.title];
  return [
    row.title,
    spreadText(figures.startToWireMs),
    figure(figures.startToWireMs.median / base),
    figure(figures.initMs.median),
    spreadText(figures.requestToWireMs),
    figure(figures.requestToTakenMs.median),
    figure(figures.requestToAnswerMs.median),
    figure(figures.cpuMs.median),
    figure(figures.maxRssKb.median / 1024),
    row.bytes === undefined ? "-" : String(Math.ceil(row.bytes / 1024)),
    figures.undici ? "yes" : "no",
  ];
}

function titleOf(condition: string): string {
  if (condition === "loopback") return "Cold, everything on loopback";
  if (condition === "network") return "Cold, SignalWire 30 ms away + 30 ms, AWS 5 ms, no CPU limit";
  return `Cold, the same, the request at the CPU share of ${condition.replace("network-", "")} MB`;
}
