// The whole stack on loopback: what the template names, with stand-ins for the services of AWS and for SignalWire.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { build, bundles } from "../build.ts";
import { startDynamoDb, startSqs } from "./aws-stand-ins.ts";
import { FunctionPool } from "./function-pool.ts";
import { createGateway } from "./gateway.ts";
import { close, listen } from "./http.ts";
import { type Keys, keptSecrets, secretValues } from "./local-secrets.ts";
import { pollQueue } from "./queue-poller.ts";
import { startReaper } from "./reaper.ts";
import { createSecretsManager } from "./secrets-manager.ts";
import type { Simulator } from "./simulator/simulator.ts";
import { planOf, synthesise } from "./template.ts";

export type StackOptions = {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Use this SignalWire, an origin on loopback, instead of the simulator. */
  readonly signalwire?: string;
  readonly policy?: string;
  /** Where state is kept; absent: in memory. */
  readonly data?: string;
};

export type LocalStack = Keys & {
  readonly url: string;
  /** The SignalWire origin in use. */
  readonly simulatorUrl: string;
  readonly simulator: Simulator | undefined;
  /** Ends every process of that function at once. @returns how many */
  kill(name: string): number;
  pids(): readonly number[];
  close(): Promise<void>;
};

export async function startStack(options: StackOptions): Promise<LocalStack> {
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const one of opened.toReversed()) await one();
  };
  try {
    return await open(options, opened, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function open(
  options: StackOptions,
  opened: (() => Promise<void> | void)[],
  closeAll: () => Promise<void>,
): Promise<LocalStack> {
  const { data } = options;
  if (data !== undefined) mkdirSync(data, { recursive: true });
  const kept = keptSecrets(data === undefined ? undefined : join(data, "secrets.json"));
  const { keys } = kept;

  // First, so that a port that is taken is told at once.
  const functions = new Map<string, FunctionPool>();
  const routes: Parameters<typeof createGateway>[0]["routes"][number][] = [];
  const gateway = createGateway({ routes, functions });
  const { port } = await listen(gateway, options.port);
  const url = `http://127.0.0.1:${port}`;
  opened.push(() => close(gateway));

  await build();
  const template = synthesise(bundles, keys.project, options.policy);
  const draft = planOf(template, { queueUrl: "", publicUrl: url });

  const simulator = options.signalwire === undefined ? await simulate(keys) : undefined;
  if (simulator !== undefined) opened.push(() => simulator.close());
  const signalwire = simulator?.url ?? new URL(options.signalwire ?? "").origin;

  const dynamodb = await startDynamoDb(draft.table, data);
  opened.push(() => dynamodb.close());
  const sqs = await startSqs(draft.queue);
  opened.push(() => sqs.close());
  const secretsManager = createSecretsManager(secretValues(kept, signalwire), kept.keep);
  const { port: secretsPort } = await listen(secretsManager, 0);
  opened.push(() => close(secretsManager));

  const reaper = startReaper();
  opened.push(() => reaper.close());

  const plan = planOf(template, { queueUrl: sqs.queueUrl, publicUrl: url });
  const aws = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${secretsPort}`,
  };
  for (const one of plan.functions) {
    const publicUrl = one.name === "telephony" ? { HOLDFAST_PUBLIC_URL: url } : {};
    const pool = new FunctionPool({
      bundle: join(bundles, one.name),
      functionName: one.functionName,
      memoryMb: one.memoryMb,
      timeoutMs: one.timeoutSeconds * 1000,
      aliases: one.aliases,
      onStart: reaper.watch,
      variables: { ...aws, ...one.environment, ...publicUrl },
    });
    functions.set(one.functionName, pool);
    opened.push(() => void pool.kill());
  }
  const consumer = functions.get(plan.queue.consumer);
  if (consumer === undefined) throw new Error("the template has no consumer for the queue");
  const poller = pollQueue(sqs, consumer, plan.queue.batchSize);
  opened.push(() => poller.stop());
  // Last: from here on requests find their routes.
  routes.push(...plan.routes);

  const poolNamed = (name: string) => [...functions].find(([full]) => full.endsWith(`-${name}`))?.[1];
  return {
    ...keys,
    url,
    simulatorUrl: signalwire,
    simulator,
    kill: (name) => poolNamed(name)?.kill() ?? 0,
    pids: () => [...functions.values()].flatMap(({ pids }) => pids),
    close: closeAll,
  };
}

async function simulate(keys: Keys): Promise<Simulator> {
  const { startSimulator } = await import("./simulator/simulator.ts");
  return startSimulator(keys);
}
