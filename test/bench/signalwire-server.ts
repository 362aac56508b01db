import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server } from "node:net";
import { performance } from "node:perf_hooks";
import type { Certificate } from "./certificate.ts";

/** One update of a recording: when it was whole at the server, and when its answer left. */
export type Update = { readonly sid: string; readonly receivedAt: number; answeredAt: number };

export type SignalWireServer = {
  readonly server: Server;
  readonly updates: Update[];
  /** By recording. */
  readonly statuses: Map<string, string>;
  /** Requests of all kinds, as "<method> <path>". */
  readonly requests: string[];
  connections: number;
  /** How long each answer takes. */
  serverMs: number;
  /** Closes every connection that is open. */
  closeConnections(): void;
};

/**
 * SignalWire and Twilio at once, as far as one conference's recordings go: lists, and "Update a Conference Recording". Whoever it
 * is asked about, it is the same conference. Without `certificate` it speaks plain HTTP.
 */
export function createSignalWireServer(
  recordings: readonly string[],
  certificate?: Certificate,
): SignalWireServer {
  const statuses = new Map(recordings.map((sid) => [sid, "in-progress"]));
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const receivedAt = performance.now();
      const path = (request.url ?? "").split("?")[0] ?? "";
      standIn.requests.push(`${request.method} ${path}`);
      const answered = request.method === "POST" ? update(path, body) : read(path);
      const mark = { sid: sidIn(path), receivedAt, answeredAt: Number.NaN };
      if (request.method === "POST") standIn.updates.push(mark);
      const answer = () => {
        response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answered));
        mark.answeredAt = performance.now();
      };
      if (standIn.serverMs === 0) answer();
      else setTimeout(answer, standIn.serverMs);
    });
  };
  const update = (path: string, body: string) => {
    const status = new URLSearchParams(body).get("Status") ?? "";
    statuses.set(sidIn(path), status);
    return { sid: sidIn(path), status };
  };
  const read = (path: string) => {
    if (/\/Conferences\/[^/]+\/Recordings/.test(path))
      return { recordings: [...statuses].map(([sid, status]) => ({ sid, status })), next_page_uri: null };
    if (path.includes("/Participants")) return { participants: [], next_page_uri: null };
    if (path.includes("/Recordings")) return { recordings: [], next_page_uri: null };
    return { sid: sidIn(path), status: "in-progress" };
  };
  const server = certificate ? createTlsServer(certificate, handle) : createPlainServer(handle);
  server.keepAliveTimeout = 0;
  const standIn: SignalWireServer = {
    server,
    updates: [],
    statuses,
    requests: [],
    connections: 0,
    serverMs: 0,
    closeConnections: () => server.closeAllConnections(),
  };
  server.on("connection", () => {
    standIn.connections += 1;
  });
  return standIn;
}

const sidIn = (path: string): string => (path.split("/").at(-1) ?? "").replace(/\.json$/, "");
