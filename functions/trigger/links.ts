import { createHmac, timingSafeEqual } from "node:crypto";
import type { Millis } from "../recording/ids.ts";

// SignalWire signs no time, so the URLs that we render ourselves carry a MAC of our own, and those that answer a menu an expiry.

/** How long the answer to a menu is good. */
export const MENU_ANSWER_MS = 15 * 60_000;

export type Link = { readonly path: string; readonly params: { readonly [name: string]: string } };

/**
 * The secret is one key, or during a rotation several with a space between: the first makes links, each proves them. No key has
 * a space in it.
 */
const keysIn = (secret: string): readonly string[] => secret.split(/\s+/).filter((key) => key !== "");

/** The link with `mac`, and with `exp` (seconds since 1970) if it expires. */
export function signLink(secret: string, { path, params }: Link, expiresAt?: Millis): string {
  const all = {
    ...params,
    ...(expiresAt === undefined ? {} : { exp: String(Math.floor(expiresAt / 1000)) }),
  };
  const query = Object.entries(all).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${path}?${[...query, `mac=${macOf(keysIn(secret)[0] ?? "", path, all)}`].join("&")}`;
}

/** True if we rendered this link and it has not expired. `params`: all of its query, `mac` included. Without a key none is. */
export function isOurs(
  secret: string | undefined,
  path: string,
  params: { readonly [name: string]: string },
  now: Millis,
): boolean {
  const { mac, ...others } = params;
  if (mac === undefined || secret === undefined) return false;
  const given = Buffer.from(mac);
  let isProven = false;
  for (const key of keysIn(secret)) {
    const expected = Buffer.from(macOf(key, path, others));
    isProven = (given.byteLength === expected.byteLength && timingSafeEqual(given, expected)) || isProven;
  }
  if (!isProven) return false;
  return others.exp === undefined || Number(others.exp) * 1000 >= now;
}

function macOf(key: string, path: string, params: { readonly [name: string]: string }): string {
  const sorted = Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHmac("sha256", key)
    .update(JSON.stringify([path, sorted]))
    .digest("base64url");
}
