import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export type Asked = {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};
export type Answer = { readonly status: number; readonly body: string } | "silence" | "reset";

/** A service of AWS that is asked over HTTP, and answers with what `answers` has next; the last one stays. */
export async function startAws(...answers: readonly Answer[]) {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const left = [...answers];
  const server: Server = createServer(async (request, response) => {
    const { method, url: path, headers } = request;
    asked.push({ method, path, headers, body: (await request.toArray()).join("") });
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer === "silence") return;
    if (answer === undefined || answer === "reset") request.socket.resetAndDestroy();
    else response.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" }).end(answer.body);
  });
  let connections = 0;
  server.on("connection", (socket) => {
    connections += 1;
    sockets.add(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    connections: () => connections,
    /** As a server does that has waited long enough. */
    closeConnections: () => {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
export type Aws = Awaited<ReturnType<typeof startAws>>;

export const json = (status: number, value: object): Answer => ({ status, body: JSON.stringify(value) });
