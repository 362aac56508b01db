import * as z from "zod/mini";
import type { Target } from "../recording/command.ts";
import type { Period } from "../recording/evidence.ts";
import type { Millis, ProjectId } from "../recording/ids.ts";
import { commandFields, given, projectOf, targetOf, timestamp } from "./command-fields.ts";
import { invalid } from "./parse-strictly.ts";

/** Evidence is asked for a period, page by page, or for one conference at once. */
export type EvidenceQuestion = {
  readonly of:
    | {
        readonly by: "period";
        readonly period: Period;
        readonly project?: ProjectId;
        readonly after?: string;
      }
    | {
        readonly by: "conference";
        readonly project: ProjectId;
        readonly target: Target;
        readonly period?: Period;
      };
  readonly receivedAt: Millis;
};

const { project, conference, room, call } = commandFields;
const next = "must be the next of an answer before";

export const evidenceFields = {
  project,
  conference,
  room,
  call,
  from: z.optional(timestamp),
  to: z.optional(timestamp),
  /** Letters alone: no digits of a key that could pass for a card number. */
  next: z.optional(z.string(next).check(z.regex(/^[a-p]{2,1024}$/, next))),
};
const fields = z.object(evidenceFields);

/** @throws Rejected */
export function readEvidence(
  said: z.output<typeof fields>,
  { receivedAt, projects }: { readonly receivedAt: Millis; readonly projects: readonly ProjectId[] },
): EvidenceQuestion {
  const { conference, room, call, next: after } = said;
  const period = periodOf(said, receivedAt);
  if (conference !== undefined || room !== undefined || call !== undefined) {
    if (after !== undefined) throw invalid(["next"], "goes with a period alone");
    const target = targetOf(said, []);
    const project = projectOf(said, projects, []);
    return { of: { by: "conference", project, target, ...given({ period }) }, receivedAt };
  }
  if (period === undefined) throw invalid([], "must name from and to, or one of conference, room and call");
  const project = said.project === undefined ? undefined : projectOf(said, projects, []);
  return { of: { by: "period", period, ...given({ project, after }) }, receivedAt };
}

function periodOf({ from, to }: z.output<typeof fields>, receivedAt: Millis): Period | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (from === undefined) throw invalid(["from"], "is required with to");
  if (to === undefined) throw invalid(["to"], "is required with from");
  if (from >= to) throw invalid(["to"], "must be later than from");
  // What is still to come would make of the same question another answer.
  if (to > receivedAt) throw invalid(["to"], "must not be in the future");
  return { from, to };
}
