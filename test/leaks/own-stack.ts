import { join } from "node:path";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import { build, bundles } from "../../infra/build.ts";
import { startDynamoDb, startSqs } from "../../infra/local/aws-stand-ins.ts";
import { FunctionPool } from "../../infra/local/function-pool.ts";
import { createGateway } from "../../infra/local/gateway.ts";
import { close, listen } from "../../infra/local/http.ts";
import { type Keys, keptSecrets, secretValues } from "../../infra/local/local-secrets.ts";
import { pollQueue } from "../../infra/local/queue-poller.ts";
import { startReaper } from "../../infra/local/reaper.ts";
import { createSecretsManager } from "../../infra/local/secrets-manager.ts";
import { type LocalRoute, planOf, synthesise } from "../../infra/local/template.ts";
import { type RecordingProxy, startRecordingProxy } from "./recording-proxy.ts";

type SecretName = "signalwire" | "senders" | "links";

/** The local stack put together from its parts, with a hand on each: its secrets, what is told to AWS, what is written and where to. */
export type OwnStack = Keys & {
  readonly url: string;
  readonly linkKey: string;
  readonly dynamodb: RecordingProxy;
  readonly sqs: RecordingProxy;
  readonly secretsUrl: string;
  /** Puts a message on the queue of checks, past the proxy. */
  sendMessage(body: string): Promise<void>;
  /** What the processes of the functions have written so far, both streams. */
  output(): string;
  /** Everything that they have connected to, or looked up. */
  connections(): readonly string[];
  /** A text for `links`, an object for the others. */
  putSecret(name: SecretName, value: unknown): Promise<void>;
  /** Ends every process at once, as Lambda does sooner or later; the next invocation starts new ones. */
  renew(): void;
  close(): Promise<void>;
};

export type OwnStackOptions = {
  /** The SignalWire to use: an origin on loopback, known only once the keys are. */
  readonly signalwire: (keys: Keys) => Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly policy?: object;
};

type Opened = (() => Promise<void> | void)[];

export async function startOwnStack(options: OwnStackOptions): Promise<OwnStack> {
  const opened: Opened = [];
  const closeAll = async () => {
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
  { signalwire, policy }: OwnStackOptions,
  opened: Opened,
  closeAll: () => Promise<void>,
): Promise<OwnStack> {
  const kept = keptSecrets(undefined);
  const { keys } = kept;
  await build();
  const template = synthesise(bundles, keys.project, policy && JSON.stringify(policy));
  const space = await signalwire(keys);
  opened.push(() => space.close());

  const functions = new Map<string, FunctionPool>();
  const routes: LocalRoute[] = [];
  const gateway = createGateway({ routes, functions });
  const url = `http://127.0.0.1:${(await listen(gateway, 0)).port}`;
  opened.push(() => close(gateway));

  const draft = planOf(template, { queueUrl: "", publicUrl: url });
  const [table, queue] = [await startDynamoDb(draft.table, undefined), await startSqs(draft.queue)];
  opened.push(
    () => table.close(),
    () => queue.close(),
  );
  const dynamodb = await startRecordingProxy(table.url);
  const sqs = await startRecordingProxy(queue.url);
  opened.push(
    () => dynamodb.close(),
    () => sqs.close(),
  );
  const values = secretValues(kept, space.url);
  const secrets = createSecretsManager(values);
  const secretsUrl = `http://127.0.0.1:${(await listen(secrets, 0)).port}`;
  opened.push(() => close(secrets));
  const reaper = startReaper();
  opened.push(() => reaper.close());

  let output = "";
  const spy = vi.spyOn(process.stderr, "write").mockImplementation((chunk) => {
    output += String(chunk);
    return true;
  });
  // Last of all: what was written comes a little later than its process ends.
  opened.unshift(() => spy.mockRestore());

  const queueUrl = sqs.url + new URL(queue.queueUrl).pathname;
  const plan = planOf(template, { queueUrl, publicUrl: url });
  for (const one of plan.functions) {
    const pool = new FunctionPool({
      bundle: join(bundles, one.name),
      functionName: one.functionName,
      memoryMb: one.memoryMb,
      timeoutMs: one.timeoutSeconds * 1000,
      aliases: one.aliases,
      onStart: reaper.watch,
      variables: {
        NODE_OPTIONS: `--require=${join(import.meta.dirname, "watch-connections.cjs")}`,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
        AWS_ENDPOINT_URL_SQS: sqs.url,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl,
        ...one.environment,
        ...(one.name === "telephony" ? { HOLDFAST_PUBLIC_URL: url } : {}),
      },
    });
    functions.set(one.functionName, pool);
    opened.push(() => void pool.kill());
  }
  const consumer = functions.get(plan.queue.consumer);
  if (consumer === undefined) throw new Error("the template has no consumer for the queue");
  const poller = pollQueue(queue, consumer, plan.queue.batchSize);
  opened.push(() => poller.stop());
  routes.push(...plan.routes);

  const nameOf = (name: SecretName) => Object.keys(values).find((full) => full.includes(`/${name}`)) ?? "";
  return {
    ...keys,
    url,
    linkKey: values[nameOf("links")] ?? "",
    dynamodb,
    sqs,
    secretsUrl,
    async sendMessage(MessageBody) {
      await queue.client.send(new SendMessageCommand({ QueueUrl: queue.queueUrl, MessageBody }));
    },
    output: () => output,
    connections: () => [...new Set(output.match(/(?<=^@(connect|lookup) ).*$/gm) ?? [])],
    async putSecret(name, value) {
      const SecretString = typeof value === "string" ? value : JSON.stringify(value);
      const answer = await fetch(secretsUrl, {
        method: "POST",
        headers: { "x-amz-target": "secretsmanager.PutSecretValue" },
        body: JSON.stringify({ SecretId: nameOf(name), SecretString }),
      });
      if (answer.status !== 200) throw new Error(`the secret was not written: ${answer.status}`);
    },
    renew: () => {
      for (const pool of functions.values()) pool.kill();
    },
    close: closeAll,
  };
}
