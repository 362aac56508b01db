import { vi } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import { parsePolicy } from "../../functions/config/policy.ts";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import { readCheck } from "../../functions/ledger/check-queue.ts";
import { createLog } from "../../functions/telemetry/log.ts";
import { createMeter } from "../../functions/telemetry/metrics.ts";
import { createTelemetry } from "../../functions/telemetry/telemetry.ts";
import { checksHandler } from "../../functions/trigger/checks.ts";
import { controlHandler } from "../../functions/trigger/control.ts";
import { type HttpReply, httpChain } from "../../functions/trigger/http-chain.ts";
import { signalsDoor } from "../../functions/trigger/signals.ts";
import { telephonyDoor } from "../../functions/trigger/telephony.ts";
import { createBench, first, project, start } from "../flow/bench.ts";

// Every function's real code, from the event to the ledger, over fakes: what it is given, it may do anything with.

export { conference, project, start } from "../flow/bench.ts";
export const signingKey = "PSK_ExampleSigningKey0123456789";
export const sender = "payments";
export const senderKey = Buffer.alloc(32, 7);
export const host = "a1b2c3.execute-api.eu-west-1.amazonaws.com";
const context = {
  awsRequestId: "req-1",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:holdfast-prod-control",
  getRemainingTimeInMillis: () => 30_000,
};

export type World = {
  readonly http: (event: unknown) => Promise<HttpReply>;
  readonly control: (event: unknown, alias?: string) => Promise<object>;
  readonly checks: (event: unknown) => Promise<{ batchItemFailures: { itemIdentifier: string }[] }>;
  /** What was changed anywhere, as a text to compare. */
  readonly effects: () => string;
};

/** One deployment with one conference in progress, as function `name`; `table` is what its metrics go by. */
export function createWorld(name: "telephony" | "signals" | "control" | "check", table = "fuzz"): World {
  const bench = createBench({ [first]: "in-progress" });
  const telemetry = createTelemetry(createLog(name), createMeter(table));
  const ports = { ...bench.ports, alarm: telemetry.alarm, measure: telemetry.measure };
  let notes = 0;
  bench.directory.hooks.before = ({ operation }) => {
    if (operation === "note") notes += 1;
  };
  const now = () => start;
  const keys = async () => ({ signingKeys: [signingKey] });
  const senders = async () => ({
    [sender]: { secrets: [`whsec_${senderKey.toString("base64")}`], allow: ["pause", "resume"] },
  });
  const telephony = telephonyDoor({
    keys: { project: keys, projectAgain: keys },
    link: async () => "made-up-link-key",
    projects: [project],
    policy: parsePolicy(JSON.stringify({ redirectOrigins: ["https://ivr.example"] })),
    handleCommand: bench.handle,
    handleCallback: createHandleCallback(ports),
    announce: async () => undefined,
    isCallOver: async () => false,
    roomOf: async () => undefined,
    alarm: telemetry.alarm,
    now,
    sleep: () => new Promise(() => {}),
  });
  const signals = signalsDoor({
    keys: { senders, sendersAgain: senders },
    projects: [project],
    handleCommand: bench.handle,
  });
  const chainPorts = { now, tell: telemetry.delivery };
  const http = name === "telephony" ? httpChain(telephony, chainPorts) : httpChain(signals, chainPorts);
  const found = async () => ({ kind: "found" as const, found: { conference: "asked" } });
  const control = controlHandler({
    projects: [project],
    handleCommand: bench.handle,
    queries: {
      status: async () => ({ kind: "unavailable", why: "ledger" }),
      ledger: found,
      verify: found,
      evidence: found,
    },
    now,
    tell: telemetry.delivery,
  });
  const checks = checksHandler({
    read: readCheck,
    check: (check) => checkConference(ports, check),
    tell: telemetry.check,
  });
  return {
    http: (event) => http(event as never, context as never),
    control: (event, alias) => {
      const invokedFunctionArn =
        alias === undefined ? context.invokedFunctionArn : `${context.invokedFunctionArn}:${alias}`;
      return control(event, { ...context, invokedFunctionArn } as never);
    },
    checks: (event) => checks(event as never) as ReturnType<World["checks"]>,
    effects: () =>
      JSON.stringify({
        entries: [...bench.ledger.table.partitions.values()].reduce((sum, items) => sum + items.length, 0),
        sent: bench.signalwire.sent.length,
        checks: bench.checks.sent.length,
        notes,
      }),
  };
}

/** Everything that the code writes to the process's output, in the place of writing it. */
export function captureOutput(): { take: () => string; stop: () => void } {
  let written = "";
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => {
      written += String(text);
      return true;
    }),
  );
  return {
    take: () => {
      const taken = written;
      written = "";
      return taken;
    },
    stop: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}
