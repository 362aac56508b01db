import { randomUUID } from "node:crypto";
import { createChainedLedger, type Items } from "../ledger/chained-ledger.ts";
import type { Directory } from "../ledger/ledger.ts";
import type { StoredItem } from "../ledger/stored-item.ts";
import type { Ports } from "../ports.ts";
import { conferenceSid, recordingSid } from "../recording/ids.ts";
import type { Send } from "../signalwire/call.ts";
import { signalWireOver } from "../signalwire/client.ts";

/** No conference of SignalWire's. */
export const rehearsed = conferenceSid("00000000-0000-0000-0000-000000000000");
const recording = recordingSid("00000000-0000-0000-0000-000000000001");

/**
 * Ports that lead nowhere: one made-up conference with one recording, its ledger and its SignalWire in memory. Nothing that
 * happens on them is known outside, but it goes through the same code.
 */
export function rehearsalPorts({ policy, now, sleep, newId, random }: Ports) {
  const signalwire = signalWireOver(createMadeUpSignalWire());
  const table = createMadeUpTable();
  const chained = () => createChainedLedger(table, { retentionDays: 1, newId: randomUUID });
  const ports: Ports = {
    // Read by another than wrote it, which would read nothing out of what it has written itself.
    ledger: { ...chained(), newest: chained().newest },
    directory: madeUpDirectory,
    checks: { send: async () => undefined },
    signalwire,
    policy,
    now,
    sleep,
    newId,
    random,
    ready: async () => undefined,
    alarm: () => undefined,
    measure: () => undefined,
  };
  return { ports, signalwire };
}

function createMadeUpTable(): Items {
  const items: StoredItem[] = [];
  return {
    put: async (item) => void items.push(item),
    newest: async () => items.at(-1),
    at: async (_, position) => items.find(({ sk }) => sk === position),
    all: async () => items,
  };
}

const madeUpDirectory: Directory = {
  noteRoom: async () => undefined,
  noteCall: async () => undefined,
  noteRecording: async () => undefined,
  hintOfRoom: async () => ({ conference: rehearsed, recordings: [] }),
  conferenceOfCall: async () => rehearsed,
  recordingsOf: async () => [],
};

/** Answers as SignalWire does, in the JSON that is read of it. */
function createMadeUpSignalWire(): Send {
  let status = "in-progress";
  return async ({ path, form }) => {
    status = form?.Status ?? status;
    const recordings = path.startsWith("/Recordings") ? [] : [{ sid: recording, status }];
    const body = JSON.stringify({
      sid: recording,
      status,
      recordings,
      participants: [],
      next_page_uri: null,
    });
    return { kind: "answered", status: 200, body, inDoubt: false };
  };
}
