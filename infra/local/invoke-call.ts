import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { FunctionPool } from "./function-pool.ts";
import { readBody } from "./http.ts";

/** Lambda's `Invoke` ("Invoke", AWS Lambda API Reference): `POST /2015-03-31/functions/<name>/invocations[?Qualifier=alias]`. */
export async function invokeCall(
  functions: ReadonlyMap<string, FunctionPool>,
  path: string,
  query: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const named = /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/.exec(path)?.[1];
  const { name, qualifier } = nameOf(decodeURIComponent(named ?? ""), query);
  const pool = poolOf(functions, name);
  if (request.method !== "POST" || !pool?.has(qualifier)) {
    return fail(response, 404, "ResourceNotFoundException", `Function not found: ${name}`);
  }
  const body = (await readBody(request)).toString();
  let event: unknown;
  try {
    event = body === "" ? {} : JSON.parse(body);
  } catch {
    return fail(response, 400, "InvalidRequestContentException", "Could not parse request body into json");
  }
  const headers = { "content-type": "application/json", "x-amzn-requestid": randomUUID() };
  if (request.headers["x-amz-invocation-type"] === "Event") {
    void pool.invoke(event, qualifier);
    response.writeHead(202, headers).end();
    return;
  }
  const result = await pool.invoke(event, qualifier);
  const version = { "x-amz-executed-version": "$LATEST" };
  if (result.ok) response.writeHead(200, { ...headers, ...version }).end(result.answer);
  else {
    response
      .writeHead(200, { ...headers, ...version, "x-amz-function-error": "Unhandled" })
      .end(JSON.stringify(result.error));
  }
}

/** Takes `control`, `control:read`, the name in the template and a whole ARN. */
function nameOf(
  given: string,
  query: string,
): { readonly name: string; readonly qualifier: string | undefined } {
  const bare = given.startsWith("arn:") ? given.split(":").slice(6).join(":") : given;
  const [name = "", inName] = bare.split(":");
  return { name, qualifier: inName ?? new URLSearchParams(query).get("Qualifier") ?? undefined };
}

const poolOf = (functions: ReadonlyMap<string, FunctionPool>, name: string): FunctionPool | undefined =>
  functions.get(name) ?? [...functions].find(([full]) => full.endsWith(`-${name}`) && name !== "")?.[1];

function fail(response: ServerResponse, status: number, type: string, message: string): void {
  response
    .writeHead(status, { "content-type": "application/json", "x-amzn-errortype": type })
    .end(JSON.stringify({ Type: "User", Message: message }));
}
