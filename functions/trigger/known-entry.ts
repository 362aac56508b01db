import * as z from "zod/mini";
import { given } from "./command-fields.ts";
import { invalid } from "./parse-strictly.ts";

/** An entry as an answer, a log line or earlier evidence told of it: `verify` is to find it. */
export type KnownEntry = { readonly position: number; readonly hash?: string };

const sha256 = /^[0-9a-f]{64}$/;
const wholePosition = "must be a whole number from 1";
const hashText = "must be 64 of 0-9 a-f";

export const knownFields = {
  position: z.optional(z.int(wholePosition).check(z.gte(1, wholePosition))),
  hash: z.optional(z.string(hashText).check(z.regex(sha256, hashText))),
};
const fields = z.object(knownFields);

/** @throws Rejected */
export function knownIn({ position, hash }: z.output<typeof fields>): KnownEntry | undefined {
  if (position !== undefined) return { position, ...given({ hash }) };
  if (hash !== undefined) throw invalid(["position"], "is required with hash");
  return undefined;
}

/** The hash in an input, if it is one. It is of our own making: digits in it that look like a card number are none. */
export function hashIn(input: unknown): string | undefined {
  if (typeof input !== "object" || input === null || !("hash" in input)) return undefined;
  return typeof input.hash === "string" && sha256.test(input.hash) ? input.hash : undefined;
}
