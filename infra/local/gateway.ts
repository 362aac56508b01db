// API Gateway on one machine: an HTTP API's routes with payload 2.0, and Lambda's own invoke call.
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { FunctionPool } from "./function-pool.ts";
import { BodyTooLarge, readBody } from "./http.ts";
import { invokeCall } from "./invoke-call.ts";
import { matchRoute } from "./routes.ts";
import type { LocalRoute } from "./template.ts";

export type GatewaySettings = {
  readonly routes: readonly LocalRoute[];
  /** By function name as in the template. */
  readonly functions: ReadonlyMap<string, FunctionPool>;
};

export function createGateway(settings: GatewaySettings): Server {
  return createServer((request, response) => {
    answer(settings, request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      return error instanceof BodyTooLarge
        ? json(response, 413, { message: "Request Entity Too Large" })
        : json(response, 500, { message: "Internal Server Error" });
    });
  });
}

async function answer(
  settings: GatewaySettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<unknown> {
  const [path = "", query = ""] = splitOnce(request.url ?? "/", "?");
  if (path.startsWith("/2015-03-31/functions/")) {
    return invokeCall(settings.functions, path, query, request, response);
  }
  const matched = matchRoute(settings.routes, request.method ?? "GET", path);
  const pool = matched && settings.functions.get(matched.route.functionName);
  if (matched === undefined || pool === undefined) return json(response, 404, { message: "Not Found" });

  const body = await readBody(request);
  const routeKey = `${matched.route.method} ${matched.route.path}`;
  const event = eventOf(request, { path, query, body, routeKey, parameters: matched.parameters });
  const result = await pool.invoke(event);
  if (!result.ok) return json(response, 500, { message: "Internal Server Error" });
  return reply(response, JSON.parse(result.answer));
}

type Received = {
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
  readonly routeKey: string;
  readonly parameters: Readonly<Record<string, string>>;
};

/** "Working with AWS Lambda proxy integrations for HTTP APIs", payload format 2.0. */
function eventOf(request: IncomingMessage, { path, query, body, routeKey, parameters }: Received): object {
  const headers = headersOf(request);
  const { cookie, ...others } = headers;
  const isText = /^(text\/|application\/(json|xml|javascript))/i.test(headers["content-type"] ?? "");
  const domainName = headers.host ?? "127.0.0.1";
  const now = new Date();
  return {
    version: "2.0",
    routeKey,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split("; ") }),
    headers: others,
    ...(query === "" ? {} : { queryStringParameters: queryOf(query) }),
    ...(Object.keys(parameters).length === 0 ? {} : { pathParameters: parameters }),
    requestContext: {
      accountId: "000000000000",
      apiId: "local",
      domainName,
      domainPrefix: domainName.split(".")[0],
      http: {
        method: request.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey,
      stage: "$default",
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.byteLength === 0 ? {} : { body: body.toString(isText ? "utf8" : "base64") }),
    isBase64Encoded: body.byteLength > 0 && !isText,
  };
}

/** Names in lower case, values of a repeated header joined by commas. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return headers;
}

function queryOf(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = parameters[name] === undefined ? value : `${parameters[name]},${value}`;
  }
  return parameters;
}

/** A handler's answer in format 2.0; without a `statusCode` the whole value is the body of a 200. */
function reply(response: ServerResponse, answered: unknown): void {
  const isReply = typeof answered === "object" && answered !== null && "statusCode" in answered;
  if (!isReply) {
    json(response, 200, answered);
    return;
  }
  const { statusCode, headers, body, isBase64Encoded, cookies } = answered as {
    statusCode: number;
    headers?: Record<string, string>;
    body?: string;
    isBase64Encoded?: boolean;
    cookies?: string[];
  };
  response.writeHead(statusCode, {
    "content-type": "text/plain; charset=utf-8",
    ...Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
    ...(cookies === undefined ? {} : { "set-cookie": cookies }),
  });
  response.end(body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? "base64" : "utf8"));
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
