import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalStack, startStack } from "../../infra/local/stack.ts";

const root = join(import.meta.dirname, "..", "..");

let stack: LocalStack;
let folder: string;
/** The beginning of what the tool is asked for: everything in the stack. */
const from = ["--from", "2020-01-01"];
const now = () => ["--to", new Date().toISOString()];
const calls: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-evidence-test-"));
  stack = await startStack({ port: 0 });
  for (let number = 0; number < 3; number += 1) {
    const { conference } = stack.simulator?.addConference({ room: `room-${number}`, recordings: 2 }) ?? {};
    calls.push(conference ?? "");
    await control({ action: "pause", conference, reason: "card-entry", actor: "=ada" });
  }
  await control({ action: "resume", conference: calls[0], actor: "ada@example.test" });
  await control({
    action: "release-all",
    conference: calls[1],
    actor: "ada@example.test",
    reason: "shift-end",
  });
});
afterAll(async () => {
  await stack?.close();
  await rm(folder, { recursive: true });
});

async function control(input: object): Promise<unknown> {
  const target = `${stack.url}/2015-03-31/functions/control/invocations`;
  const response = await fetch(target, { method: "POST", body: JSON.stringify(input) });
  const answer = await response.json();
  if (response.headers.has("x-amz-function-error")) throw new Error(JSON.stringify(answer));
  return answer;
}

async function ended(child: ChildProcess): Promise<{ status: number | null; out: string; err: string }> {
  const text = { out: "", err: "" };
  child.stdout?.on("data", (chunk: Buffer) => (text.out += chunk));
  child.stderr?.on("data", (chunk: Buffer) => (text.err += chunk));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...text };
}

const run = (script: string, args: readonly string[], env: object = {}) =>
  ended(
    spawn(process.execPath, [join(root, "infra", script), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: folder,
      env: { ...process.env, ...env },
    }),
  );
const evidence = (...args: string[]) => run("evidence.ts", args);
const jsonIn = async (...path: string[]) => JSON.parse(await readFile(join(folder, ...path), "utf8"));

