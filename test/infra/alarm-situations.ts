import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { vi } from "vitest";
import { checkConference } from "../../functions/check-conference.ts";
import { createHandleCommand } from "../../functions/command/handle-command.ts";
import { type AlarmName, environments, readConfig } from "../../functions/config.ts";
import { createChainedLedger } from "../../functions/ledger/chained-ledger.ts";
import { readCheck } from "../../functions/ledger/check-queue.ts";
import { nothingYet } from "../../functions/recording/conference.ts";
import { recordingSid } from "../../functions/recording/ids.ts";
import { createLog } from "../../functions/telemetry/log.ts";
import { createMeter } from "../../functions/telemetry/metrics.ts";
import { createTelemetry } from "../../functions/telemetry/telemetry.ts";
import { checksHandler } from "../../functions/trigger/checks.ts";
import { signForm } from "../../functions/trigger/signalwire-signature.ts";
import { createWiring } from "../../functions/wiring.ts";
import { createBench, first, place, project, ref, release } from "../flow/bench.ts";
import { eventOf } from "../fuzz/http-events.ts";
import { createWorld, host, signingKey } from "../fuzz/world.ts";

// The real code brought into each situation that somebody has to be told of; what it writes goes to the process's output.

/** What the ledger table of the deployment is called, and so its metrics. */
export const table = "holdfast-alarms-ledger";

/** By the alarm that has to go off. One that is missing does not compile. */
export const situations: Readonly<Record<AlarmName, () => Promise<void>>> = {
  "not-confirmed": async () => {
    const { bench, handle } = deployment();
    bench.signalwire.onUpdate = lie;
    await handle(bench.command(place("payment-1")));
  },
  "pause-overdue": async () => {
    const { bench, handle, pass } = deployment();
    bench.signalwire.onUpdate = lie;
    await handle(bench.command(place("payment-1")));
    await pass(40);
  },
  "found-running": async () => {
    const { bench, handle, pass } = deployment();
    await handle(bench.command(place("payment-1")));
    bench.signalwire.recordings.set(recordingSid(first), { status: "resumed" });
    await pass(6);
  },
  "found-paused": async () => {
    const { bench, handle, pass } = deployment();
    await handle(bench.command(place("payment-1")));
    await handle(bench.command(release("payment-1")));
    bench.signalwire.recordings.set(recordingSid(first), { status: "paused" });
    await pass(40);
  },
  "resume-outstanding": async () => {
    const { bench, handle, pass } = deployment();
    await handle(bench.command(place("payment-1")));
    bench.signalwire.onUpdate = async () => ({ kind: "unanswered" });
    await handle(bench.command(release("payment-1")));
    await pass(90);
  },
  "stop-outstanding": async () => {
    const { bench, handle, pass } = deployment();
    bench.signalwire.onUpdate = async () => ({ kind: "unanswered" });
    await handle(bench.command({ type: "stop" }));
    await pass(90);
  },
  "hold-over-limit": async () => {
    const { bench, handle, pass } = deployment();
    await handle(bench.command(place("payment-1")));
    await pass(1_000);
  },
  "not-durable": async () => {
    const { bench, handle } = deployment();
    bench.ledger.hooks.before = () => {
      throw new Error("DynamoDB is down");
    };
    await handle(bench.command(place("payment-1")));
  },
  "ledger-crowded": async () => {
    const { bench, telemetry } = deployment();
    const items = { put: async () => undefined, newest: none, at: none, all: async () => [] };
    const raise = () => telemetry.alarm("ledger-crowded");
    const ledger = createChainedLedger(items, { retentionDays: 1, newId: () => "id", onCrowded: raise });
    const recordings = Array.from({ length: 6_000 }, () => recordingSid(first));
    const facts = [{ type: "pause-sent" as const, recordings }];
    const cause = bench.command(place("payment-1")).cause;
    await ledger.append({ ref, at: 1, cause, facts, state: nothingYet }, undefined);
  },
  "check-not-queued": async () => {
    const { bench, handle } = deployment();
    bench.checks.hooks.before = () => {
      throw new Error("SQS is down");
    };
    await handle(bench.command(place("payment-1")));
  },
  "check-failed": async () => {
    const { telemetry } = deployment();
    const check = () => Promise.reject(new Error("DynamoDB is down"));
    const handler = checksHandler({ read: readCheck, check, tell: telemetry.check });
    const body = JSON.stringify({ ...ref, chain: "55555555-5555-4555-8555-555555555555", hop: 1 });
    const event = { Records: [{ messageId: "m-1", body }] };
    for (let time = 0; time < 3; time += 1) await handler(event as never);
  },
  "unforeseen-error": async () => {
    await createWorld("telephony", table).http({});
  },
  "secret-stale": () =>
    wired(async ({ projects }, secret) => {
      secret.text = goodSecret("example.signalwire.com");
      await projects.project(project);
      secret.text = undefined;
      for (const passed of [6, 17]) {
        vi.setSystemTime(Date.now() + passed * 60_000);
        await projects.project(project);
      }
    }),
  "secret-unusable": () =>
    wired(async ({ projects }, secret) => {
      secret.text = '{"space":"example.signalwire.com"}';
      await projects.project(project).catch(() => undefined);
    }),
  "signalwire-refused-us": () =>
    wired(async ({ signalwire }, secret, url) => {
      secret.text = goodSecret(url);
      await signalwire
        .look(ref, { callRecordings: false, deadline: Date.now() + 5_000 })
        .catch(() => undefined);
    }),
  "bad-signature": async () => {
    const { http } = createWorld("telephony", table);
    for (let time = 0; time < 20; time += 1) await http(digit({}, { signature: "AAAA" }));
  },
  "redirect-refused": async () => {
    await createWorld("telephony", table).http(digit({ else: "https://elsewhere.example/" }));
  },
  "card-number-seen": async () => {
    const { control } = createWorld("control", table);
    const command = { action: "pause", conference: ref.conference, actor: "4111111111111111" };
    await control({ ...command, reason: "card-entry" }).catch(() => undefined);
  },
  "unrecognised-status": async () => {
    const { bench, handle } = deployment({ [first]: "unrecognised" });
    await handle(bench.command(place("payment-1")));
  },
};

