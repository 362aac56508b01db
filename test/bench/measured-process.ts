// One process as Lambda would run it: started, initialised, put under a limit, asked.
import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

const runtime = join(import.meta.dirname, "runtime.cjs");

export type Told = {
  readonly ready?: true;
  readonly answer?: unknown;
  readonly error?: string;
  /** CPU time of the process so far, user and system. */
  readonly cpuMs: number;
  readonly maxRssKb: number;
  /** Node.js has loaded undici. */
  readonly undici: boolean;
  /** When it was told, on the clock of performance.now(). */
  readonly at: number;
};

export class MeasuredProcess {
  readonly startedAt: number;
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #told: Told[] = [];
  #waiting: ((told: Told) => void) | undefined;
  #output = "";
  /** What it has written so far, both streams. */
  outputBytes = 0;

  /** Starts `entry`, a file that exports `handler`. */
  constructor(entry: string, variables: Readonly<Record<string, string>>) {
    this.startedAt = performance.now();
    this.#child = spawn(process.execPath, [runtime, entry], {
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: variables,
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        this.outputBytes += chunk.byteLength;
        this.#output = (this.#output + chunk.toString()).slice(-4_000);
      });
    }
    this.#channel = this.#child.stdio[3] as Socket;
    let rest = "";
    this.#channel.on("data", (chunk: Buffer) => {
      const at = performance.now();
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#take({ ...(JSON.parse(line) as Omit<Told, "at">), at });
    });
    this.#child.once("exit", () => this.#take({ error: "it ended", ...nothing, at: performance.now() }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when the handler's module is loaded. @throws Error with what it wrote, where that failed */
  ready(): Promise<Told> {
    return this.#next();
  }

  /** One invocation, and when it was handed over. @throws Error where the handler threw */
  async invoke(event: unknown, timeoutMs = 20_000): Promise<{ readonly at: number; readonly told: Told }> {
    const at = performance.now();
    this.#channel.write(`${JSON.stringify({ event, timeoutMs })}\n`);
    return { at, told: await this.#next() };
  }

  freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child.kill("SIGCONT");
  }

  /** Kills it, frozen or not. Resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.kill("SIGKILL");
    await gone;
  }

  async #next(): Promise<Told> {
    const told = this.#told.shift() ?? (await new Promise<Told>((resolve) => (this.#waiting = resolve)));
    if (told.error === undefined) return told;
    throw new Error(`${told.error}\n${this.#output}`);
  }

  #take(told: Told): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) this.#told.push(told);
    else waiting(told);
  }
}

const nothing = { cpuMs: 0, maxRssKb: 0, undici: false };
