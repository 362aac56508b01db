// Everything outside the measured process: SignalWire and AWS on loopback, near or as far away as in the network model.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sealEntry } from "../../functions/ledger/stored-item.ts";
import { nothingYet } from "../../functions/recording/conference.ts";
import { evolve } from "../../functions/recording/evolve.ts";
import type { Fact } from "../../functions/recording/facts.ts";
import { conferenceSid, projectId, recordingSid } from "../../functions/recording/ids.ts";
import { type AwsServer, createAwsServer } from "./aws-server.ts";
import { makeCertificate } from "./certificate.ts";
import { createDelayProxy } from "./delay-proxy.ts";
import { listen } from "./listening.ts";
import { createSignalWireServer, type SignalWireServer } from "./signalwire-server.ts";

export const project = projectId("6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01");
export const conference = conferenceSid("6c2f1a34-8f5b-4d0e-9a77-00000000000c");
export const recording = recordingSid("6c2f1a34-8f5b-4d0e-9a77-000000000001");
export const signingKey = "made-up-signing-key";
export const senderSecret = `whsec_${Buffer.alloc(32, "s").toString("base64")}`;

/** The network model: SignalWire over the internet, AWS in the same region. */
export const model = { roundTripMs: 30, signalwireMs: 30, awsMs: 5 };
export type Distance = "loopback" | "network";

export type World = {
  readonly signalwire: SignalWireServer;
  readonly aws: AwsServer;
  /** What a function is told, and what the other rows are. */
  variables(distance: Distance): Readonly<Record<string, string>>;
  /** As before every run; `isKnown`: an earlier command has seen the recording, so that the ledger knows it. */
  reset(distance: Distance, isKnown: boolean): void;
  close(): Promise<void>;
};

export async function startWorld(): Promise<World> {
  const certificate = makeCertificate();
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  writeFileSync(join(folder, "ca.pem"), certificate.cert);
  const signalwire = createSignalWireServer([recording], certificate);
  const near = await listen(signalwire.server);
  const far = await listen(createDelayProxy(near.port, model.roundTripMs));
  const spaces = { loopback: `127.0.0.1:${near.port}`, network: `127.0.0.1:${far.port}` };
  const secrets: Record<string, string> = {
    "holdfast/bench/links": "made-up key for links",
    "holdfast/bench/senders": JSON.stringify({
      payments: { secrets: [senderSecret], allow: ["pause", "resume"] },
    }),
  };
  const aws = createAwsServer(secrets, certificate);
  const amazon = await listen(aws.server);
  const awsUrl = `https://127.0.0.1:${amazon.port}`;
  const seed = seeded();

  return {
    signalwire,
    aws,
    variables: (distance) => ({
      ...holdfastVariables(awsUrl),
      NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
      BENCH_ORIGIN: `https://${spaces[distance]}`,
      BENCH_ACCOUNT: project,
      BENCH_TWILIO_ACCOUNT: "AC-made-up",
      BENCH_CONFERENCE: conference,
      BENCH_RECORDING: recording,
      BENCH_UPDATE: `/api/laml/2010-04-01/Accounts/${project}/Conferences/${conference}/Recordings/${recording}`,
      BENCH_SECRET: "holdfast/bench/links",
    }),
    reset(distance, isKnown) {
      const isFar = distance === "network";
      signalwire.serverMs = isFar ? model.signalwireMs : 0;
      aws.serverMs = isFar ? model.awsMs : 0;
      secrets[`holdfast/bench/signalwire/${project}`] = JSON.stringify({
        space: spaces[distance],
        apiToken: "PT-made-up",
        signingKeys: [signingKey],
      });
      aws.items.clear();
      if (isKnown) aws.items.set(seed.pk.S, new Map([[1, seed]]));
      aws.calls.length = 0;
      aws.connections = 0;
      signalwire.connections = 0;
      signalwire.updates.length = 0;
      signalwire.requests.length = 0;
      for (const sid of signalwire.statuses.keys()) signalwire.statuses.set(sid, "in-progress");
    },
    async close() {
      await Promise.all([near, far, amazon].map((server) => server.close()));
      rmSync(folder, { recursive: true });
    },
  };
}

const holdfastVariables = (awsUrl: string) => ({
  PATH: process.env.PATH ?? "",
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "made-up",
  AWS_SECRET_ACCESS_KEY: "made-up",
  AWS_ENDPOINT_URL: awsUrl,
  AWS_LAMBDA_FUNCTION_NAME: "bench",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  HOLDFAST_LEDGER_TABLE: "ledger",
  HOLDFAST_CHECK_QUEUE_URL: `${awsUrl}/000000000000/checks`,
  HOLDFAST_SIGNALWIRE_SECRETS: "holdfast/bench/signalwire/",
  HOLDFAST_PROJECTS: project,
  HOLDFAST_LINK_SECRET: "holdfast/bench/links",
  HOLDFAST_SENDERS_SECRET: "holdfast/bench/senders",
  HOLDFAST_PUBLIC_URL: "https://bench.example.com",
});

/** The one entry of a conference whose recording was seen running. */
function seeded() {
  const at = Date.now() - 60_000;
  const facts: Fact[] = [
    { type: "recordings-seen", lookedAt: at, recordings: [{ sid: recording, status: "in-progress" }] },
  ];
  const state = evolve(nothingYet, { position: 1, at, facts });
  const ref = { project, conference };
  const expires = Math.floor(at / 1000) + 86_400;
  const cause = { source: "control", request: "seed" } as const;
  const { item } = sealEntry({ ref, at, cause, facts, state }, undefined, { id: "seed", expires });
  return {
    pk: { S: item.pk },
    sk: { N: "1" },
    entry: { S: item.entry },
    hash: { S: item.hash },
    expires: { N: String(item.expires) },
  };
}
