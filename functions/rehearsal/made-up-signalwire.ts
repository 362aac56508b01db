import type { Connections } from "../http/kept-connections.ts";

const recording = "00000000-0000-0000-0000-000000000001";

/** Answers as SignalWire does, in the JSON that is read of it, and opens no connection. */
export function createMadeUpSignalWire(): Connections {
  let status = "in-progress";
  return {
    async send({ path, body }) {
      status = new URLSearchParams(body).get("Status") ?? status;
      const recordings = path.includes("/Conferences/") ? [{ sid: recording, status }] : [];
      const answer = { sid: recording, status, recordings, participants: [], next_page_uri: null };
      return { kind: "answered", status: 200, body: JSON.stringify(answer) };
    },
    connect: () => Promise.reject(new Error("a rehearsal connects to nothing")),
    prime: async () => undefined,
  };
}