describe("npm run evidence", () => {
  test("writes the whole population of a period with hashes that hold, and draws the same sample again", async () => {
    const to = now();
    const one = await evidence(
      "--url",
      stack.url,
      ...from,
      ...to,
      "--seed",
      "7",
      "--sample",
      "2",
      "--out",
      "one",
    );
    expect(one.err).toBe("");
    expect(one.status).toBe(0);
    expect(one.out).toContain("3 conferences, 3 holds, 3 confirmed");
    expect(one.out).toContain("1 released-by-operator");
    const { population, conferences, sample } = await jsonIn("one", "evidence.json");
    expect(population).toMatchObject({
      holds: 3,
      outcomes: { active: 1, released: 1, "released-by-operator": 1 },
    });
    expect(conferences.map(({ conference }: { conference: string }) => conference)).toEqual(calls.toSorted());
    expect(sample.holds).toHaveLength(2);
    for (const line of (await readFile(join(folder, "one", "SHA256SUMS"), "utf8")).trimEnd().split("\n")) {
      const [hash, name = ""] = line.split("  ");
      expect(
        createHash("sha256")
          .update(await readFile(join(folder, "one", name)))
          .digest("hex"),
      ).toBe(hash);
    }
    expect(await readFile(join(folder, "one", "holds.csv"), "utf8")).toContain(",'=ada,");

    await evidence("--url", stack.url, ...from, ...to, "--seed", "7", "--sample", "2", "--out", "two");
    expect((await jsonIn("two", "evidence.json")).sample).toEqual(sample);
  });

  test("holds today's ledgers against evidence of earlier", async () => {
    await evidence("--url", stack.url, ...from, ...now(), "--out", "earlier");
    const earlier = join(folder, "earlier", "evidence.json");
    const same = await evidence("--url", stack.url, "--conference", calls[0] ?? "", "--against", earlier);
    expect(same.out).toContain("against earlier evidence: 3 ledgers, all as they were");
    expect(same.status).toBe(0);

    const forged = await jsonIn("earlier", "evidence.json");
    forged.conferences[0].hash = "0".repeat(64);
    forged.conferences[1].entries += 1;
    await writeFile(join(folder, "forged.json"), JSON.stringify(forged));
    const other = await evidence(
      "--url",
      stack.url,
      "--conference",
      calls[0] ?? "",
      "--against",
      "forged.json",
    );
    expect(other.out).toContain("2 NOT AS THEY WERE");
    expect(other.status).toBe(1);
  });

  test("tells one call by one command", async () => {
    const { out, status } = await evidence("--url", stack.url, "--conference", calls[0] ?? "");
    expect(status).toBe(0);
    expect(out).toContain(`Evidence of conference ${calls[0]}\n`);
    expect(out).toMatch(/looked at [0-9:.]+, seen paused [0-9:.]+; exposure at most \d+ ms/);
    expect(out).toMatch(/released [0-9:.]+ by control ada@example\.test .*, seen running again [0-9:.]+/);
    expect(out).toMatch(/^1 {2}[0-9:.]+ {2}control =ada +hold control\/operator placed: card-entry/m);
    expect(await readdir(folder)).not.toContain("evidence");
  });

  test("works from saved pages as from the stack", async () => {
    const to = now();
    const page = await control({ action: "evidence", from: "2020-01-01T00:00:00Z", to: to[1] });
    await writeFile(join(folder, "page.json"), JSON.stringify(page));
    const saved = await evidence("--pages", "page.json", "--out", "saved");
    expect(saved.status).toBe(0);
    await evidence("--url", stack.url, ...from, ...to, "--out", "asked");
    // But for what a check may have written meanwhile.
    const holdsIn = async (out: string) =>
      (await readFile(join(folder, out, "holds.csv"), "utf8")).replaceAll(/,\d+,true,[0-9a-f]{64}/g, "");
    expect(await holdsIn("saved")).toBe(await holdsIn("asked"));
  });

  test("asks a function in AWS by the AWS CLI", async () => {
    const bin = join(folder, "bin");
    // Stands in for the CLI: takes its options, asks the local stack, writes the answer where the CLI would.
    const script = `#!${process.execPath}
const fs = require("node:fs");
const args = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
fs.appendFileSync(${JSON.stringify(join(folder, "aws.log"))}, [...args.slice(0, 2), option("--function-name")].join(" ") + "\\n");
fetch("${stack.url}/2015-03-31/functions/control/invocations", { method: "POST", body: option("--payload") }).then(async (response) => {
  fs.writeFileSync(args.at(-1), await response.text());
  const error = response.headers.get("x-amz-function-error");
  console.log(JSON.stringify({ StatusCode: 200, ...(error && { FunctionError: error }), ExecutedVersion: "$LATEST" }));
});
`;
    await mkdir(bin);
    await writeFile(join(bin, "aws"), script);
    await chmod(join(bin, "aws"), 0o755);
    const env = { PATH: `${bin}${delimiter}${process.env.PATH}` };
    const good = await run(
      "evidence.ts",
      [...from, ...now(), "--function", "holdfast-prod-control:read", "--out", "aws"],
      env,
    );
    expect(good).toMatchObject({ status: 0, err: "" });
    expect(await readFile(join(folder, "aws.log"), "utf8")).toBe(
      "lambda invoke holdfast-prod-control:read\n",
    );
    const future = ["--from", "2020-01-01", "--to", "2999-01-01"];
    const bad = await run("evidence.ts", [...future, "--function", "c", "--out", "bad"], env);
    expect(bad).toMatchObject({ status: 1, err: "InvalidCommand: to must not be in the future\n" });
  });

  test("says what it does not understand, and where nothing answers", async () => {
    const { status, err } = await evidence("--from", "2026-11-01");
    expect(status).toBe(2);
    expect(err).toContain("npm run evidence -- --from ISO --to ISO");
    const nobody = await evidence("--url", "http://127.0.0.1:1", ...from, ...now(), "--out", "nobody");
    expect(nobody.status).toBe(1);
    expect(nobody.err).toContain("Nothing answers at http://127.0.0.1:1.");
  });
});

describe("npm run invoke", () => {
  const question = () => JSON.stringify({ action: "ledger", conference: calls[0] });

  test("prints the ledger as JSON where nobody reads it on a terminal", async () => {
    const { out, err } = await run("local/invoke.ts", ["--url", stack.url, "control", question()]);
    expect(Object.keys(JSON.parse(out))).toEqual(["conference", "entries", "exposures", "gaps"]);
    expect(err).toBe("");
  });

  test("prints it as a table where that is asked for, and what is no ledger as JSON all the same", async () => {
    const { out } = await run("local/invoke.ts", ["--url", stack.url, "--table", "control", question()]);
    expect(out).toMatch(/^Conference .*\n\n# {2}written +who/);
    const verify = JSON.stringify({ action: "verify", conference: calls[0] });
    const other = await run("local/invoke.ts", ["--url", stack.url, "--table", "control", verify]);
    expect(JSON.parse(other.out)).toMatchObject({ intact: true });
  });
});
