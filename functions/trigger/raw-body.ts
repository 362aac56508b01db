import { Rejected } from "./rejected.ts";

/** No trigger has a reason to be larger. */
export const maxBodyBytes = 64 * 1024;

/**
 * The bytes as they were sent. HTTP APIs deliver form bodies in base64, JSON as text.
 * @throws Rejected `too-large`, judged before anything is decoded
 */
export function rawBody(event: { body?: string | undefined; isBase64Encoded: boolean }): Uint8Array {
  const text = event.body ?? "";
  const encoding = event.isBase64Encoded ? "base64" : "utf8";
  if (Buffer.byteLength(text, encoding) > maxBodyBytes) throw new Rejected("too-large");
  return Buffer.from(text, encoding);
}
