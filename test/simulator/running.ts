import { afterEach } from "vitest";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../infra/local/simulator/simulator.ts";

export const project = "0f3c9a52-6d1e-4b7a-9c58-2e1d7f40ab13";
export const apiToken = "PTmadeuptoken0001";
export const signingKey = "PSK_MadeUpKeyOfTheTests01";
export const unknownSid = "00000000-0000-4000-8000-000000000000";

type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
};
/** What a test reads out of a JSON answer; a field that is not there is undefined. */
type Body = ReturnType<typeof JSON.parse>;

/** A simulator, its REST API as its client sees it, and its control API. */
export type Running = {
  readonly simulator: Simulator;
  /** `path` is below the account; with a form it is a POST. */
  rest(path: string, form?: Readonly<Record<string, string>>): Promise<Answer>;
  restAs(init: RequestInit, path: string): Promise<Answer>;
  control(method: string, path: string, body?: unknown): Promise<Answer>;
};

const started: Simulator[] = [];

afterEach(async () => {
  for (const simulator of started.splice(0)) await simulator.close();
});

export const basic = (token: string): string =>
  `Basic ${Buffer.from(`${project}:${token}`).toString("base64")}`;

/** It is closed after the test. */
export async function running(options: Partial<SimulatorOptions> = {}): Promise<Running> {
  const simulator = await startSimulator({ project, apiToken, signingKey, ...options });
  started.push(simulator);
  const restAs = async (init: RequestInit, path: string) => {
    const url = path.startsWith("/")
      ? `${simulator.url}${path}`
      : `${simulator.url}/api/laml/2010-04-01/Accounts/${project}/${path}`;
    return answerOf(await fetch(url, init));
  };
  return {
    simulator,
    restAs,
    rest: (path, form) =>
      restAs(
        {
          method: form === undefined ? "GET" : "POST",
          headers: { authorization: basic(apiToken) },
          ...(form && { body: new URLSearchParams(form) }),
        },
        path,
      ),
    control: async (method, path, body) =>
      answerOf(
        await fetch(`${simulator.url}/_simulator/${path}`, {
          method,
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      ),
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get("content-type") === "application/json";
  let body: unknown;
  try {
    body = isJson ? JSON.parse(text) : undefined;
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, text, body };
}

/** A clock that stands still until it is moved. */
export class ManualClock {
  #now: number;
  #sleepers: { readonly until: number; readonly wake: () => void }[] = [];

  constructor(start = Date.parse("2026-11-23T15:46:00Z")) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => this.#sleepers.push({ until: this.#now + ms, wake }));

  /** Wakes whoever is due, and lets them go on. */
  async advance(ms: number): Promise<void> {
    this.#now += ms;
    const due = this.#sleepers.filter(({ until }) => until <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ until }) => until > this.#now);
    for (const { wake } of due) wake();
    await new Promise((resolve) => setImmediate(resolve));
  }

  get sleeping(): number {
    return this.#sleepers.length;
  }
}
