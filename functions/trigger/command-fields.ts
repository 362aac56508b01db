import * as z from "zod/mini";
import type { OperationTime, PlaceHold, Target } from "../recording/command.ts";
import {
  callSid,
  conferenceSid,
  isUuid,
  type Millis,
  type ProjectId,
  projectId,
  recordingSid,
  room,
} from "../recording/ids.ts";
import { invalid } from "./parse-strictly.ts";
import { Rejected } from "./rejected.ts";

// The fields that signals and control have in common, and what they mean.

/** How far a sender's clock may be ahead of ours. */
const maxAheadMs = 5 * 60_000;

const wrong = (problem: string) => ({
  error: ({ input }: { readonly input?: unknown }) => (input === undefined ? "is required" : problem),
});
const matching = (pattern: RegExp, problem: string) =>
  z.string(wrong(problem)).check(z.regex(pattern, problem));
/** SignalWire writes ids in lower case; two spellings of one conference would have two ledgers. */
const uuid = <Id>(id: (text: string) => Id) =>
  z.pipe(
    z.string(wrong("must be a UUID")).check(z.refine(isUuid, "must be a UUID")),
    z.transform((text: string) => id(text.toLowerCase())),
  );

const wholeSeconds = "must be a whole number from 5 to 14400";
const dateTime = "must be a date and time in ISO 8601 with an offset or Z";

export const timestamp = z.pipe(
  z.string(wrong(dateTime)).check(z.iso.datetime({ offset: true, error: dateTime })),
  z.transform((text: string): Millis => Date.parse(text)),
);
export const holdId = matching(/^[A-Za-z0-9_.:-]{1,128}$/, "must be 1 to 128 of A-Z a-z 0-9 _ . : -");
export const reason = matching(/^[a-z0-9-]{1,64}$/, "must be 1 to 64 of a-z 0-9 -");

/** All of them optional; a schema repeats the ones that it requires. */
export const commandFields = {
  project: z.optional(uuid(projectId)),
  conference: z.optional(uuid(conferenceSid)),
  room: z.optional(
    z.pipe(
      z.string("must be 1 to 64 characters").check(
        z.minLength(1, "must be 1 to 64 characters"),
        z.maxLength(64, "must be 1 to 64 characters"),
        z.refine((text) => text.isWellFormed(), "must be well-formed Unicode"),
      ),
      z.transform(room),
    ),
  ),
  call: z.optional(uuid(callSid)),
  recording: z.optional(uuid(recordingSid)),
  hold: z.optional(holdId),
  reason: z.optional(reason),
  expiresInSeconds: z.optional(
    z.int(wholeSeconds).check(z.gte(5, wholeSeconds), z.lte(14_400, wholeSeconds)),
  ),
  pauseBehavior: z.optional(z.enum(["silence", "skip"], "must be silence or skip")),
};

const fields = z.object(commandFields);
export type CommandFields = z.output<typeof fields>;

/** The conference that the fields name; `path` is where they stand. @throws Rejected */
export function targetOf({ conference, room, call }: CommandFields, path: readonly string[]): Target {
  const named: Target[] = [];
  if (conference !== undefined) named.push({ by: "conference", conference });
  if (room !== undefined) named.push({ by: "room", room });
  if (call !== undefined) named.push({ by: "call", call });
  const [target, another] = named;
  if (target === undefined || another !== undefined) {
    throw invalid(path, "must name exactly one of conference, room and call");
  }
  return target;
}

/** The project that the fields name or, where only one is configured, mean. @throws Rejected */
export function projectOf(
  { project }: CommandFields,
  configured: readonly ProjectId[],
  path: readonly string[],
): ProjectId {
  const [only, ...others] = configured;
  if (project === undefined) {
    if (only === undefined || others.length > 0) throw invalid([...path, "project"], "is required");
    return only;
  }
  if (!configured.includes(project)) {
    throw new Rejected("unknown-project", { field: [...path, "project"].join(".") });
  }
  return project;
}

/** @throws Rejected if `at` is further ahead than clocks differ */
export function refuseFuture(at: Millis, now: Millis): void {
  if (at > now + maxAheadMs) throw invalid(["timestamp"], "is more than five minutes ahead");
}

/** A hold as the fields describe it. */
export function placeHold(
  fields: CommandFields & { readonly hold: string; readonly reason: string },
  time: OperationTime,
): PlaceHold {
  const { hold, reason, pauseBehavior, expiresInSeconds } = fields;
  return { type: "place-hold", hold, reason, time, ...given({ pauseBehavior, expiresInSeconds }) };
}

type Given<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };

/** `fields` without those that were left out. */
export const given = <Fields extends object>(fields: Fields): Given<Fields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;
