// One execution environment: a process of its own that runs the built bundle, asks for one invocation after the other,
// and is frozen in between, as on Lambda.
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { listen, readBody } from "./http.ts";

export type Invocation = {
  readonly event: unknown;
  readonly invokedFunctionArn: string;
};
export type InvocationResult =
  | { readonly ok: true; readonly answer: string }
  | {
      readonly ok: false;
      readonly error: { errorType: string; errorMessage: string; trace?: readonly string[] };
    };

export type EnvironmentSettings = {
  readonly bundle: string;
  readonly functionName: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly aliases: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  /** Told of each process that is started. */
  readonly onStart?: (pid: number) => void;
};

const bootstrap = join(import.meta.dirname, "bootstrap.mjs");
const INIT_TIMEOUT_MS = 10_000;

type Current = {
  readonly id: string;
  readonly invocation: Invocation;
  readonly finish: (result: InvocationResult) => void;
};

export class ExecutionEnvironment {
  #child: ChildProcess | undefined;
  #server: Server | undefined;
  /** The open request for the next invocation, while there is none. */
  #waiting: ServerResponse | undefined;
  #current: Current | undefined;
  #initFailure: InvocationResult | undefined;
  #timeoutTimer: NodeJS.Timeout | undefined;
  readonly #settings: EnvironmentSettings;
  alive = true;

  constructor(settings: EnvironmentSettings) {
    this.#settings = settings;
  }

  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 0; // as long as an invocation takes
    const { port } = await listen(this.#server, 0);
    const { bundle, functionName, memoryMb, variables } = this.#settings;
    this.#child = spawn(process.execPath, [bootstrap], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...variables,
        PATH: process.env.PATH ?? "",
        AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}`,
        AWS_LAMBDA_FUNCTION_NAME: functionName,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
        AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
        HOLDFAST_LOCAL_BUNDLE: pathToFileURL(join(bundle, "index.mjs")).href,
      },
    });
    if (this.#child.pid !== undefined) this.#settings.onStart?.(this.#child.pid);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (chunk: Buffer) => process.stderr.write(chunk));
    }
    this.#child.once("exit", () => this.#ended());
  }

  /** One invocation; the environment must be free. */
  invoke(invocation: Invocation): Promise<InvocationResult> {
    return new Promise((resolve) => {
      if (this.#initFailure !== undefined || !this.alive) return resolve(this.#initFailure ?? crashed());
      this.#current = { id: randomUUID(), invocation, finish: resolve };
      // The first one starts the clock when the initialisation is through.
      this.#arm(this.#waiting === undefined ? INIT_TIMEOUT_MS : this.#settings.timeoutMs);
      this.#hand();
    });
  }

  /** Kills the process, frozen or not. */
  kill(): void {
    this.#child?.kill("SIGKILL");
    this.#server?.close();
    this.#server?.closeAllConnections();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  #hand(): void {
    const current = this.#current;
    const waiting = this.#waiting;
    if (current === undefined || waiting === undefined) return;
    this.#waiting = undefined;
    this.#arm(this.#settings.timeoutMs);
    this.#child?.kill("SIGCONT");
    waiting.writeHead(200, {
      "lambda-runtime-aws-request-id": current.id,
      "lambda-runtime-deadline-ms": String(Date.now() + this.#settings.timeoutMs),
      "lambda-runtime-invoked-function-arn": current.invocation.invokedFunctionArn,
    });
    waiting.end(JSON.stringify(current.invocation.event));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "";
    if (path.endsWith("/invocation/next")) {
      this.#waiting = response;
      if (this.#current === undefined) this.#child?.kill("SIGSTOP");
      else this.#hand();
      return;
    }
    const body = (await readBody(request).catch(() => Buffer.from("{}"))).toString();
    response.writeHead(202).end("{}");
    if (path.endsWith("/response")) this.#finish({ ok: true, answer: body });
    else if (path.endsWith("/init/error")) this.#initFailed({ ok: false, error: JSON.parse(body) });
    else this.#finish({ ok: false, error: JSON.parse(body) });
  }

  #initFailed(failure: InvocationResult): void {
    this.#initFailure = failure;
    this.alive = false;
    this.#finish(failure);
  }

  #arm(timeoutMs: number): void {
    clearTimeout(this.#timeoutTimer);
    this.#timeoutTimer = setTimeout(() => {
      const seconds = (timeoutMs / 1000).toFixed(2);
      this.alive = false;
      this.#finish({
        ok: false,
        error: { errorType: "Sandbox.Timedout", errorMessage: `Task timed out after ${seconds} seconds` },
      });
      this.kill();
    }, timeoutMs);
  }

  #finish(result: InvocationResult): void {
    clearTimeout(this.#timeoutTimer);
    const current = this.#current;
    this.#current = undefined;
    current?.finish(result);
  }

  #ended(): void {
    this.alive = false;
    this.#finish(crashed());
    this.kill();
  }
}

const crashed = (): InvocationResult => ({
  ok: false,
  error: { errorType: "Runtime.ExitError", errorMessage: "the process of the function ended" },
});
