import { createHmac, timingSafeEqual } from "node:crypto";
import type { Form } from "./form.ts";

// SignalWire's signature of a cXML webhook ("Webhook security"): base64 of HMAC-SHA1 over the public URL with its query exactly
// as received, then every parameter, sorted by name, repeated ones in the order of submission. A signature of the bare URL
// vouches for no body.

/** In the one spelling that base64 has for 20 bytes: the last character holds two bits that nobody reads. */
const base64Of20Bytes = /^[A-Za-z0-9+/]{26}[AEIMQUYcgkosw048]=$/;

/** @returns base64 */
export const signForm = (key: string, url: string, form: Form): string =>
  digestOf(key, url + textOf(form)).toString("base64");

/**
 * True if one of `keys` made `signature`, the value of X-SignalWire-Signature, for this URL and form. Every key is tried, with and
 * without an explicit `:443`, whatever matched before. No keys, or an empty one, prove nothing.
 */
export function isSigned(
  keys: readonly string[],
  signature: string | undefined,
  url: string,
  form: Form,
): boolean {
  if (signature === undefined || !base64Of20Bytes.test(signature)) return false;
  const claimed = Buffer.from(signature, "base64");
  if (keys.some((key) => key === "")) return false;
  const text = textOf(form);
  let isProven = false;
  for (const key of keys) {
    for (const one of [url, withPort(url)]) {
      const isSame = timingSafeEqual(digestOf(key, one + text), claimed);
      isProven = isSame || isProven;
    }
  }
  return isProven;
}

const digestOf = (key: string, signed: string): Buffer =>
  createHmac("sha1", key).update(signed, "utf8").digest();

/** The parameters as they are signed. */
function textOf(form: Form): string {
  const sorted = form.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted.map(([name, value]) => name + value).join("");
}

/** `https://host/…` as `https://host:443/…`, which some of SignalWire's signers wrote. */
function withPort(url: string): string {
  const [, host = "", rest = ""] = /^https:\/\/([^/?#:]+)([/?#].*)?$/.exec(url) ?? [];
  return host === "" ? url : `https://${host}:443${rest}`;
}
