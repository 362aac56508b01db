import type { Command } from "../recording/command.ts";
import type { ConferenceSid, Millis, ProjectId } from "../recording/ids.ts";
import type { Outcome, Refusal } from "../recording/outcome.ts";
import { Rejected, type Rejection } from "./rejected.ts";

/** What a handler tells of a delivery that it took: ids and words of ours, nothing that was sent as free text. */
export type Told = {
  readonly route?: string;
  readonly source?: string;
  readonly command?: string;
  readonly project?: ProjectId;
  readonly conference?: ConferenceSid;
  readonly outcome?: Outcome["kind"];
  readonly why?: Refusal | Extract<Outcome, { kind: "unavailable" }>["why"];
  readonly confirmed?: boolean;
  readonly position?: number;
};

export function toldOf(command: Command, outcome: Outcome): Told {
  const answer = "answer" in outcome ? outcome.answer : undefined;
  const { target } = command;
  const conference = answer?.conference ?? (target.by === "conference" ? target.conference : undefined);
  return {
    source: command.source,
    command: command.operation.type,
    project: command.project,
    ...(conference === undefined ? {} : { conference }),
    outcome: outcome.kind,
    ...("why" in outcome ? { why: outcome.why } : {}),
    ...(answer === undefined ? {} : { confirmed: answer.confirmed, position: answer.position }),
  };
}

/** Everything that is written down of one delivery: the allow-list of the log line. */
export type Delivery = Told & {
  readonly route: string;
  readonly requestId: string;
  readonly status?: number;
  readonly durationMs: Millis;
} & Trouble;

export type Trouble = {
  readonly rejected?: Rejection;
  readonly field?: string;
  /** Class of an error that nobody foresaw, and the lines of code it came through. */
  readonly error?: string;
  readonly errorAt?: string;
};

/** What may be written down of an error. Never its message: that may quote what was sent. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Rejected) {
    return { rejected: error.why, ...(error.field === undefined ? {} : { field: error.field }) };
  }
  if (!(error instanceof Error)) return { error: typeof error };
  return { error: error.name, ...framesOf(error) };
}

function framesOf({ stack, message }: Error): Pick<Trouble, "errorAt"> {
  // The stack begins with the message, and a message that quotes what was sent may itself look like frames.
  const end = stack?.indexOf(message) ?? -1;
  if (stack === undefined || end < 0) return {};
  const lines = stack.slice(end + message.length).split("\n    at ");
  return { errorAt: lines.slice(1, 6).join(" < ") };
}
