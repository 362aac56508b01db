import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bundle, build } from "../../infra/build.ts";

let folder: string;
let bundles: readonly Bundle[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-bundles-"));
  bundles = await build(undefined, folder);
});
afterAll(() => rm(folder, { recursive: true }));

// Nobody listens at the discard port: the start of a function must get by without AWS.
const environment = {
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "made-up",
  AWS_SECRET_ACCESS_KEY: "made-up",
  AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  HOLDFAST_LEDGER_TABLE: "ledger",
  HOLDFAST_CHECK_QUEUE_URL: "http://127.0.0.1:9/000000000000/checks",
  HOLDFAST_SIGNALWIRE_SECRETS: "holdfast/test/signalwire/",
  HOLDFAST_PROJECTS: "6c2f1a34-8f5b-4d0e-9a77-0d3c5b1e2f01",
  HOLDFAST_LINK_SECRET: "holdfast/test/links",
  HOLDFAST_SENDERS_SECRET: "holdfast/test/senders",
};

/** Modules of Node.js that take milliseconds of a cold start to load, and that nothing here needs. */
const slow = ["undici", "zlib", "webcrypto", "webstreams", "blob", "worker"];

/** Imports a bundle as Lambda does, in a process of its own. `slow`: what it loaded of those. */
async function start(name: string): Promise<unknown> {
  const script = `
    const before = new Set(process.moduleLoadList);
    const { handler } = await import(${JSON.stringify(join(folder, name, "index.mjs"))});
    const loaded = process.moduleLoadList.filter((one) => !before.has(one) && one.startsWith("NativeModule"));
    const slow = ${JSON.stringify(slow)}.filter((part) => loaded.some((one) => one.includes(part)));
    process.stdout.write("\\n" + JSON.stringify({ handler: typeof handler, slow }), () => process.exit());`;
  const argv = ["--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env: environment });
  return JSON.parse(stdout.split("\n").at(-1) ?? "");
}

test.each(["telephony", "signals", "control", "check"])(
  "the bundle of %s starts without AWS and without what is slow to load, and exports a handler",
  async (name) => {
    expect(await start(name)).toEqual({ handler: "function", slow: [] });
  },
);

test("no code in a bundle uses the global crypto, of which the build says that there is none", async () => {
  for (const { folder: of } of bundles) {
    for (const file of await readdir(of)) {
      if (!file.endsWith(".mjs")) continue;
      const uses = (await readFile(join(of, file), "utf8")).match(/.{30}\(void 0\)[.?[].{30}/g) ?? [];
      expect(uses).toEqual([]);
    }
  }
});

test.each(["telephony", "signals"])("the bundle of %s is at most 450 KB, all chunks together", (name) => {
  const bytes = bundles.find((bundle) => bundle.name === name)?.bytes;
  expect(bytes).toBeLessThanOrEqual(450 * 1024);
});

// In KB, a tenth or so above what there is. A package that is not here has to be let in on purpose.
const budgets: Readonly<Record<string, number>> = {
  holdfast: 88,
  zod: 46,
  "@aws-lambda-powertools/logger": 18,
  "@aws-lambda-powertools/metrics": 12,
  "@smithy/signature-v4": 11,
  "@smithy/core": 20,
  "@aws-lambda-powertools/commons": 5,
  "@middy/core": 4,
  "@aws/lambda-invoke-store": 3,
};

test.each(["telephony", "signals", "control", "check"])(
  "no package in the bundle of %s is above its budget",
  (name) => {
    const packages = bundles.find((bundle) => bundle.name === name)?.packages ?? {};
    expect(Object.keys(packages).length).toBeGreaterThan(7);
    const above = Object.entries(packages).filter(([owner, bytes]) => bytes > (budgets[owner] ?? 0) * 1024);
    expect(above).toEqual([]);
  },
);
