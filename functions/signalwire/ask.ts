import type * as z from "zod/mini";
import { readJson } from "../http/read-json.ts";
import type { Millis, ProjectId } from "../recording/ids.ts";
import { accountPath, type Reply, type Send } from "./call.ts";
import { SignalWireFailure } from "./error.ts";

/** What to GET, below the account's path, query included. */
export type Question = { readonly project: ProjectId; readonly path: string; readonly deadline: Millis };

/** GETs and reads an answer as `shape`. @throws SignalWireFailure where there is none, or none that can be read */
export async function ask<Answer>(
  send: Send,
  question: Question,
  shape: z.ZodMiniType<Answer>,
): Promise<Answer> {
  const reply = await send({ ...question, method: "GET", attempts: "repeat" });
  const done = reply.kind === "answered" && reply.status >= 200 && reply.status <= 299;
  const answer = done ? readJson(reply.body, shape) : undefined;
  if (answer === undefined) throw failureOf(question, reply);
  return answer;
}

/** What `asking` comes to, or `instead` where SignalWire knows no such thing. */
export async function unlessMissing<Found, Instead>(
  asking: Promise<Found>,
  instead: Instead,
): Promise<Found | Instead> {
  try {
    return await asking;
  } catch (failure) {
    if (failure instanceof SignalWireFailure && failure.status === 404) return instead;
    throw failure;
  }
}

/** Names method, path and status; neither query nor body, which may quote what was sent. */
export function failureOf(question: Question, reply: Reply): SignalWireFailure {
  const at = { method: "GET", path: accountPath(question.project) + question.path.replace(/\?.*$/s, "") };
  if (reply.kind !== "answered") return new SignalWireFailure({ ...at, retryable: true, cause: reply.cause });
  const definite = reply.status >= 300 && reply.status < 500 && reply.status !== 408 && reply.status !== 429;
  return new SignalWireFailure({ ...at, status: reply.status, retryable: !definite });
}
