import * as z from "zod/mini";
import type { Command, Operation, OperationTime, Source, Target } from "../recording/command.ts";
import type { Millis, ProjectId, RecordingSid } from "../recording/ids.ts";
import {
  commandFields,
  given,
  placeHold,
  projectOf,
  reason,
  refuseFuture,
  targetOf,
  timestamp,
} from "./command-fields.ts";
import type { Right } from "./control-right.ts";
import { type EvidenceQuestion, evidenceFields, readEvidence } from "./evidence-input.ts";
import { hashIn, type KnownEntry, knownFields, knownIn } from "./known-entry.ts";
import { parseStrictly } from "./parse-strictly.ts";
import { Rejected } from "./rejected.ts";

const actor = z
  .string({ error: ({ input }) => (input === undefined ? "is required" : "must be 1 to 128 characters") })
  .check(
    z.minLength(1, "must be 1 to 128 characters"),
    z.maxLength(128, "must be 1 to 128 characters"),
    z.refine((text) => text.isWellFormed(), "must be well-formed Unicode"),
  );
const asking = { ...commandFields, actor: z.optional(actor), timestamp: z.optional(timestamp) };
const changing = { ...asking, actor };

const control = z.discriminatedUnion(
  "action",
  [
    z.strictObject({ action: z.literal("pause"), ...changing, reason }),
    z.strictObject({ action: z.literal("resume"), ...changing }),
    z.strictObject({ action: z.literal("stop"), ...changing, reason }),
    z.strictObject({ action: z.literal("release-all"), ...changing, reason }),
    z.strictObject({ action: z.enum(["status", "ledger"]), ...asking }),
    z.strictObject({ action: z.literal("verify"), ...asking, ...knownFields }),
    z.strictObject({ action: z.literal("evidence"), ...evidenceFields, actor: asking.actor }),
  ],
  "must be pause, resume, stop, release-all, status, ledger, verify or evidence",
);
type Input = z.output<typeof control>;
type Asked = Extract<Input, { action: QueryAction }>;

export type QueryAction = "status" | "ledger" | "verify";
/** What an operator asks about; nothing is changed by asking. */
export type Question = {
  readonly project: ProjectId;
  readonly target: Target;
  readonly recording?: RecordingSid;
  /** A hold by its id, for `safeToCollect`; absent: all that are active. */
  readonly hold?: string;
  /** `verify` is to find this entry. */
  readonly known?: KnownEntry;
  readonly receivedAt: Millis;
};

export type Control =
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "query"; readonly action: QueryAction; readonly question: Question }
  | { readonly kind: "evidence"; readonly question: EvidenceQuestion };

/** What of a delivery is known from elsewhere than its input. */
export type ControlDelivery = {
  readonly source: Source;
  readonly request: string;
  readonly receivedAt: Millis;
  readonly projects: readonly ProjectId[];
};

const rights: { readonly [Action in Input["action"]]: Right } = {
  pause: "hold",
  resume: "release",
  "release-all": "release",
  stop: "stop",
  status: "read",
  ledger: "read",
  verify: "read",
  evidence: "read",
};

/** The hold of whoever names none: operators share it. */
const sharedHold = "operator";

/**
 * The command or the question in `input`.
 * @throws Rejected, `not-allowed` if the action's right is not among those `granted`
 */
export function readControl(input: unknown, granted: readonly Right[], delivery: ControlDelivery): Control {
  const said = parse(input);
  if (!granted.includes(rights[said.action])) throw new Rejected("not-allowed");
  const { source, request, receivedAt } = delivery;
  if (said.action === "evidence") return { kind: "evidence", question: readEvidence(said, delivery) };
  if (said.timestamp !== undefined) refuseFuture(said.timestamp, receivedAt);
  const about = {
    project: projectOf(said, delivery.projects, []),
    target: targetOf(said, []),
    ...given({ recording: said.recording }),
    receivedAt,
  };
  if (isQuestion(said)) {
    const known = said.action === "verify" ? knownIn(said) : undefined;
    const more = given({ hold: said.hold, known });
    return { kind: "query", action: said.action, question: { ...about, ...more } };
  }
  if (said.action === "release-all" && source !== "control") throw new Rejected("not-allowed");
  const cause = { source, request, actor: said.actor };
  return { kind: "command", command: { ...about, source, operation: operationOf(said, receivedAt), cause } };
}

function parse(input: unknown): Input {
  const hash = hashIn(input);
  if (hash === undefined) return parseStrictly(control, input);
  const said = parseStrictly(control, { ...Object(input), hash: "f".repeat(64) });
  return said.action === "verify" ? { ...said, hash } : said;
}

const isQuestion = (said: Input): said is Asked =>
  said.action === "status" || said.action === "ledger" || said.action === "verify";

function operationOf(said: Exclude<Input, Asked | { action: "evidence" }>, receivedAt: Millis): Operation {
  const { hold = sharedHold } = said;
  const time: OperationTime =
    said.timestamp === undefined
      ? { at: receivedAt, clock: "receipt" }
      : { at: said.timestamp, clock: "sender" };
  switch (said.action) {
    case "pause":
      return placeHold({ ...said, hold }, time);
    case "resume":
      return { type: "release-hold", hold, time };
    case "release-all":
      return { type: "release-all-holds", reason: said.reason };
    case "stop":
      return { type: "stop", reason: said.reason };
    default:
      return said satisfies never;
  }
}
