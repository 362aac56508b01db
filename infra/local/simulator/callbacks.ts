import type { Clock } from "./clock.ts";
import type { Credentials } from "./credentials.ts";
import type { CallbackTarget } from "./resources.ts";
import type { Settings } from "./settings.ts";
import type { Params } from "./signature.ts";
import { sendWebhook } from "./webhook.ts";

export type Delivery = {
  /** When it was first tried. */
  readonly at: number;
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  /** What came of each attempt: the status of the answer, or why there was none. */
  readonly attempts: readonly (number | string)[];
};
type Entry = {
  at: number;
  readonly url: string;
  readonly params: Delivery["params"];
  readonly attempts: (number | string)[];
};

/** So that a stack that runs for days does not eat the memory. */
const kept = 10_000;

/** Delivers status callbacks: up to three attempts each, the first ones in the order of the events. */
export class Callbacks {
  readonly #credentials: Credentials;
  readonly #settings: () => Settings;
  readonly #clock: Clock;
  readonly #deliveries: Entry[] = [];
  readonly #open = new Set<Promise<void>>();
  /** By URL: one that hangs holds up its own callbacks only. */
  readonly #lastFirstAttempt = new Map<string, Promise<boolean>>();
  #isClosed = false;

  constructor(credentials: Credentials, settings: () => Settings, clock: Clock) {
    this.#credentials = credentials;
    this.#settings = settings;
    this.#clock = clock;
  }

  deliver({ url, method }: CallbackTarget, params: Params): void {
    const { callbackCopies, callbackDelayMs } = this.#settings();
    for (let copy = 0; copy < callbackCopies; copy += 1) {
      const entry: Entry = { at: 0, url, params: Object.fromEntries(params), attempts: [] };
      const due = callbackDelayMs > 0 ? this.#clock.sleep(callbackDelayMs) : undefined;
      const first = Promise.all([due, this.#lastFirstAttempt.get(url)]).then(() =>
        this.#attempt(entry, { url, method }, params),
      );
      this.#lastFirstAttempt.set(url, first);
      this.#watch(first.then((isDone) => (isDone ? undefined : this.#retry(entry, { url, method }, params))));
    }
  }

  all(): readonly Delivery[] {
    return this.#deliveries;
  }

  clear(): void {
    this.#deliveries.length = 0;
  }

  /** Fulfilled when nothing is left to deliver. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  close(): void {
    this.#isClosed = true;
  }

  async #retry(entry: Entry, target: Pick<CallbackTarget, "url" | "method">, params: Params): Promise<void> {
    for (const waitMs of this.#settings().callbackRetryMs) {
      await this.#clock.sleep(waitMs);
      if (await this.#attempt(entry, target, params)) return;
    }
  }

  /** @returns true where nothing more has to be done */
  async #attempt(
    entry: Entry,
    target: Pick<CallbackTarget, "url" | "method">,
    params: Params,
  ): Promise<boolean> {
    if (this.#isClosed) return true;
    if (entry.attempts.length === 0) {
      entry.at = this.#clock.now();
      this.#deliveries.push(entry);
    }
    if (this.#deliveries.length > kept) this.#deliveries.shift();
    const sending = sendWebhook({ ...target, params }, this.#credentials.signingKey, this.#settings());
    const outcome = await sending.then(
      ({ status }) => status,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    entry.attempts.push(outcome);
    return typeof outcome === "number" && outcome >= 200 && outcome <= 299;
  }

  #watch(delivering: Promise<void>): void {
    const done = delivering.finally(() => this.#open.delete(done));
    this.#open.add(done);
  }
}
