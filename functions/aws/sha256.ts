import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";

/**
 * SHA-256, or HMAC-SHA-256 where there is a secret, in the shape that the signer takes. `@smithy/core/checksum` has the same, and
 * loads zlib and Web Crypto with it: three milliseconds of each cold start.
 */
export class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(chunk));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

const bytesOf = (source: string | ArrayBuffer | ArrayBufferView): string | Uint8Array => {
  if (typeof source === "string" || source instanceof Uint8Array) return source;
  if (!ArrayBuffer.isView(source)) return new Uint8Array(source);
  return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
};
