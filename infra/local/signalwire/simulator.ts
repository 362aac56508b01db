// SignalWire on one machine: its REST API, signed webhooks, and a control API of its own below /_simulator.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { close, listen, readBody } from "../http.ts";
import { answerControl } from "./control.ts";
import { Misbehaviours } from "./misbehaviour.ts";
import { problemBody } from "./resources.ts";
import { type Answer, type Apply, answerRest } from "./rest.ts";
import { type AddedConference, type NewConference, World } from "./world.ts";

export type Credentials = { readonly project: string; apiToken: string; signingKey: string };
/** A REST request as it came in, without its credentials. */
export type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
};

export type Simulator = {
  readonly url: string;
  addConference(conference: NewConference): AddedConference;
  close(): Promise<void>;
};

export type SimulatorState = {
  readonly world: World;
  readonly misbehaviours: Misbehaviours;
  readonly credentials: Credentials;
  readonly requests: SeenRequest[];
};

/** Keeps the last requests only, so that a long run does not grow. */
const KEPT_REQUESTS = 10_000;

export async function startSimulator(options: {
  readonly port?: number;
  readonly project: string;
  readonly apiToken: string;
  readonly signingKey: string;
}): Promise<Simulator> {
  const { project, apiToken, signingKey } = options;
  const state: SimulatorState = {
    world: new World(),
    misbehaviours: new Misbehaviours(),
    credentials: { project, apiToken, signingKey },
    requests: [],
  };
  const server = createServer((request, response) => {
    serve(state, request, response).catch(() => response.destroy());
  });
  const { port } = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    addConference: (conference) => state.world.addConference(conference),
    close: () => close(server),
  };
}

async function serve(
  state: SimulatorState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const method = request.method ?? "GET";
  const body = (await readBody(request)).toString();
  if (url.pathname.startsWith("/_simulator")) {
    return send(response, await answerControl(state, method, url.pathname, body));
  }
  const form = new URLSearchParams(body);
  state.requests.push({ method, path: `${url.pathname}${url.search}`, form: Object.fromEntries(form) });
  if (state.requests.length > KEPT_REQUESTS) state.requests.shift();

  const { project, apiToken } = state.credentials;
  const base = `/api/laml/2010-04-01/Accounts/${project}`;
  const authorization = `Basic ${Buffer.from(`${project}:${apiToken}`).toString("base64")}`;
  if (request.headers.authorization !== authorization) {
    return send(response, [
      401,
      problemBody(401, 20003, "Authentication failed. Please verify your credentials."),
    ]);
  }
  const path = url.pathname.replace(/\.json$/, "");
  if (!path.startsWith(base))
    return send(response, [404, problemBody(404, 20404, "There is no such account.")]);

  const wrong = state.misbehaviours.take(method, path, form.get("Status"));
  const apply = applying(state, wrong?.kind, wrong?.ms ?? 0);
  const rest = (): Answer =>
    answerRest(state.world, base, project, { method, path, query: url.searchParams, form }, apply);
  if (wrong === undefined || wrong.kind === "lying" || wrong.kind === "late") return send(response, rest());
  if (wrong.kind === "slow") {
    await sleep(wrong.ms ?? 0);
    return send(response, rest());
  }
  if (wrong.applied) rest();
  switch (wrong.kind) {
    case "reset":
      response.destroy();
      return;
    case "drop":
      return;
    case "html502":
      response.writeHead(502, { "content-type": "text/html" }).end("<html><body>Bad Gateway</body></html>");
      return;
    default: {
      const status = Number(wrong.kind);
      const headers = wrong.retryAfter === undefined ? {} : { "retry-after": String(wrong.retryAfter) };
      send(
        response,
        [status, problemBody(status, status === 429 ? 20429 : 20003, "As it was asked to.")],
        headers,
      );
    }
  }
}

/** What an update does to the world, and when. */
function applying({ world }: SimulatorState, kind: string | undefined, ms: number): Apply {
  if (kind === "lying") return () => undefined;
  if (kind !== "late") return (recording, status) => world.change(recording, status);
  return (recording, status) => {
    setTimeout(() => {
      if (!world.isOver(recording)) world.change(recording, status);
    }, ms).unref();
  };
}

function send(response: ServerResponse, [status, body]: Answer, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
