import { createHandleCommand } from "../../functions/command/handle-command.ts";
import type { Ports } from "../../functions/ports.ts";
import {
  type CallSid,
  type ConferenceSid,
  callSid,
  conferenceSid,
  recordingSid,
} from "../../functions/recording/ids.ts";
import type { Look, SeenRecording } from "../../functions/recording/status.ts";
import { conference, createBench, first, second } from "./bench.ts";

export const A = conference;
export const B = conferenceSid("22222222-2222-4222-8222-22222222222b");
export const X = callSid("44444444-4444-4444-8444-444444444441");
/** The call's own recording. */
export const ofX = "33333333-3333-4333-8333-333333333339";

/** Two conferences with a recording each, and a call with one of its own that went from A to B. */
export function createTwoConferences() {
  const bench = createBench({});
  const conferences = new Map<ConferenceSid, { state: Look["conference"]; recordings: Map<string, string> }>([
    [A, { state: "running", recordings: new Map([[first, "in-progress"]]) }],
    [B, { state: "running", recordings: new Map([[second, "in-progress"]]) }],
  ]);
  const own = new Map<string, { status: string; call: CallSid }>();
  const at = { X: B as ConferenceSid | undefined };
  const sent: string[] = [];
  const hooks = {
    beforeLook: async (_: ConferenceSid): Promise<void> => undefined,
    takesPart: async (): Promise<void> => undefined,
  };
  const signalwire: Ports["signalwire"] = {
    async look({ conference: one }, { calls = [], onSeen = () => undefined }) {
      await hooks.beforeLook(one);
      const there = conferences.get(one);
      const asked = new Set([...calls, ...(at.X === one ? [X] : [])]);
      const recordings: SeenRecording[] = [
        ...[...(there?.recordings ?? [])].map(([sid, status]) => ({ sid: recordingSid(sid), status })),
        ...[...own].flatMap(([sid, { status, call }]) =>
          asked.has(call) ? [{ sid: recordingSid(sid), status, call }] : [],
        ),
      ];
      for (const seen of recordings) onSeen(seen);
      return { conference: there?.state ?? "unknown", recordings };
    },
    async update({ conference: one }, { sid, call }, { to, onSent }) {
      onSent?.();
      sent.push(`${sid} ${to}`);
      if (call !== undefined) {
        const rec = own.get(sid);
        if (rec === undefined) return { kind: "refused", httpStatus: 404 };
        rec.status = to;
      } else {
        const there = conferences.get(one)?.recordings;
        if (there?.get(sid) === undefined) return { kind: "refused", httpStatus: 404 };
        there.set(sid, to);
      }
      return { kind: "accepted", status: to };
    },
    conferencesInRoom: async () => [B],
    async takesPart({ conference: one }) {
      await hooks.takesPart();
      return at.X === one;
    },
    conferencesOfCall: async () => (at.X === undefined ? [] : [at.X]),
  };
  const ports: Ports = { ...bench.ports, signalwire };
  const statusOf = (one: ConferenceSid, sid: string) => conferences.get(one)?.recordings.get(sid);
  return { ...bench, ports, handle: createHandleCommand(ports), conferences, own, at, sent, hooks, statusOf };
}

export const turns = async () => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
