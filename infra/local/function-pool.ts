import { type EnvironmentSettings, ExecutionEnvironment, type InvocationResult } from "./function-process.ts";

/** How many processes a function may have at once; the next invocation waits. */
const MAX_ENVIRONMENTS = 10;

/** One function: as many execution environments as are needed at once, one invocation at a time in each. */
export class FunctionPool {
  readonly #settings: EnvironmentSettings;
  readonly #environments: ExecutionEnvironment[] = [];
  readonly #queue: (() => void)[] = [];
  /** Has an invocation, or is about to get one. */
  readonly #taken = new Set<ExecutionEnvironment>();
  #starting = 0;

  constructor(settings: EnvironmentSettings) {
    this.#settings = settings;
  }

  has(qualifier: string | undefined): boolean {
    return qualifier === undefined || qualifier === "$LATEST" || this.#settings.aliases.includes(qualifier);
  }

  /** `qualifier`: the alias that was named, if one was. */
  async invoke(event: unknown, qualifier?: string): Promise<InvocationResult> {
    const environment = await this.#free();
    const arn = `arn:aws:lambda:us-east-1:000000000000:function:${this.#settings.functionName}`;
    const invokedFunctionArn = qualifier === undefined ? arn : `${arn}:${qualifier}`;
    try {
      return await environment.invoke({ event, invokedFunctionArn });
    } finally {
      this.#taken.delete(environment);
      if (!environment.alive) this.#drop(environment);
      this.#queue.shift()?.();
    }
  }

  /** Ends every process without a word, as a crash would. @returns how many there were */
  kill(): number {
    const all = [...this.#environments];
    for (const environment of all) environment.kill();
    this.#environments.length = 0;
    return all.length;
  }

  get pids(): readonly number[] {
    return this.#environments.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  async #free(): Promise<ExecutionEnvironment> {
    for (;;) {
      const idle = this.#environments.find((one) => one.alive && !this.#taken.has(one));
      if (idle !== undefined) {
        this.#taken.add(idle);
        return idle;
      }
      if (this.#environments.length + this.#starting < MAX_ENVIRONMENTS) return this.#add();
      await new Promise<void>((resolve) => this.#queue.push(resolve));
    }
  }

  async #add(): Promise<ExecutionEnvironment> {
    this.#starting += 1;
    try {
      const environment = new ExecutionEnvironment(this.#settings);
      await environment.start();
      this.#environments.push(environment);
      this.#taken.add(environment);
      return environment;
    } finally {
      this.#starting -= 1;
    }
  }

  #drop(environment: ExecutionEnvironment): void {
    const index = this.#environments.indexOf(environment);
    if (index >= 0) this.#environments.splice(index, 1);
  }
}
