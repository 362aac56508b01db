import * as z from "zod/mini";
import type { Command, Operation, Source } from "../recording/command.ts";
import type { ProjectId } from "../recording/ids.ts";
import type { Outcome } from "../recording/outcome.ts";
import { hasCardNumber } from "./card-number.ts";
import {
  commandFields,
  given,
  holdId,
  placeHold,
  projectOf,
  reason,
  refuseFuture,
  targetOf,
  timestamp,
} from "./command-fields.ts";
import { toldOf } from "./delivery.ts";
import type { Door } from "./http-chain.ts";
import { hasKeyOrUrl } from "./key-or-url.ts";
import { parseStrictly } from "./parse-strictly.ts";
import { Rejected } from "./rejected.ts";
import { outcomeReply, rejectionReply } from "./replies.ts";
import { createSenderProof, type ProvenSignal, type SenderKeys } from "./sender-proof.ts";

const notAnObject = "must be an object";
const signal = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("recording.pause"),
      timestamp,
      data: z.strictObject({ ...commandFields, hold: holdId, reason }, notAnObject),
    }),
    z.strictObject({
      type: z.literal("recording.resume"),
      timestamp,
      data: z.strictObject({ ...commandFields, hold: holdId }, notAnObject),
    }),
    z.strictObject({
      type: z.literal("recording.stop"),
      timestamp,
      data: z.strictObject(commandFields, notAnObject),
    }),
  ],
  "must be recording.pause, recording.resume or recording.stop",
);
type Signal = z.output<typeof signal>;

const verbs = { "recording.pause": "pause", "recording.resume": "resume", "recording.stop": "stop" } as const;
const utf8 = new TextDecoder("utf-8", { fatal: true });

export type SignalsPorts = {
  readonly keys: SenderKeys;
  readonly projects: readonly ProjectId[];
  readonly handleCommand: (command: Command) => Promise<Outcome>;
};

type Parsed = { readonly proven: ProvenSignal; readonly json: unknown };
type Valid = { readonly command: Command; readonly requestId: string };

/** `POST /signals/{sender}`: a compliance system's word, and the answer to it. */
export function signalsDoor({
  keys,
  projects,
  handleCommand,
}: SignalsPorts): Door<ProvenSignal, Parsed, Valid> {
  return {
    route: "/signals/{sender}",
    contentType: "application/json",
    prove: createSenderProof(keys),
    parse: (proven) => ({ proven, json: parseJson(proven.body) }),
    validate: ({ proven, json }) => {
      const said = parseStrictly(signal, json);
      if (!proven.allow.includes(verbs[said.type])) throw new Rejected("not-allowed");
      return { command: commandOf(said, proven, projects), requestId: proven.requestId };
    },
    handle: async ({ command, requestId }) => {
      const outcome = await handleCommand(command);
      return { reply: outcomeReply(outcome, requestId), told: toldOf(command, outcome) };
    },
    errors: ({ rejected, requestId }) => rejectionReply(rejected, requestId),
  };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw new Rejected("malformed"); // without its cause, which quotes the body
  }
}

function commandOf(said: Signal, proven: ProvenSignal, projects: readonly ProjectId[]): Command {
  const { sender, sourceIp, requestId, receivedAt } = proven;
  const source: Source = `signal:${sender}`;
  refuseFuture(said.timestamp, receivedAt);
  // The delivery's id is the sender's text too, but no pause fails for it.
  const request = hasCardNumber(proven.id) || hasKeyOrUrl(proven.id) ? requestId : proven.id;
  return {
    project: projectOf(said.data, projects, ["data"]),
    target: targetOf(said.data, ["data"]),
    ...given({ recording: said.data.recording }),
    source,
    operation: operationOf(said),
    cause: { source, request, sourceIp },
    receivedAt,
  };
}

function operationOf(said: Signal): Operation {
  const time = { at: said.timestamp, clock: "sender" } as const;
  switch (said.type) {
    case "recording.pause":
      return placeHold(said.data, time);
    case "recording.resume":
      return { type: "release-hold", hold: said.data.hold, time };
    case "recording.stop":
      return { type: "stop", ...given({ reason: said.data.reason }) };
    default:
      return said satisfies never;
  }
}
