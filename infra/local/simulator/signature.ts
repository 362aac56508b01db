import { createHmac } from "node:crypto";

/** Form parameters in the order of their submission. */
export type Params = readonly (readonly [name: string, value: string])[];

/**
 * The value of X-SignalWire-Signature for a form post: base64 HMAC-SHA1 over the URL as configured and the parameters sorted by name,
 * names and values run together. Parameters of one name keep the order of their submission.
 */
export function signatureOf(signingKey: string, url: string, params: Params): string {
  const sorted = params.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); // stable
  return createHmac("sha1", signingKey).update(url).update(sorted.flat().join("")).digest("base64");
}
