import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { build } from "../../infra/build.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-build-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, source: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, source);
  return path;
}

/** Imports a module in a process of its own and tells what it exports and whether undici came with it. */
async function load(path: string): Promise<unknown> {
  const script = `
    const { handler } = await import(${JSON.stringify(path)});
    const undici = process.moduleLoadList.some((name) => name.includes("undici"));
    console.log(JSON.stringify({ undici, answer: await handler() }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return JSON.parse(stdout);
}

const usesBuiltIns = `
  import https, { Agent } from "node:https";
  import * as http from "http";
  export const handler = async () => [
    typeof https.request, typeof Agent, http.STATUS_CODES[404], typeof http.default.request,
    typeof (await import("node:http")).request, typeof (await import("node:http")).default.request,
  ];`;
const answer = ["function", "function", "Not Found", "function", "function", "function"];

describe("a bundle", () => {
  test("reaches Node.js's own modules by every form of import, without loading undici", async () => {
    const entry = await write("built-ins.mjs", usesBuiltIns);
    const out = join(folder, "built-ins");
    await build({ sample: entry }, out);
    expect(await load(join(out, "sample", "index.mjs"))).toEqual({ undici: false, answer });
  });

  test("would load undici if its imports were left as they are", async () => {
    const entry = await write("left-alone.mjs", usesBuiltIns);
    expect(await load(entry)).toEqual({ undici: true, answer });
  });

  test("takes in a CommonJS module that requires one of Node.js's own", async () => {
    await write("old.cjs", `exports.now = () => typeof require("crypto").createHmac;`);
    const entry = await write(
      "new.mjs",
      `import { now } from "./old.cjs"; export const handler = () => now();`,
    );
    const out = join(folder, "commonjs");
    await build({ sample: entry }, out);
    expect(await load(join(out, "sample", "index.mjs"))).toEqual({ undici: false, answer: "function" });
  });

  test("keeps what is imported on demand in a chunk of its own, each file with its source map", async () => {
    await write("rare.mjs", `export const rare = "only on demand";`);
    const entry = await write(
      "split.mjs",
      `export const handler = async () => (await import("./rare.mjs")).rare;`,
    );
    const out = join(folder, "split");
    await build({ sample: entry }, out);
    const files = await readdir(join(out, "sample"));
    const code = files.filter((file) => file.endsWith(".mjs"));
    expect(code).toEqual(["index.mjs", expect.stringMatching(/^rare-\w+\.mjs$/)]);
    expect(files.filter((file) => file.endsWith(".map"))).toEqual(code.map((file) => `${file}.map`));
    expect(await load(join(out, "sample", "index.mjs"))).toEqual({ undici: false, answer: "only on demand" });
  });
});

describe("a build", () => {
  test("gives the same bytes wherever it is made", async () => {
    const entry = await write("twice.mjs", usesBuiltIns);
    const [first] = await build({ sample: entry }, join(folder, "first"));
    const [second] = await build({ sample: entry }, join(folder, "second"));
    expect(await contents(String(second?.folder))).toEqual(await contents(String(first?.folder)));
  });

  test("leaves nothing of the one before, and finds itself at work twice at once without harm", async () => {
    const out = join(folder, "again");
    const entry = await write(
      "changing.mjs",
      `export const handler = async () => (await import("./rare.mjs")).rare;`,
    );
    await write("rare.mjs", `export const rare = "first";`);
    await build({ sample: entry }, out);
    await write("rare.mjs", `export const rare = "second";`);
    await Promise.all([build({ sample: entry }, out), build({ sample: entry }, out)]);
    expect(await readdir(out)).toEqual(["sample"]);
    expect(await readdir(join(out, "sample"))).toHaveLength(4);
    expect(await load(join(out, "sample", "index.mjs"))).toEqual({ undici: false, answer: "second" });
  });

  test("says where it failed", async () => {
    const entry = await write("broken.mjs", "export const handler = ;");
    await expect(build({ sample: entry }, join(folder, "broken"))).rejects.toThrow("broken.mjs:1:");
  });
});

async function contents(path: string): Promise<Readonly<Record<string, string>>> {
  const files = await readdir(path);
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, await readFile(join(path, file), "utf8")] as const)),
  );
}
