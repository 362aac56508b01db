import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

// A SignalWire that tells all it knows: each of its answers holds the token that it was asked with, and URLs that open recordings.

/** The conference that there is. */
export const known = "5ea1c0de-0000-4000-8000-00000000000c";
const recordings = ["5ea1c0de-0000-4000-8000-000000000001", "5ea1c0de-0000-4000-8000-000000000002"];

/** `redirect`: to another server, with this status. */
export type Mood =
  | 401
  | 403
  | 404
  | 422
  | 429
  | 500
  | 503
  | "html"
  | "garbage"
  | "reset"
  | { readonly redirect: number };

export type TelltaleSignalWire = {
  readonly url: string;
  readonly mediaUrl: string;
  /** By ConferenceSid; of one that is not in it nothing goes wrong. */
  readonly moods: Map<string, Mood>;
  /** What a list says is its next page; ELSEWHERE stands for the origin of another server. */
  readonly nextPages: Map<string, string>;
  /** How many connections came to where a redirect or a next page led. */
  strays: number;
  requests: number;
  close(): Promise<void>;
};

export async function startTelltaleSignalWire(): Promise<TelltaleSignalWire> {
  const elsewhere = createServer((_request, response) => response.writeHead(200).end("{}"));
  elsewhere.on("connection", () => {
    api.strays += 1;
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
  const elsewhereUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;

  const statuses = new Map<string, string>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      api.requests += 1;
      const form = Buffer.concat(chunks).toString();
      const authorization = request.headers.authorization ?? "";
      const credentials = Buffer.from(authorization.split(" ")[1] ?? "", "base64").toString();
      const told = {
        told: `${authorization} ${credentials} ${request.url} ${form}`,
        recording_url: api.mediaUrl,
      };
      const path = (request.url ?? "").split("?")[0] ?? "";
      const conference = /\/Conferences\/([^/]+)/.exec(path)?.[1] ?? "";
      const mood = api.moods.get(conference);
      if (mood !== undefined) return fail(response, mood, request.url ?? "", told);
      return answer(response, { path, conference, form, told });
    });
  });

  function fail(response: ServerResponse, mood: Mood, url: string, told: object): unknown {
    const text = JSON.stringify({
      code: 20003,
      message: JSON.stringify(told),
      more_info: api.mediaUrl,
      ...told,
    });
    if (mood === "reset") return response.destroy();
    if (mood === "html")
      return response.writeHead(502, { "content-type": "text/html" }).end(`<html>${text}</html>`);
    if (mood === "garbage")
      return response.writeHead(200, { "content-type": "application/json" }).end(`{"sid": ${text}`);
    if (typeof mood === "number") {
      return response
        .writeHead(mood, text.slice(0, 60), {
          "content-type": "application/json",
          "x-told": encodeURIComponent(text),
        })
        .end(text);
    }
    return response.writeHead(mood.redirect, { location: elsewhereUrl + url }).end(text);
  }

  type Asked = {
    readonly path: string;
    readonly conference: string;
    readonly form: string;
    readonly told: object;
  };
  function answer(response: ServerResponse, { path, conference, form, told }: Asked): unknown {
    const json = (body: object, status = 200) =>
      response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify({ ...body, ...told }));
    const next_page_uri = api.nextPages.get(conference)?.replace("ELSEWHERE", elsewhereUrl) ?? null;
    const page = { page: 0, page_size: 50, next_page_uri };
    const running = { sid: conference || known, friendly_name: "support", status: "in-progress" };
    const below = /\/Accounts\/[^/]+(\/.*)$/.exec(path)?.[1] ?? "";
    const [, , , kind, recording] = below.split("/");
    if (below === "/Conferences") return json({ ...page, conferences: [running] });
    if (conference !== known && !api.moods.has(conference) && !api.nextPages.has(conference)) {
      return json({ code: 20404, message: "No." }, 404);
    }
    if (kind === undefined) return json(running);
    if (kind === "Participants" && recording !== undefined) return json({ code: 20404, message: "No." }, 404);
    if (kind === "Participants") return json({ ...page, participants: [] });
    const one = (sid: string) => {
      const status = statuses.get(conference + sid) ?? "in-progress";
      return { sid, conference_sid: conference, status, uri: api.mediaUrl, ...told };
    };
    if (recording === undefined) return json({ ...page, recordings: recordings.map(one) });
    const status = new URLSearchParams(form).get("Status");
    if (status !== null) statuses.set(conference + recording, status);
    return json(one(recording));
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const closed = (one: typeof server) =>
    new Promise<void>((resolve) => {
      one.close(() => resolve());
      one.closeAllConnections();
    });
  const api: TelltaleSignalWire = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mediaUrl: "https://media.example/Recordings/5ea1c0de-media.mp3",
    moods: new Map(),
    nextPages: new Map(),
    strays: 0,
    requests: 0,
    close: async () => {
      await Promise.all([closed(server), closed(elsewhere)]);
    },
  };
  return api;
}
