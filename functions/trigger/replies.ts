import type { Outcome, Refusal } from "../recording/outcome.ts";
import type { HttpReply } from "./http-chain.ts";
import type { Rejected, Rejection } from "./rejected.ts";

// Every status code of a JSON answer, and every text in it. No code below 300 goes with a pause that is not in force.

type Row = readonly [statusCode: number, message: string];

const refusals: { readonly [Why in Refusal]: Row } = {
  "no-such-conference": [404, "There is no such conference"],
  "no-such-recording": [404, "The conference has no such recording"],
  "conference-over": [409, "The conference is over"],
  "recording-over": [409, "The recording is over"],
  stopped: [409, "Recording was stopped for good"],
  "stale-pause": [409, "This hold was released by a later operation"],
  ambiguous: [409, "More than one conference fits; name it by its ConferenceSid"],
};

const rejections: { readonly [Why in Rejection]: Row } = {
  "too-large": [413, "The body is larger than 64 KiB"],
  "wrong-content-type": [415, "The content type must be application/json"],
  "no-such-route": [404, "There is nothing here"],
  unproven: [401, "The request could not be verified"],
  malformed: [400, "The body is not JSON in UTF-8"],
  invalid: [400, "The request is not valid"],
  "card-number": [400, "The request holds what looks like a card number"],
  "not-allowed": [403, "This sender may not do that"],
  "unknown-project": [403, "This project is not configured"],
  unavailable: [503, "The request could not be verified at the moment; send it again"],
};

const unavailable: Row = [503, "A service that this depends on does not answer; send the request again"];
const unforeseen: Row = [500, "Something went wrong here"];

/** The answer to a command that was carried out, or could not be. */
export function outcomeReply(outcome: Outcome, requestId: string): HttpReply {
  switch (outcome.kind) {
    case "done":
      return json(200, outcome.answer);
    case "pending":
      return json(202, { ...outcome.answer, safeToCollect: false });
    case "refused":
      return problem(refusals[outcome.why], { error: outcome.why, requestId }, outcome.answer);
    case "unavailable":
      return problem(unavailable, { error: "unavailable", requestId });
    default:
      return outcome satisfies never;
  }
}

/** The answer to a delivery that became no command; undefined: nobody foresaw why. */
export function rejectionReply(rejected: Rejected | undefined, requestId: string): HttpReply {
  if (rejected === undefined) return problem(unforeseen, { error: "internal", requestId });
  const [statusCode, message] = rejections[rejected.why];
  const { field, problem: what } = rejected;
  const said = what === undefined ? message : `${message}: ${field ?? "the body"} ${what}`;
  return problem([statusCode, said], { error: rejected.why, requestId, field });
}

type Problem = { readonly error: string; readonly requestId: string; readonly field?: string | undefined };

function problem([statusCode, message]: Row, of: Problem, answer: object = {}): HttpReply {
  const reply = json(statusCode, { ...answer, message, ...of, safeToCollect: false });
  return statusCode === 503 ? { ...reply, headers: { ...reply.headers, "retry-after": "1" } } : reply;
}

const json = (statusCode: number, body: object): HttpReply => ({
  statusCode,
  headers: { "content-type": "application/json", "cache-control": "no-store" },
  body: JSON.stringify(body),
});
