const oneDayMs = 86_400_000;
const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Keeps what `DateCreated`, `DateCreated<` and `DateCreated>` (or the same of another `field`) let through. Takes a day
 * (2026-11-23, UTC) or an RFC 2822 time, which stands for its day in the first form.
 * @returns undefined where a date cannot be read
 */
export function dateFilter(query: URLSearchParams, field: string): ((at: number) => boolean) | undefined {
  const on = limitOf(query.get(field));
  const before = limitOf(query.get(`${field}<`));
  const after = limitOf(query.get(`${field}>`));
  if (on === "unreadable" || before === "unreadable" || after === "unreadable") return undefined;
  return (at) =>
    (on === undefined || dayOf(at) === dayOf(on.at)) &&
    (before === undefined || at < before.at) &&
    (after === undefined || at >= after.at + (after.isDay ? oneDayMs : 1));
}

const dayOf = (at: number): number => Math.floor(at / oneDayMs);

function limitOf(text: string | null): { at: number; isDay: boolean } | "unreadable" | undefined {
  if (text === null || text === "") return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? "unreadable" : { at, isDay: dayPattern.test(text) };
}
