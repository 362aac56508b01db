import type { Context } from "aws-lambda";
import type { Command } from "../recording/command.ts";
import type { Millis, ProjectId } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { type Question, readControl } from "./control-input.ts";
import { rightsOf } from "./control-right.ts";
import { type Delivery, toldOf, troubleOf } from "./delivery.ts";
import { unwrap } from "./event-envelope.ts";
import type { EvidenceQuestion } from "./evidence-input.ts";
import { Rejected } from "./rejected.ts";

/** What a question finds, as it is answered. */
export type Found = { readonly kind: "found"; readonly found: object };
export type Queries = {
  readonly status: (question: Question) => Promise<Outcome>;
  readonly ledger: (question: Question) => Promise<Found | Outcome>;
  readonly verify: (question: Question) => Promise<Found | Outcome>;
  /** @throws Rejected where `after` is no cursor that was answered */
  readonly evidence: (question: EvidenceQuestion) => Promise<Found | Outcome>;
};

export type ControlPorts = {
  readonly projects: readonly ProjectId[];
  readonly handleCommand: (command: Command) => Promise<Outcome>;
  readonly queries: Queries;
  readonly now: () => Millis;
  readonly tell: (delivery: Delivery) => void;
};

/**
 * A failed invocation; Lambda shows the name as `errorType`, the message as `errorMessage`. `Refused` has the refusal's code for
 * a message. No message repeats what was sent.
 */
export class ControlFailure extends Error {
  constructor(
    name: "InvalidCommand" | "NotAllowed" | "Refused" | "Unavailable" | "Internal",
    message: string,
  ) {
    super(message);
    this.name = name;
  }
}

/** Direct invocation: by an operator, EventBridge or Step Functions. IAM has proven who may; the alias says what. */
export const controlHandler =
  (ports: ControlPorts) =>
  async (event: unknown, context: Context): Promise<object> => {
    const receivedAt = ports.now();
    const tell = (more: Partial<Delivery>): void =>
      ports.tell({
        route: "control",
        requestId: context.awsRequestId,
        durationMs: ports.now() - receivedAt,
        ...more,
      });
    try {
      const { source, request = context.awsRequestId, input } = unwrap(event);
      const delivery = { source, request, receivedAt, projects: ports.projects };
      const control = readControl(input, rightsOf(context.invokedFunctionArn), delivery);
      if (control.kind === "command") {
        const outcome = await ports.handleCommand(control.command);
        tell(toldOf(control.command, outcome));
        return show(outcome);
      }
      const isEvidence = control.kind === "evidence";
      const answer = await (isEvidence
        ? ports.queries.evidence(control.question)
        : ports.queries[control.action](control.question));
      const outcome = answer.kind === "found" ? "done" : answer.kind;
      const { project } = isEvidence ? control.question.of : control.question;
      const command = isEvidence ? "evidence" : control.action;
      tell({ source, command, ...(project && { project }), outcome });
      return show(answer);
    } catch (error) {
      // A refusal was told already, as an outcome.
      if (error instanceof ControlFailure) throw error;
      tell(troubleOf(error));
      throw failureOf(error);
    }
  };

/** What the invocation answers. @throws ControlFailure if there is nothing to answer */
function show(answer: Found | Outcome): object {
  switch (answer.kind) {
    case "found":
      return answer.found;
    case "done":
      return answer.answer;
    case "pending":
      return { ...answer.answer, safeToCollect: false };
    case "refused":
      throw new ControlFailure("Refused", answer.why);
    case "unavailable":
      throw new ControlFailure("Unavailable", answer.why);
    default:
      return answer satisfies never;
  }
}

function failureOf(error: unknown): ControlFailure {
  if (!(error instanceof Rejected)) return new ControlFailure("Internal", "Something went wrong here");
  const field = error.field ?? "the input";
  switch (error.why) {
    case "not-allowed":
      return new ControlFailure("NotAllowed", "This alias does not allow that action");
    case "unknown-project":
      return new ControlFailure("InvalidCommand", "project is not configured");
    case "card-number":
      return new ControlFailure("InvalidCommand", `${field} holds what looks like a card number`);
    default:
      return new ControlFailure("InvalidCommand", `${field} ${error.problem ?? "is not valid"}`);
  }
}