/** A pause, a resume and the time after them, in which nothing goes wrong. */
export async function nothingWrong(): Promise<void> {
  const { bench, telemetry, handle, pass } = deployment();
  await handle(bench.command(place("payment-1")));
  await pass(60);
  await handle(bench.command(release("payment-1", bench.clock.now)));
  await pass(60);
  telemetry.check({ requestId: "m-1" });
}

/** Everything that is counted and timed, once at least, and nothing that raises an alarm of its own but a stranger. */
export async function everyMeasure(): Promise<void> {
  await nothingWrong();
  const { control } = createWorld("control", table);
  const status = { action: "status", conference: ref.conference };
  await control(status).catch(() => undefined);
  await control({ ...status, recording: "no UUID" }).catch(() => undefined);
  const { bench, telemetry, handle } = deployment({ [first]: "completed" });
  bench.signalwire.conference = "over";
  const outcome = await handle(bench.command(place("payment-1")));
  telemetry.delivery({ route: "control", requestId: "req-1", durationMs: 1, outcome: outcome.kind });
}

const none = async () => undefined;

/** SignalWire says that it was done, and it was not. */
const lie = async () => ({ kind: "accepted", status: "paused" }) as const;

/** The joining files over fakes in virtual time, told of by the real telemetry. */
function deployment(recordings: Readonly<Record<string, string>> = { [first]: "in-progress" }) {
  const bench = createBench(recordings);
  const telemetry = createTelemetry(createLog("check"), createMeter(table));
  const ports = { ...bench.ports, alarm: telemetry.alarm, measure: telemetry.measure };
  /** Runs every check that comes due in that many seconds. */
  const pass = async (seconds: number): Promise<void> => {
    const end = bench.clock.now + seconds * 1000;
    while (bench.clock.now < end) {
      const next = bench.checks.waiting()[0];
      bench.clock.now = Math.max(bench.clock.now, Math.min(end, next?.dueAt ?? end));
      for (const check of bench.checks.takeDue()) await checkConference(ports, check);
    }
  };
  return { bench, telemetry, handle: createHandleCommand(ports), pass };
}

/** A key pressed on the phone; signed, unless `signature` says otherwise. */
function digit(
  query: Readonly<Record<string, string>>,
  { signature }: { readonly signature?: string } = {},
): object {
  const path = "/telephony/digits";
  const search = new URLSearchParams({ conference: ref.conference, ...query }).toString();
  const form: [string, string][] = [
    ["AccountSid", project],
    ["CallSid", "44444444-4444-4444-8444-444444444444"],
    ["Digits", "9"],
  ];
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "x-signalwire-signature": signature ?? signForm(signingKey, `https://${host}${path}?${search}`, form),
  };
  const body = Buffer.from(new URLSearchParams(form).toString());
  return eventOf({ path, query: search, method: "POST", headers, body }, false);
}

const goodSecret = (space: string) =>
  JSON.stringify({ space, apiToken: "PT-made-up", signingKeys: ["PSK_made-up"] });

/** The wiring that every function has, over a Secrets Manager (without a text it fails) and a SignalWire that says 401. */
async function wired(
  act: (
    wiring: ReturnType<typeof createWiring>,
    secret: { text: string | undefined },
    signalwireUrl: string,
  ) => Promise<void>,
): Promise<void> {
  const secret: { text: string | undefined } = { text: undefined };
  const server = createServer((request, response) => {
    request.resume();
    if (request.headers["x-amz-target"] === undefined) return response.writeHead(401).end("{}");
    response.writeHead(secret.text === undefined ? 500 : 200, {
      "content-type": "application/x-amz-json-1.1",
    });
    return response.end(JSON.stringify({ SecretString: secret.text }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = readConfig(environments.check, {
    HOLDFAST_LEDGER_TABLE: table,
    HOLDFAST_CHECK_QUEUE_URL: `${url}/000000000000/checks`,
    HOLDFAST_SIGNALWIRE_SECRETS: "holdfast/alarms/signalwire/",
    HOLDFAST_PROJECTS: project,
  });
  try {
    const variables = {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "made-up",
      AWS_SECRET_ACCESS_KEY: "made-up",
    };
    await act(createWiring("check", config, variables), secret, url);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
