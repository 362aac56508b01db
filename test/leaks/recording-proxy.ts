import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** What a service answers in the place of the real one. */
export type Instead = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
};

export type RecordingProxy = {
  readonly url: string;
  /** The body of every request that came through. */
  readonly bodies: string[];
  /** Decides what is answered without the service; undefined: the service does. */
  instead: ((target: string, body: string) => Instead | undefined) | undefined;
  close(): Promise<void>;
};

/** Stands in front of a service of AWS on this machine and keeps what it is told. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = Buffer.concat(chunks);
      proxy.bodies.push(body.toString());
      const instead = proxy.instead?.(String(incoming.headers["x-amz-target"] ?? ""), body.toString());
      if (instead !== undefined) {
        response.writeHead(instead.status, {
          "content-type": "application/x-amz-json-1.0",
          ...instead.headers,
        });
        response.end(instead.body);
        return;
      }
      const { method, url: path, headers } = incoming;
      const outgoing = request({ hostname, port, method, path, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      outgoing.on("error", () => response.destroy());
      outgoing.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: RecordingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies: [],
    instead: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return proxy;
}
