// What a warm request costs us ourselves: the handlers over fakes that answer at once. Run by warm.ts; the result goes to fd 3.
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import { parsePolicy } from "../../functions/config/policy.ts";
import { createHandleCallback } from "../../functions/handle-callback.ts";
import { readCheck } from "../../functions/ledger/check-queue.ts";
import { createLog } from "../../functions/telemetry/log.ts";
import { createMeter } from "../../functions/telemetry/metrics.ts";
import { createTelemetry } from "../../functions/telemetry/telemetry.ts";
import { checksHandler } from "../../functions/trigger/checks.ts";
import { controlHandler } from "../../functions/trigger/control.ts";
import { httpChain } from "../../functions/trigger/http-chain.ts";
import { signalsDoor } from "../../functions/trigger/signals.ts";
import { telephonyDoor } from "../../functions/trigger/telephony.ts";
import { createBench, first, place } from "../flow/bench.ts";
import { checkEvent, digitEvent, recordingStartedEvent, signalEvent } from "./events.ts";
import { percentilesOf } from "./statistics.ts";
import type { OwnTime } from "./warm.ts";
import { conference, project, senderSecret, signingKey } from "./world.ts";

const REQUESTS = 10_000;
/** Then there is a new conference, so that no ledger grows long. */
const PER_CONFERENCE = 20;

const context = {
  awsRequestId: "req-1",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:holdfast-prod-control:hold",
  getRemainingTimeInMillis: () => 30_000,
};

/** Everything as it is deployed, but for what is outside. */
function deployment() {
  const bench = createBench({ [first]: "in-progress" });
  const now = () => Date.now();
  const telemetry = createTelemetry(createLog("own-time"), createMeter("own-time"));
  // Nobody waits: where everything answers at once, only patience ends by a timer.
  const sleep = () => new Promise<void>(() => {});
  const ports = { ...bench.ports, now, sleep, alarm: telemetry.alarm, measure: telemetry.measure };
  const handleCommand = createHandleCommand(ports);
  const keys = async () => ({ signingKeys: [signingKey] });
  const senders = async () => ({ payments: { secrets: [senderSecret], allow: ["pause" as const] } });
  const telephony = telephonyDoor({
    keys: { project: keys, projectAgain: keys },
    link: async () => "made-up-link-key",
    projects: [project],
    policy: parsePolicy(undefined),
    handleCommand,
    handleCallback: createHandleCallback(ports),
    announce: async () => undefined,
    isCallOver: async () => false,
    roomOf: async () => undefined,
    alarm: telemetry.alarm,
    now,
    sleep,
  });
  const signals = signalsDoor({
    keys: { senders, sendersAgain: senders },
    projects: [project],
    handleCommand,
  });
  const chain = { now, tell: telemetry.delivery, publicOrigin: "https://bench.example.com" };
  const none = async () => ({ kind: "unavailable" as const, why: "ledger" as const });
  const control = controlHandler({
    projects: [project],
    handleCommand,
    queries: { status: none, ledger: none, verify: none, evidence: none },
    now,
    tell: telemetry.delivery,
  });
  const checks = checksHandler({
    read: readCheck,
    check: (check, delivery) => checkConference(ports, check, delivery),
    tell: telemetry.check,
  });
  return {
    ports,
    handleCommand,
    http: [httpChain(telephony, chain), httpChain(signals, chain)],
    control,
    checks,
  };
}
type Deployment = ReturnType<typeof deployment>;
type Request = (deployed: Deployment) => () => Promise<unknown>;

const http =
  (index: 0 | 1, event: () => object): Request =>
  ({ http: chains }) => {
    const made = event();
    return () =>
      (chains[index] as (event: never, context: never) => Promise<unknown>)(made as never, context as never);
  };

const requests: { readonly [title: string]: Request } = {
  "telephony: a digit that pauses": http(0, digitEvent),
  "telephony: a recording's callback": http(0, recordingStartedEvent),
  "signals: a pause": http(1, signalEvent),
  "control: a pause": ({ control }) => {
    const input = { action: "pause", conference, hold: randomUUID(), reason: "card-entry", actor: "ada" };
    return () => control(input, context as never);
  },
  "check: of a confirmed hold": ({ checks, ports }) => {
    const body = JSON.stringify({ project, conference, chain: ports.newId(), hop: 0 });
    const event = checkEvent(body);
    return () => checks(event as never);
  },
};

/** The check has something to look after. */
async function held(deployed: Deployment): Promise<void> {
  const at = Date.now();
  await deployed.handleCommand({
    project,
    target: { by: "conference", conference },
    source: "signal:payments",
    operation: place("payment-1", at),
    cause: { source: "signal:payments", request: "msg_1" },
    receivedAt: at,
  });
}

const results: OwnTime[] = [];
for (const [title, request] of Object.entries(requests)) {
  const times: number[] = [];
  let deployed = deployment();
  for (let index = -2_000; index < REQUESTS; index += 1) {
    if (index % PER_CONFERENCE === 0) {
      deployed = deployment();
      if (title.startsWith("check")) await held(deployed);
    }
    const ask = request(deployed);
    const startedAt = performance.now();
    await ask();
    const took = performance.now() - startedAt;
    if (index >= 0) times.push(took * 1_000);
  }
  results.push({ title, requests: times.length, us: percentilesOf(times) });
}
writeFileSync(3, JSON.stringify(results));
process.exit(0);
