import type { ColdRow } from "./cold.ts";

const width = 760;
const left = 300;
const bar = 18;
const gap = 8;
const top = 46;

/** Cold starts of one condition as horizontal bars: from the start of the process to the pause on the wire. Readable on any ground. */
export function coldChart(rows: readonly ColdRow[], condition: string, title: string): string {
  const shown = rows.flatMap((row) => {
    const figures = row.conditions[condition];
    return figures === undefined ? [] : [{ ...row, ms: figures.startToWireMs }];
  });
  const most = Math.max(...shown.map(({ ms }) => ms.p75), 1);
  const scale = (ms: number) => ((width - left - 80) * ms) / most;
  const height = top + shown.length * (bar + gap) + 10;
  const lines = shown.map(({ title: name, group, ms }, index) => {
    const y = top + index * (bar + gap);
    const middle = y + bar - 5;
    return [
      `<text x="${left - 10}" y="${middle}" text-anchor="end">${escaped(name)}</text>`,
      `<rect class="${group}" x="${left}" y="${y}" width="${scale(ms.median).toFixed(1)}" height="${bar}" rx="2"/>`,
      `<line x1="${(left + scale(ms.p25)).toFixed(1)}" x2="${(left + scale(ms.p75)).toFixed(1)}" y1="${y + bar / 2}" y2="${y + bar / 2}"/>`,
      `<text x="${(left + scale(Math.max(ms.median, ms.p75)) + 8).toFixed(1)}" y="${middle}">${Math.round(ms.median)} ms</text>`,
    ].join("\n");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
line { stroke: #24292f; stroke-width: 1.5 }
.floor { fill: #8c959f } .holdfast { fill: #1a7f37 } .today { fill: #bc4c00 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } line { stroke: #e6edf3 } .floor { fill: #6e7681 } .holdfast { fill: #3fb950 } .today { fill: #db6d28 } }
</style>
<text class="title" x="10" y="24">${escaped(title)}</text>
${lines.join("\n")}
</svg>
`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
