import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Connection } from "./connect.ts";

/** The longest page of a list or of a table is far below. */
const maxBodyBytes = 4 * 1024 * 1024;

/** One HTTP request as it goes out. */
export type Message = {
  readonly origin: URL;
  readonly method: "GET" | "POST";
  /** Absolute path, query included. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string | number };
  readonly body: string;
  readonly onSent?: (() => void) | undefined;
};

/**
 * What came of one HTTP request. `answered`: a whole answer; its body is undefined where it was too long to be read.
 * Otherwise no whole answer came, and `sent` tells whether anything can have left this process.
 */
export type Attempt =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfter?: string;
      readonly body?: string;
    }
  | { readonly kind: "broken" | "slow"; readonly sent: boolean; readonly cause: unknown };

/** Sends `message` over `via`, once, and follows no redirect. Never rejects. `timeoutMs` bounds all of it, connecting included. */
export function attempt(message: Message, via: Agent | Connection, timeoutMs: number): Promise<Attempt> {
  return new Promise((resolve) => {
    const connection = "abandon" in via ? via : undefined;
    let sent = connection !== undefined;
    const outgoing = open(message, via);
    const timer = setTimeout(() => {
      resolve({ kind: "slow", sent, cause: new Error(`no answer within ${timeoutMs} ms`) });
      connection?.abandon();
      outgoing.destroy();
    }, timeoutMs);
    const settle = (outcome: Attempt) => {
      clearTimeout(timer);
      resolve(outcome);
    };
    const broken = (cause: unknown) => settle({ kind: "broken", sent, cause });
    outgoing.on("socket", () => {
      sent = true;
      message.onSent?.();
    });
    outgoing.on("error", broken);
    // Comes last, and alone where the connection ended in the middle of an answer.
    outgoing.on("close", () => broken(new Error("closed before the end of the answer")));
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes <= maxBodyBytes) return;
        settle(answer(response, undefined));
        outgoing.destroy();
      });
      response.on("end", () => settle(answer(response, Buffer.concat(chunks).toString("utf8"))));
      response.on("error", broken);
    });
    outgoing.end(message.body);
  });
}

function open({ origin, method, path, headers }: Message, via: Agent | Connection): ClientRequest {
  const request = origin.protocol === "https:" ? httpsRequest : httpRequest;
  const socket = "abandon" in via ? { createConnection: () => via.socket } : { agent: via };
  return request({ hostname: origin.hostname, port: origin.port, method, path, headers, ...socket });
}

function answer(response: IncomingMessage, body: string | undefined): Attempt {
  const retryAfter = response.headers["retry-after"];
  return {
    kind: "answered",
    status: response.statusCode ?? 0,
    ...(retryAfter !== undefined && { retryAfter }),
    ...(body !== undefined && { body }),
  };
}
