import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

// The Standard Webhooks scheme (standardwebhooks.com, symmetric signatures), and stricter than the common
// libraries where they take a weak secret, a timestamp with a tail, or an id that moves into the timestamp.

/** Seconds that sender's and our clock may differ, either way. */
const toleranceSeconds = 300;
/** Room for a rotation of secrets, and not for guessing in bulk. */
const maxSignatures = 5;
const minSecretBytes = 24;

const idPattern = /^[A-Za-z0-9_-]{1,128}$/;
const timestampPattern = /^[0-9]{1,12}$/;
/** 32 bytes in the one spelling that base64 has for them: the last character holds two bits that nobody reads. */
const signaturePattern = /^v1,([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)$/;
/** What a header that was sent twice looks like: API Gateway joins the two. */
const joined = /,.*,/;
const secretPattern = /^whsec_((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;

/** What the signature covers besides the body, as the text in the headers. */
export type WebhookStamp = { readonly id: string; readonly timestamp: string };
/** A well-formed claim of a sender; nothing is proven by it yet. */
export type WebhookClaim = WebhookStamp & { readonly signatures: readonly Uint8Array[] };

/** The bytes of a `whsec_` secret, or undefined if it is malformed or shorter than 24 bytes. */
export function webhookKey(secret: string): Uint8Array | undefined {
  const base64 = secretPattern.exec(secret)?.[1];
  if (base64 === undefined) return undefined;
  const key = Buffer.from(base64, "base64");
  return key.byteLength < minSecretBytes ? undefined : key;
}

/**
 * The claim in the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`, or undefined if one is missing,
 * malformed or sent twice, or the timestamp is more than five minutes from `nowMs`.
 */
export function webhookClaim(
  headers: { readonly [name: string]: string | undefined },
  nowMs: number,
): WebhookClaim | undefined {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  const tokens = (headers["webhook-signature"] ?? "").split(" ");
  if (!idPattern.test(id) || !timestampPattern.test(timestamp)) return undefined;
  if (tokens.length > maxSignatures || tokens.some((token) => joined.test(token))) return undefined;
  if (Math.abs(Math.floor(nowMs / 1000) - Number(timestamp)) > toleranceSeconds) return undefined;
  const signatures = tokens.flatMap((token) => {
    const base64 = signaturePattern.exec(token)?.[1];
    return base64 === undefined ? [] : [Buffer.from(base64, "base64")];
  });
  return { id, timestamp, signatures };
}

/**
 * True if one of `secrets` made one of the claim's signatures over `body`. Every pair is compared, so the time taken tells
 * nothing. No secret, or one that is unusable, refuses everything: an empty key would vouch for anybody.
 */
export function webhookProven(claim: WebhookClaim, body: Uint8Array, secrets: readonly string[]): boolean {
  let proven = false;
  let unusable = false;
  for (const secret of secrets) {
    const key = keptKey(secret);
    if (key === undefined) {
      unusable = true;
      continue;
    }
    const expected = mac(key, claim, body);
    for (const signature of claim.signatures) proven = timingSafeEqual(signature, expected) || proven;
  }
  return proven && !unusable;
}

/**
 * The `webhook-signature` of a body, as a sender makes it.
 * @throws Error if the secret is unusable
 */
export function signWebhook(secret: string, stamp: WebhookStamp, body: Uint8Array): string {
  const key = keptKey(secret);
  if (key === undefined) throw new Error("A webhook secret is whsec_ and the base64 of at least 24 bytes");
  return `v1,${mac(key, stamp, body).toString("base64")}`;
}

/** Making a key costs four times as much as using it, and there are only as many as there are senders. */
const kept = new Map<string, KeyObject>();

function keptKey(secret: string): KeyObject | undefined {
  const known = kept.get(secret);
  if (known !== undefined) return known;
  const bytes = webhookKey(secret);
  if (bytes === undefined) return undefined;
  const key = createSecretKey(bytes);
  kept.set(secret, key);
  return key;
}

const mac = (key: KeyObject, { id, timestamp }: WebhookStamp, body: Uint8Array): Buffer =>
  createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
