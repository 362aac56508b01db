import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateSecretCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach } from "vitest";
import type { AwsService } from "../../functions/aws/service.ts";
import type { SecretPorts } from "../../functions/secrets/cached-secret.ts";
import { createSecretsManager } from "../../infra/local/secrets-manager.ts";
import { serviceAt } from "../aws/service-at.ts";

// Several processes of a function, each with what it last read of a secret, under 50 requests a second of virtual time.

export const environments = [0, 1, 2, 3] as const;
/** All of them have a request at once: 50 in a second. */
const tickMs = 80;
export const start = Date.parse("2026-11-24T12:00:00.000Z");

type Change = () => void | Promise<void>;
export type Rotation = {
  readonly now: () => number;
  /** Seconds since the start. */
  readonly at: () => number;
  readonly put: (name: string, value: unknown) => Promise<void>;
  readonly ports: () => SecretPorts;
  /** From second `from` to second `to`. What `changes` says is done before the requests of its second. */
  readonly run: (
    seconds: { readonly from: number; readonly to: number },
    request: (environment: number, tick: number) => Promise<void>,
    changes?: { readonly [second: number]: Change },
  ) => Promise<void>;
};

/** Virtual time, and the Secrets Manager that all of the environments read. Made anew for each test of the file. */
export function rotation(): Rotation {
  let server: Server;
  let client: SecretsManagerClient;
  let secretsManager: AwsService;
  let now = start;
  beforeEach(async () => {
    now = start;
    server = createSecretsManager({});
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    secretsManager = serviceAt(endpoint, "secretsmanager");
    client = new SecretsManagerClient({
      endpoint,
      region: "us-east-1",
      credentials: { accessKeyId: "made-up", secretAccessKey: "made-up" },
    });
  });
  afterEach(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    now: () => now,
    at: () => (now - start) / 1000,
    async put(name, value) {
      const SecretString = typeof value === "string" ? value : JSON.stringify(value);
      try {
        await client.send(new PutSecretValueCommand({ SecretId: name, SecretString }));
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
        await client.send(new CreateSecretCommand({ Name: name, SecretString }));
      }
    },
    // A real time-out, far beyond what a test takes.
    ports: () => ({ secretsManager, now: () => now, alarm: () => undefined, readTimeoutMs: 60_000 }),
    async run({ from, to }, request, changes = {}) {
      const left = Object.entries(changes);
      now = start + from * 1000;
      for (let tick = 0; now < start + to * 1000; now += tickMs, tick += 1) {
        for (let [next] = left; next !== undefined && Number(next[0]) * 1000 <= now - start; [next] = left) {
          await next[1]();
          left.shift();
        }
        await Promise.all(environments.map((environment) => request(environment, tick)));
      }
    },
  };
}
