import type { Attempt } from "../http/attempt.ts";
import type { Millis } from "../recording/ids.ts";

type Wait = "none" | "back-off" | "as-told";
type Rule = { readonly first: Wait; readonly later: Wait };

/**
 * What is repeated, and after which wait. All that is sent with repeats (a GET, a pause, a stop) may arrive twice.
 * A broken connection is mostly a kept one that the server had closed in the meantime, hence at once.
 */
const rules: { readonly [trouble: string]: Rule | undefined } = {
  broken: { first: "none", later: "back-off" },
  slow: { first: "none", later: "none" },
  408: { first: "none", later: "back-off" },
  429: { first: "as-told", later: "as-told" },
  500: { first: "back-off", later: "back-off" },
  502: { first: "back-off", later: "back-off" },
  503: { first: "as-told", later: "as-told" },
  504: { first: "back-off", later: "back-off" },
};

export const maxAttempts = 4;
const backOffMs = 100;

/**
 * Milliseconds to wait before the next attempt, or undefined if there is to be none. `made`: how many were made, this one included.
 * `random`: 0 to 1.
 */
export function waitBeforeNext(
  last: Attempt,
  { made, now, random }: { made: number; now: Millis; random: () => number },
): number | undefined {
  const rule = rules[last.kind === "answered" ? last.status : last.kind];
  if (rule === undefined || made >= maxAttempts) return undefined;
  const wait = made === 1 ? rule.first : rule.later;
  const told =
    last.kind === "answered" && wait === "as-told" ? retryAfterMs(last.retryAfter, now) : undefined;
  if (wait === "none") return 0;
  return told ?? backOffMs * 2 ** (made - 1) * (0.5 + random() / 2);
}

/** A `Retry-After` (RFC 9110) in milliseconds from `now`: seconds, or a date. */
export function retryAfterMs(header: string | undefined, now: Millis): number | undefined {
  if (header === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(header)) return Number(header) * 1000;
  const at = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
