import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  /** Which connection it came on: 1, 2, 3 … in the order of their opening. */
  readonly connection: number;
};
export type Answer = (response: ServerResponse, request: Received) => void;

/** Answers with this status and, if given, this JSON. */
export const json =
  (status: number, value?: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(value === undefined ? "" : JSON.stringify(value));
  };
export const html =
  (status: number, text: string): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "text/html" });
    response.end(text);
  };
/** Closes the connection with a reset instead of answering. */
export const reset: Answer = (response) => {
  response.socket?.resetAndDestroy();
};
/** Never answers. */
export const silence: Answer = () => undefined;

/** A real HTTP server on a port of its own that records what comes and answers by script. */
export class ScriptedServer {
  readonly received: Received[] = [];
  readonly sockets: Socket[] = [];
  origin = "";
  readonly #server: Server;
  readonly #script = new Map<string, Answer[]>();

  private constructor() {
    this.#server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const { method = "", url = "", headers } = request;
      const connection = this.sockets.indexOf(request.socket) + 1;
      const received = { method, url, headers, body, connection };
      this.received.push(received);
      const answers = this.#script.get(`${method} ${url}`) ?? this.#script.get("*");
      const answer = answers && answers.length > 1 ? answers.shift() : answers?.[0];
      (answer ?? json(599))(response, received);
    });
    this.#server.keepAliveTimeout = 0;
    this.#server.on("connection", (socket: Socket) => this.sockets.push(socket));
  }

  static async listening(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    server.origin = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  /** The answers to `request` ("METHOD url", or "*" for all else), in this order; the last one is repeated. */
  on(request: string, ...answers: Answer[]): this {
    this.#script.set(request, answers);
    return this;
  }

  get requests(): string[] {
    return this.received.map(({ method, url }) => `${method} ${url}`);
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
