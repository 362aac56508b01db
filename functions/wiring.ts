import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createAwsServices } from "./aws/services.ts";
import type { ConfigOf } from "./config.ts";
import { within } from "./http/within.ts";
import { createCheckQueue, openCheckQueue } from "./ledger/check-queue.ts";
import { createDynamoDirectory } from "./ledger/dynamo-directory.ts";
import { createDynamoLedger } from "./ledger/dynamo-ledger.ts";
import type { Ports } from "./ports.ts";
import type { ConferenceRef } from "./recording/ids.ts";
import { rehearsalPorts, rehearsed } from "./rehearsal/rehearsal-ports.ts";
import type { SecretPorts } from "./secrets/cached-secret.ts";
import { projectSecrets } from "./secrets.ts";
import { createSignalWire, type SignalWireCalls } from "./signalwire/client.ts";
import { createLog } from "./telemetry/log.ts";
import { createMeter } from "./telemetry/metrics.ts";
import { createTelemetry, type Telemetry } from "./telemetry/telemetry.ts";

const PRIME_MS = 800;
const SECRET_READ_MS = 1_500;

/** What a handler touches besides its secrets. */
export type Outside = {
  readonly ports: Ports;
  readonly signalwire: SignalWireCalls;
  readonly now: Ports["now"];
  readonly tell: Telemetry["delivery"];
};

/** What every function has: its clients, its telemetry, and the ports that the joining files ask for. */
export function createWiring(
  service: string,
  config: ConfigOf<"check">,
  variables: { readonly [name: string]: string | undefined },
) {
  const telemetry = createTelemetry(createLog(service), createMeter(config.HOLDFAST_LEDGER_TABLE));
  const now = () => Date.now();
  const aws = createAwsServices(variables, now);
  const secretPorts: SecretPorts = {
    secretsManager: aws.secretsManager,
    now,
    alarm: (name, _secret, problem) =>
      telemetry.secret(name === "secret-unanswered" ? "secret-stale" : name, problem),
    readTimeoutMs: SECRET_READ_MS,
  };
  const projects = projectSecrets(config.HOLDFAST_SIGNALWIRE_SECRETS, secretPorts);
  const signalwire = createSignalWire({
    credentials: projects,
    now,
    sleep,
    random: Math.random,
    alarm: () => telemetry.alarm("signalwire-refused-us"),
  });
  const table = { dynamodb: aws.dynamodb, table: config.HOLDFAST_LEDGER_TABLE };
  const ledger = createDynamoLedger({ ...table, onCrowded: () => telemetry.alarm("ledger-crowded") });
  const directory = createDynamoDirectory({ ...table, now });
  const ports: Ports = {
    ledger,
    directory,
    checks: createCheckQueue({ sqs: aws.sqs, queueUrl: config.HOLDFAST_CHECK_QUEUE_URL }),
    signalwire,
    policy: config.HOLDFAST_POLICY,
    now,
    sleep,
    newId: randomUUID,
    random: Math.random,
    ready: projects.project,
    alarm: telemetry.alarm,
    measure: telemetry.measure,
  };
  /** Two connections, for the two questions that a pause asks at once: a handshake beside it would take its CPU. */
  const openTable = async (ref: ConferenceRef): Promise<void> => {
    await ledger.newest(ref); // first, so that the second handshake resumes its session
    await Promise.all([ledger.newest(ref), directory.recordingsOf(ref)]);
  };
  /** Does the first request's work in advance: secrets and connections. Bounded in time; its failing fails nothing. */
  const prime = async (): Promise<void> => {
    const [project] = config.HOLDFAST_PROJECTS;
    const opening = config.HOLDFAST_PROJECTS.map((each) => signalwire.prime(each, PRIME_MS));
    if (project === undefined) return;
    // SignalWire is the farthest away: what is nearer waits until its handshake is under way, and then goes on beside it.
    await within(PRIME_MS, projects.project(project)).catch(() => undefined);
    await Promise.allSettled([
      ...opening,
      openCheckQueue(aws.sqs, config.HOLDFAST_CHECK_QUEUE_URL, PRIME_MS),
      openTable({ project, conference: rehearsed }),
    ]);
  };
  const outside: Outside = { ports, signalwire, now, tell: telemetry.delivery };
  /** For rehearsals. */
  const nowhere: Outside = { ...rehearsalPorts(ports), now, tell: () => undefined };
  return { ports, ledger, signalwire, projects, secretPorts, telemetry, now, prime, outside, nowhere };
}
