export type Cell = string | number | boolean | null | undefined;

/** A spreadsheet takes such a cell for a formula and would run it. */
const formula = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** And so does one that takes semicolons, or tabs, for what stands between cells, as many do in Europe: it splits ours there. */
const formulaWithin = /(?<=[;|\t\r\n])[=+\-@\uff1d\uff0b\uff0d\uff20]/g;

/** Comma-separated values (RFC 4180). A text that begins like a formula gets an apostrophe before it; the exact text is in the JSON. */
export const csvOf = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [header, ...rows].map((row) => `${row.map(cellOf).join(",")}\r\n`).join("");

function cellOf(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell !== "string") return String(cell);
  const harmless = cell.replace(formulaWithin, "'$&");
  const text = formula.test(harmless) ? `'${harmless}` : harmless;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
