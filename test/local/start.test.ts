import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";

// Most of it is the time that a whole stack takes to start, twice in one test, on a machine that does other things too.
vi.setConfig({ testTimeout: 180_000 });

const root = join(import.meta.dirname, "..", "..");
const run = (script: string, args: readonly string[]) =>
  spawn(process.execPath, [join(root, "infra", "local", script), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });

const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

async function ended(child: ChildProcess): Promise<{ status: number | null; out: string; err: string }> {
  const text = { out: "", err: "" };
  child.stdout?.on("data", (chunk: Buffer) => (text.out += chunk));
  child.stderr?.on("data", (chunk: Buffer) => (text.err += chunk));
  const [status] = (await once(child, "close")) as [number | null];
  return { status, ...text };
}

type StartLine = Record<
  "url" | "simulator" | "project" | "apiToken" | "signingKey" | "sender" | "senderSecret",
  string
>;

async function started(...args: string[]): Promise<{ child: ChildProcess; line: StartLine }> {
  const child = run("start.ts", ["--port", "0", "--json", ...args]);
  running.push(child);
  const [chunk] = (await once(child.stdout as NonNullable<typeof child.stdout>, "data")) as [Buffer];
  return { child, line: JSON.parse(chunk.toString()) as StartLine };
}

const invoke = (line: StartLine, ...args: string[]) => ended(run("invoke.ts", ["--url", line.url, ...args]));
const parse = (text: string) => JSON.parse(text) as Record<string, unknown>;

async function demo(line: StartLine): Promise<{ conference: string; recordings: string[] }> {
  const response = await fetch(`${line.simulator}/_simulator/conferences`, {
    method: "POST",
    body: JSON.stringify({ room: "sales", recordings: 2, participants: 2 }),
  });
  return (await response.json()) as { conference: string; recordings: string[] };
}

/** Processes below `pid`, by the kernel's own list. */
function below(pid: number): readonly number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, "utf8").split(" ").filter(Boolean).map(Number) : [];
}

describe("npm start", () => {
  test("prints one line, holds, shows and releases, and leaves no process behind when it is stopped", async () => {
    const { child, line } = await started();
    expect(Object.keys(line)).toEqual([
      "url",
      "simulator",
      "project",
      "apiToken",
      "signingKey",
      "sender",
      "senderSecret",
    ]);
    const { conference } = await demo(line);
    const paused = await invoke(
      line,
      "control",
      JSON.stringify({ action: "pause", conference, reason: "card-entry", actor: "me" }),
    );
    expect(paused.status).toBe(0);
    expect(parse(paused.out)).toMatchObject({
      safeToCollect: true,
      recordings: [{ status: "paused" }, { status: "paused" }],
    });
    const released = await invoke(
      line,
      "control",
      JSON.stringify({ action: "resume", conference, actor: "me" }),
    );
    expect(parse(released.out)).toMatchObject({ wanted: "in-progress", confirmed: true });

    const children = below(child.pid ?? 0);
    expect(children.length).toBeGreaterThan(0);
    child.kill("SIGTERM");
    expect((await ended(child)).status).toBe(0);
    expect(
      children.filter(
        (pid) =>
          existsSync(`/proc/${pid}/cmdline`) &&
          readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("bootstrap"),
      ),
    ).toEqual([]);
  });

  test("finds a function's process killed and goes on, and fails an invocation with its error object", async () => {
    const { child, line } = await started();
    const { conference } = await demo(line);
    const status = JSON.stringify({ action: "status", conference });
    expect((await invoke(line, "control:read", status)).status).toBe(0);
    for (const pid of below(child.pid ?? 0)) {
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("bootstrap")) process.kill(pid, "SIGKILL");
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await invoke(line, "control", status)).status).toBe(0);
    const failed = await invoke(line, "control", "{}");
    expect(failed.status).toBe(1);
    expect(parse(failed.out)).toMatchObject({ errorType: "InvalidCommand" });
    child.kill("SIGINT");
    expect((await ended(child)).status).toBe(0);
  });

  test("keeps ledger and keys under --data", async () => {
    const data = mkdtempSync(join(tmpdir(), "holdfast-data-"));
    try {
      const first = await started("--data", data);
      const { conference } = await demo(first.line);
      await invoke(
        first.line,
        "control",
        JSON.stringify({ action: "pause", conference, reason: "card-entry", actor: "me" }),
      );
      first.child.kill("SIGTERM");
      await ended(first.child);
      const second = await started("--data", data);
      expect(second.line.senderSecret).toBe(first.line.senderSecret);
      const ledger = await invoke(second.line, "control", JSON.stringify({ action: "ledger", conference }));
      expect(parse(ledger.out)).toMatchObject({ conference, entries: [{ position: 1 }, { position: 2 }] });
      second.child.kill("SIGTERM");
      await ended(second.child);
    } finally {
      rmSync(data, { recursive: true, force: true });
    }
  });

  test.each([
    [["--port", "x"], "--port"],
    [["--signalwire", "https://example.signalwire.com"], "--signalwire"],
    [["--policy", "{"], "--policy"],
    [["--policy", '{"colour":1}'], "--policy"],
    [["--nonsense"], "--nonsense"],
  ])("refuses %j and says what is wrong", async (args, named) => {
    const { status, err, out } = await ended(run("start.ts", args));
    expect([status, out]).toEqual([2, ""]);
    expect(err).toContain(named);
  });
});

describe("npm run invoke", () => {
  test("says that nothing answers, and what is wrong with its input", async () => {
    const unreachable = await ended(run("invoke.ts", ["--url", "http://127.0.0.1:1", "control", "{}"]));
    expect(unreachable.status).toBe(1);
    expect(unreachable.err).toContain("http://127.0.0.1:1");
    expect((await ended(run("invoke.ts", ["control", "{"]))).status).toBe(2);
    expect((await ended(run("invoke.ts", ["control"]))).status).toBe(2);
  });
});
