import type { IncomingMessage } from "node:http";
import * as z from "zod/mini";
import { BodyTooLarge, readBody } from "../http.ts";
import { ControlError } from "./control.ts";
import type { ControlRoutes } from "./control-api.ts";
import { parseJson } from "./fields.ts";
import { json, type Reply } from "./reply.ts";

const prefix = "/_simulator/";

/** Answers a request to the control API. */
export async function answerControl(routes: ControlRoutes, request: IncomingMessage): Promise<Reply> {
  // A page in a browser must not be able to reach what has no credentials.
  if (request.headers.origin !== undefined) return json(403, { error: "not for browsers" });
  const [path = ""] = (request.url ?? "").split("?");
  const segments = path.slice(prefix.length).split("/");
  const ids = segments.filter((_, index) => index % 2 === 1);
  const exact = `${request.method} ${segments.join("/")}`;
  const withIds = `${request.method} ${segments.map((segment, index) => (index % 2 === 1 ? "*" : segment)).join("/")}`;
  const route = routes[exact] ?? routes[withIds];
  if (route === undefined) return json(404, { error: "no such route; GET /_simulator lists them" });
  try {
    const text = (await readBody(request)).toString();
    const body = text === "" ? {} : parseJson(text);
    if (body === undefined) return json(400, { error: "the body is not JSON" });
    return json(200, (await route(ids, body)) ?? {});
  } catch (error) {
    return json(...failureOf(error));
  }
}

function failureOf(error: unknown): [status: number, body: { error: string }] {
  if (error instanceof ControlError) return [error.status, { error: error.message }];
  if (error instanceof z.core.$ZodError) return [400, { error: z.prettifyError(error) }];
  if (error instanceof BodyTooLarge) return [413, { error: "the body is too large" }];
  return [500, { error: error instanceof Error ? error.message : String(error) }];
}
