/** Of a sorted list: the value that a share of `part` of them does not exceed, between neighbours by proportion. */
export function quantile(sorted: readonly number[], part: number): number {
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

export type Spread = { readonly p25: number; readonly median: number; readonly p75: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const rounded = (part: number) => Math.round(quantile(sorted, part) * 100) / 100;
  return { p25: rounded(0.25), median: rounded(0.5), p75: rounded(0.75) };
}

export type Percentiles = { readonly p50: number; readonly p95: number; readonly p99: number };

export function percentilesOf(values: readonly number[]): Percentiles {
  const sorted = values.toSorted((a, b) => a - b);
  const rounded = (part: number) => Math.round(quantile(sorted, part) * 1_000) / 1_000;
  return { p50: rounded(0.5), p95: rounded(0.95), p99: rounded(0.99) };
}
