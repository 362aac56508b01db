import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build } from "../../infra/build.ts";
import type { Input } from "../bench/aws-server.ts";
import { digitEvent, signalEvent } from "../bench/events.ts";
import { MeasuredProcess } from "../bench/measured-process.ts";
import { startWorld, type World } from "../bench/world.ts";

// The built bundles in processes of their own; what they ask for is counted at the stand-ins. Of calls and connections a few more
// are let pass than there are: a machine that stands still for a second makes the functions ask again.

let folder: string;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-warm-"));
  await build(undefined, folder);
  world = await startWorld();
}, 60_000);
afterAll(async () => {
  await world?.close();
  await rm(folder, { recursive: true });
});

describe.each([
  { name: "telephony", event: digitEvent },
  { name: "signals", event: signalEvent },
])("a warm process of $name", ({ name, event }) => {
  let measured: MeasuredProcess;
  const pause = async (): Promise<void> => {
    const { told } = await measured.invoke(event());
    expect(told.answer).toMatchObject({ statusCode: 200 });
    expect([...world.signalwire.statuses.values()]).toEqual(["paused"]);
  };
  beforeAll(async () => {
    world.reset("loopback", true);
    measured = new MeasuredProcess(join(folder, name, "index.mjs"), world.variables("loopback"));
    await measured.ready();
    for (let run = 0; run < 3; run += 1) {
      world.reset("loopback", true);
      await pause();
    }
  }, 60_000);
  afterAll(() => measured?.end());

  test("pauses with nothing answered but the query for the newest entry, and writes before it answers", async () => {
    world.reset("loopback", true);
    world.aws.givenUp = 0;
    const paused = Promise.withResolvers<void>();
    const onWire = () => paused.resolve();
    world.signalwire.server.on("request", onWire);
    const isNewestEntry = (operation: string, { ScanIndexForward }: Input) =>
      operation === "Query" && ScanIndexForward === false;
    world.aws.hold = (operation, input) => (isNewestEntry(operation, input) ? undefined : paused.promise);
    try {
      await pause();
    } finally {
      world.signalwire.server.off("request", onWire);
      world.aws.hold = () => undefined;
    }
    expect(world.aws.givenUp).toBe(0);
    expect(world.signalwire.requests[0]).toMatch(/^POST .*\/Recordings\//);
    expect(world.aws.calls.map(({ operation }) => operation)).toContain("PutItem");
  });

  test("makes at most five calls to AWS for a pause, none of them to Secrets Manager", async () => {
    const operations: string[] = [];
    for (let run = 0; run < 20; run += 1) {
      world.reset("loopback", true);
      await pause();
      operations.push(...world.aws.calls.map(({ operation }) => operation));
    }
    expect(operations.length).toBeGreaterThanOrEqual(80);
    expect(operations.length).toBeLessThanOrEqual(104);
    expect(new Set(operations)).toEqual(new Set(["SendMessage", "Query", "PutItem"]));
  });

  test("opens no connection for it, neither to AWS nor to SignalWire", async () => {
    let [aws, signalwire] = [0, 0];
    for (let run = 0; run < 20; run += 1) {
      world.reset("loopback", true);
      await pause();
      aws += world.aws.connections;
      signalwire += world.signalwire.connections;
    }
    expect(aws).toBeLessThanOrEqual(2);
    expect(signalwire).toBeLessThanOrEqual(2);
  });
});
