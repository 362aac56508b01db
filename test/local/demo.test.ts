import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bars, recordingRow } from "../../infra/local/demo/bars.ts";
import { wasPaused } from "../../infra/local/demo/verdict.ts";
import { type LocalStack, startStack } from "../../infra/local/stack.ts";

const script = join(import.meta.dirname, "..", "..", "infra", "local", "demo.ts");

async function demo(...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, FORCE_COLOR: "1" },
  });
  const text = { out: "", err: "" };
  let children: readonly string[] = [];
  child.stdout.on("data", (chunk: Buffer) => {
    text.out += chunk;
    const file = `/proc/${child.pid}/task/${child.pid}/children`;
    if (existsSync(file)) children = readFileSync(file, "utf8").split(" ").filter(Boolean);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    text.err += chunk;
  });
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...text, children };
}

/** True if every text is found behind the one before it. */
const inOrder = (whole: string, ...texts: readonly string[]): boolean =>
  texts.reduce((at, text) => (at < 0 ? at : whole.indexOf(text, at)), 0) >= 0;

describe("npm run demo", () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startStack({ port: 0 });
  });
  afterAll(() => stack?.close());
  afterEach(() => stack.simulator?.misbehaviours.clear());

  test("tells one call from the first ring to the last, and that the recording was paused", async () => {
    const { status, out, err } = await demo("--url", stack.url, "--pace", "30");
    expect({ status, err }).toEqual({ status: 0, err: "" });
    const isTold = inOrder(
      out,
      ...["agent      dials", "POST /telephony/join → 200", "caller     dials", "is in-progress"],
      ...["presses *", "Press 1 to pause the recording", "presses 1", "recording 1 is paused"],
      ...["“The recording is paused.”", "begins to read the card", "has read the card"],
      ...["presses 2", "recording 1: in-progress → 200", "“The recording is running again.”"],
      ...["caller     hangs up", "(conference-end) → 204", "recording 1 "],
    );
    expect(isTold ? "" : out).toBe("");
    expect(out).toMatch(/recording 1 {2,}█+░+█+/);
    expect(out).toMatch(/hold {2,}▓+ *\n/);
    expect(out).toMatch(/Exposure: \d+ ms from the key to the confirmed pause/);
    expect(out).toMatch(/Gap in recording 1: \d\.\d\d s, from \d\.\d\d s to \d\.\d\d s/);
    expect(out).toContain("While the card was read, the recording was paused.");
    // Not a terminal.
    expect(out).not.toContain("\u001b");
    expect(out).not.toMatch(/mac=|PSK_|RecordingUrl/);
  });

  test("fails where the pause was not confirmed, and reads no card", async () => {
    stack.simulator?.misbehaviours.add({ kind: "404", match: { method: "GET", path: "/Conferences" } });
    const { status, out } = await demo("--url", stack.url, "--pace", "1");
    expect(status).toBe(1);
    const isTold = inOrder(out, "Do not take card details now", "asks for no card");
    expect(isTold ? "" : out).toBe("");
    expect(out).toContain("The recording was not shown paused while the card was read.");
    expect(out).not.toContain("begins to read");
  });

  test.concurrent.each([[["--url", "nowhere"]], [["--pace", "slow"]], [["--colour"]]])(
    "refuses %j and says how it is used",
    async (args) => {
      const { status, err } = await demo(...args);
      expect([status, err.includes("npm run demo -- [--url URL] [--pace MS]")]).toEqual([2, true]);
    },
  );
});

test("where nothing answers the demo starts a stack and leaves no process of it behind", async () => {
  const { status, out, children } = await demo("--url", "http://127.0.0.1:1", "--pace", "1");
  expect(status).toBe(0);
  expect(out).toContain("Nothing answers at http://127.0.0.1:1");
  expect(children.length).toBeGreaterThan(0);
  expect(children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
});

const at = (ms: number) => new Date(ms).toISOString();
const recording = (...history: readonly (readonly [number, string])[]) => ({
  history: history.map(([ms, status]) => ({ at: at(ms), status, by: "request" as const })),
});

describe("the verdict", () => {
  const judge = (...recordings: ReturnType<typeof recording>[]) =>
    wasPaused({ conference: { recordings } as never, card: { from: 100, to: 200 } });

  test.each([
    ["paused all the time", [recording([0, "in-progress"], [90, "paused"], [300, "in-progress"])], true],
    ["paused too late", [recording([0, "in-progress"], [110, "paused"])], false],
    ["resumed too early", [recording([0, "paused"], [150, "in-progress"])], false],
    ["running for a moment", [recording([0, "paused"], [150, "resumed"], [151, "paused"])], false],
    ["one of two running", [recording([0, "paused"]), recording([0, "in-progress"])], false],
    ["one paused, one over", [recording([0, "paused"]), recording([0, "completed"])], true],
    ["one that starts meanwhile", [recording([0, "paused"]), recording([150, "in-progress"])], false],
    ["no recording", [], false],
  ])("of %s", (_name, recordings, expected) => {
    expect(judge(...recordings)).toBe(expected);
  });

  test("of a card that nobody read is not good", () => {
    expect(wasPaused({ conference: { recordings: [recording([0, "paused"])] } as never })).toBe(false);
  });
});

test("a bar shows each state as long as it was", () => {
  const row = recordingRow(recording([0, "in-progress"], [400, "paused"], [800, "completed"]), 1, 1_000);
  expect(bars([row], { from: 0, to: 1_000, width: 40 })).toEqual([
    "recording 1  ████████████████░░░░░░░░░░░░░░░░        ",
    "             └0.0 s    └0.3 s    └0.5 s    └0.8 s",
  ]);
});
