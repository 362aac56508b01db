import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { afterEach } from "vitest";

export type Received = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  /** The form's fields, in the order of their submission. */
  readonly fields: URLSearchParams;
};
export type Handler = (received: Received, response: ServerResponse) => void;

/** Whoever takes SignalWire's webhooks: a server on a port of its own that answers as told. */
export type Receiver = { readonly url: string; readonly received: Received[] };

const open: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** It is closed after the test. */
export async function receiver(
  handler: Handler = (_received, response) => response.writeHead(204).end(),
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { method = "", url = "", headers } = request;
    const one = { method, url, headers, fields: new URLSearchParams(body) };
    received.push(one);
    handler(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, received };
}

/** Answers each path with its document; any other is 404. */
export const documents =
  (byPath: Readonly<Record<string, string>>): Handler =>
  ({ url }, response) => {
    const document = byPath[url.split("?")[0] ?? ""];
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "text/xml" });
    response.end(document && `<?xml version="1.0" encoding="UTF-8"?><Response>${document}</Response>`);
  };
