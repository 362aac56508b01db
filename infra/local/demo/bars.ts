import type { RecordingView } from "./sources.ts";

/** A stretch of time in which something was so; milliseconds since 1970. */
export type Stretch = { readonly from: number; readonly to: number; readonly sign: string };
export type Row = { readonly name: string; readonly stretches: readonly Stretch[] };

const signs: Readonly<Record<string, string>> = {
  "in-progress": "█",
  resumed: "█",
  paused: "░",
  queued: "·",
};

/** A recording's states, each until the next one; one that is over shows nothing. */
export function recordingRow(recording: Pick<RecordingView, "history">, number: number, end: number): Row {
  const { history } = recording;
  const stretches = history.map(({ at, status }, index) => ({
    from: Date.parse(at ?? ""),
    to: Date.parse(history[index + 1]?.at ?? "") || end,
    sign: signs[status] ?? " ",
  }));
  return { name: `recording ${number}`, stretches };
}

type Span = { readonly from: number; readonly to: number; readonly width: number };

/** One line for each row, `width` columns for the time from `from` to `to`, and an axis below in seconds. */
export function bars(rows: readonly Row[], { from, to, width }: Span): readonly string[] {
  const msPerColumn = Math.max(1, (to - from) / width);
  const label = (name: string) => name.padEnd(13);
  const lines = rows.map(({ name, stretches }) => {
    const cells = Array.from({ length: width }, (_, column) => {
      const middle = from + (column + 0.5) * msPerColumn;
      // The last one that is so: a shorter stretch begins later than the one that it lies in.
      return stretches.findLast((one) => one.from <= middle && middle < one.to)?.sign ?? " ";
    });
    return `${label(name)}${cells.join("")}`;
  });
  return [...lines, `${label("")}${axis(to - from, width)}`];
}

function axis(lengthMs: number, width: number): string {
  const marks = 4;
  const texts = Array.from(
    { length: marks },
    (_, index) => `${((lengthMs * index) / marks / 1000).toFixed(1)} s`,
  );
  return texts
    .map((text) => `└${text}`.padEnd(Math.floor(width / marks)))
    .join("")
    .trimEnd();
}
