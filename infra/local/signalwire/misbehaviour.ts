/** What the simulator does wrong on demand. */
export type Misbehaviour = {
  /**
   * `slow`: answers after `ms`. `503`, `429` (with `retryAfter` seconds), `401`, `404`, `html502`: that answer. `reset`: destroys
   * the connection. `drop`: never answers. These apply an update before they fail only with `applied`.
   * `lying`: says that it is done and does not do it. `late`: says so at once and does it after `ms`.
   */
  readonly kind: "slow" | "503" | "429" | "401" | "404" | "html502" | "reset" | "drop" | "lying" | "late";
  /** How often; absent: until it is taken away. */
  times?: number;
  readonly ms?: number;
  readonly retryAfter?: number;
  readonly applied?: boolean;
  /** Only requests of this method, with this in their path, with this `Status` in their form. */
  readonly method?: string;
  readonly pathContains?: string;
  readonly status?: string;
};

const kinds = ["slow", "503", "429", "401", "404", "html502", "reset", "drop", "lying", "late"];

export function isMisbehaviour(value: unknown): value is Misbehaviour {
  return typeof value === "object" && value !== null && "kind" in value && kinds.includes(String(value.kind));
}

export class Misbehaviours {
  #all: Misbehaviour[] = [];

  add(one: Misbehaviour): void {
    this.#all.push({ ...one });
  }

  clear(): void {
    this.#all = [];
  }

  get all(): readonly Misbehaviour[] {
    return this.#all;
  }

  /** The first that fits the request; one that was set for a number of times is counted down. */
  take(method: string, path: string, status: string | null): Misbehaviour | undefined {
    const found = this.#all.find(
      (one) =>
        (one.method === undefined || one.method === method) &&
        (one.pathContains === undefined || path.includes(one.pathContains)) &&
        (one.status === undefined || one.status === status),
    );
    if (found?.times !== undefined) {
      found.times -= 1;
      if (found.times <= 0) this.#all = this.#all.filter((one) => one !== found);
    }
    return found;
  }
}
