import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { build } from "../../infra/build.ts";
import { MeasuredProcess } from "../bench/measured-process.ts";
import { project, startWorld, type World } from "../bench/world.ts";

let folder: string;
let world: World;
let started: MeasuredProcess | undefined;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-initialisation-"));
  await build(undefined, folder);
  world = await startWorld();
});
afterEach(() => started?.end());
afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true });
});

async function initialise(name: string): Promise<void> {
  world.reset("loopback", false);
  started = new MeasuredProcess(join(folder, name, "index.mjs"), world.variables("loopback"));
  await started.ready();
}

test.each([
  ["telephony", ["GetSecretValue", "GetSecretValue", "Query", "Query", "Query", "SendMessageBatch"]],
  ["signals", ["GetSecretValue", "GetSecretValue", "Query", "Query", "Query", "SendMessageBatch"]],
  ["control", ["GetSecretValue", "Query", "Query", "Query", "SendMessageBatch"]],
  ["check", ["GetSecretValue", "Query", "Query", "Query", "SendMessageBatch"]],
])("%s asks AWS in its initialisation for nothing that changes anything", async (name, operations) => {
  await initialise(name);
  expect(world.aws.calls.map(({ operation }) => operation).sort()).toEqual(operations);
  expect(world.aws.items.size).toBe(0);
});

test.each(["telephony", "signals", "control", "check"])(
  "%s asks for its project's secret before the rest, because SignalWire is the farthest away",
  async (name) => {
    await initialise(name);
    const [first] = world.aws.calls;
    expect(first?.input.SecretId).toBe(`holdfast/bench/signalwire/${project}`);
  },
);

test("telephony opens two connections to DynamoDB, and one to SQS and Secrets Manager, although it reads two secrets", async () => {
  await initialise("telephony");
  expect(world.aws.connections).toBe(4);
});

test.each(["telephony", "signals", "control", "check"])(
  "%s opens a connection to SignalWire in its initialisation, and sends nothing",
  async (name) => {
    await initialise(name);
    expect(world.signalwire.connections).toBe(1);
    expect(world.signalwire.requests).toEqual([]);
  },
);
