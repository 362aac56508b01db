import * as z from "zod/mini";

// What the action `evidence` answers, as far as it is read here. Whatever else is in it is kept.

const when = z.nullable(z.string());
const by = z.nullable(
  z.looseObject({
    source: z.string(),
    request: z.string(),
    actor: z.optional(z.string()),
    call: z.optional(z.string()),
    sourceIp: z.optional(z.string()),
  }),
);
const hold = z.looseObject({
  position: z.number(),
  hold: z.string(),
  source: z.string(),
  reason: z.string(),
  recording: z.nullable(z.string()),
  pauseBehavior: z.string(),
  placedBy: by,
  outcome: z.string(),
  confirmed: z.boolean(),
  paused: z.array(z.string()),
  exposureMs: z.nullable(z.number()),
  sentAt: z.string(),
  receivedAt: z.string(),
  writtenAt: z.string(),
  /** Pages that were saved before it was told have none. */
  onWireAt: z._default(when, null),
  lookedAt: when,
  confirmedAt: when,
  expiresAt: z.string(),
  endSentAt: when,
  endedAt: when,
  endedBy: by,
  runningAt: when,
});
const exception = z.looseObject({
  what: z.string(),
  position: z.number(),
  at: z.string(),
  hold: z.optional(z.string()),
  placement: z.optional(z.number()),
  recording: z.optional(z.string()),
  milliseconds: z.optional(z.number()),
  why: z.optional(z.string()),
});
const conference = z.looseObject({
  project: z.string(),
  conference: z.string(),
  intact: z.boolean(),
  entries: z.number(),
  brokenAt: z.nullable(z.number()),
  hash: z.nullable(z.string()),
  unreadable: z.array(z.number()),
  holds: z.array(hold),
  exceptions: z.array(exception),
  tooLarge: z.optional(z.boolean()),
});
const page = z.object({
  from: z.optional(z.string()),
  to: z.optional(z.string()),
  project: z.optional(z.nullable(z.string())),
  /** From where it goes on, and where the next does. */
  after: z.optional(z.nullable(z.string())),
  next: z.nullable(z.string()),
  ledgers: z.number(),
  entries: z.number(),
  expired: z.number(),
  strays: z.number(),
  conferences: z.array(conference),
});

export type Page = z.output<typeof page>;
export type Conference = z.output<typeof conference>;
export type Hold = z.output<typeof hold>;
export type Exception = z.output<typeof exception>;

/** @throws Error that says where `answer` is not as it should be */
export function pageIn(answer: unknown): Page {
  const parsed = page.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Error(`This is no page of evidence: ${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`);
}
