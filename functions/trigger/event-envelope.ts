import * as z from "zod/mini";
import type { Source } from "../recording/command.ts";
import { parseStrictly } from "./parse-strictly.ts";

const envelope = z.object({
  id: z.string("must be a string").check(z.regex(/^[A-Za-z0-9-]{1,64}$/, "must be 1 to 64 of A-Z a-z 0-9 -")),
  source: z
    .string("must be a string")
    .check(z.regex(/^[A-Za-z0-9._-]{1,128}$/, "must be 1 to 128 of A-Z a-z 0-9 . _ -")),
  time: z.string("must be a string"),
  detail: z.looseObject({}, "must be an object"),
});

/** What is said to the control function, and by whom. */
export type Said = {
  readonly source: Source;
  /** The delivery, if it has a number of its own. */
  readonly request: string | undefined;
  readonly input: unknown;
};

/**
 * Takes the input out of an EventBridge event, whose source speaks for itself: it is the actor, and its clock orders the
 * operations, unless the detail says otherwise. Anything else was invoked directly and is the input itself.
 * @throws Rejected `invalid`
 */
export function unwrap(event: unknown): Said {
  if (typeof event !== "object" || event === null || !("detail-type" in event)) {
    return { source: "control", request: undefined, input: event };
  }
  const { id, source, time, detail } = parseStrictly(envelope, event);
  return { source: `event:${source}`, request: id, input: { actor: source, timestamp: time, ...detail } };
}
