import * as z from "zod/mini";
import type { HoldLimit, RecordingPolicy } from "../recording/policy.ts";
import { ConfigError, problemOf } from "./config-error.ts";
import { isHttpOrigin } from "./http-url.ts";

/** What a digit on the phone means. */
export type DigitVerb = "pause" | "resume" | "stop";

/** What the owner decides: the rules' part, and what the telephone says and does. */
export type Policy = RecordingPolicy & {
  readonly digits: { readonly [digit: string]: DigitVerb };
  readonly announce: boolean;
  /** Origins that `then` and `else` of a payment IVR may lead to. */
  readonly redirectOrigins: readonly string[];
  readonly language: string;
  readonly voice: string | null;
  /** Spoken texts that replace ours, by their names. */
  readonly texts: { readonly [name: string]: string };
};

const defaultLimits: { readonly default: HoldLimit; readonly [reason: string]: HoldLimit } = {
  default: { seconds: 1800, then: "release" },
  "card-entry": { seconds: 900, then: "alarm" },
};
const oneDay = 86_400;
const limit = z.strictObject({
  seconds: z.int().check(z.gte(1), z.lte(oneDay)),
  then: z.enum(["release", "alarm"]),
});
const flag = (otherwise: boolean) => z._default(z.boolean(), otherwise);
const named = (pattern: RegExp) => z.string().check(z.regex(pattern));

const policySchema = z.strictObject({
  digits: z._default(z.record(named(/^[0-9*#]$/), z.enum(["pause", "resume", "stop"])), {
    "1": "pause",
    "2": "resume",
    "3": "stop",
  }),
  pauseBehavior: z._default(z.enum(["silence", "skip"]), "silence"),
  // What is given for one reason leaves the limits of the others as they are: no reason is ever without one.
  limits: z.pipe(
    z._default(z.record(named(/^[a-z0-9-]{1,64}$/), limit), {}),
    z.transform((given) => ({ ...defaultLimits, ...given })),
  ),
  unconfirmed: z._default(z.enum(["alarm", "stop"]), "alarm"),
  callRecordings: flag(true),
  announce: flag(false),
  redirectOrigins: z._default(z.array(z.string().check(z.refine(isHttpOrigin, "must be an origin"))), []),
  language: z._default(named(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/), "en-US"),
  voice: z._default(z.nullable(z.string().check(z.minLength(1), z.maxLength(100))), null),
  texts: z._default(z.record(named(/^[A-Za-z0-9-]{1,64}$/), z.string().check(z.maxLength(1000))), {}),
});

/**
 * The policy in `json`; what it leaves out is as documented, and so is everything if it is undefined or empty.
 * @throws ConfigError that names the key
 */
export function parsePolicy(json: string | undefined): Policy {
  const parsed = policySchema.safeParse(json === undefined || json === "" ? {} : readJson(json));
  if (parsed.success) return parsed.data;
  throw new ConfigError(`HOLDFAST_POLICY${problemOf(parsed.error)}`);
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new ConfigError("HOLDFAST_POLICY is not JSON");
  }
}
