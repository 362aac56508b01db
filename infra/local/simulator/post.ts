import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

export type Message = {
  readonly method: "GET" | "POST";
  /** Absolute; its path and query are sent byte for byte, a fragment is not. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};
export type Answer = { readonly status: number; readonly contentType: string; readonly body: string };
/** SignalWire's defaults are two seconds and five. */
export type Timeouts = { readonly connectTimeoutMs: number; readonly readTimeoutMs: number };

/** Rejects where there is no whole answer in time. Each message has a connection of its own. */
export async function post(message: Message, { connectTimeoutMs, readTimeoutMs }: Timeouts): Promise<Answer> {
  const { origin, protocol } = new URL(message.url);
  const [target = ""] = message.url.slice(message.url.indexOf("/", protocol.length + 2)).split("#");
  const send = protocol === "https:" ? httpsRequest : httpRequest;
  const { method, headers } = message;
  const request = send(origin, {
    method,
    headers,
    agent: false,
    path: target.startsWith("/") ? target : "/",
  });
  const giveUp = (what: string, ms: number) =>
    setTimeout(() => request.destroy(new Error(`${what} took longer than ${ms} ms`)), ms);
  let timer = giveUp("connecting", connectTimeoutMs);
  request.once("socket", (socket) =>
    socket.once(protocol === "https:" ? "secureConnect" : "connect", () => {
      clearTimeout(timer);
      timer = giveUp("the answer", readTimeoutMs);
    }),
  );
  try {
    request.end(message.body);
    return await answerTo(request);
  } finally {
    clearTimeout(timer);
    request.destroy();
  }
}

async function answerTo(request: ClientRequest): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once("response", resolve).on("error", reject);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    status: response.statusCode ?? 0,
    contentType: response.headers["content-type"] ?? "",
    body: Buffer.concat(chunks).toString("utf8"),
  };
}
