export type LoggedRequest = {
  /** 1, 2, 3 … in the order of receipt. */
  readonly number: number;
  readonly at: number;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  /** False where the credentials were missing or refused. The credentials themselves are not kept. */
  readonly authorized: boolean;
  /** The misbehaviours that it met, by kind. */
  readonly misbehaviours: readonly string[];
  /** Which status it was answered with; null while, or because, it was not. */
  readonly status: number | null;
};
type Entry = { -readonly [Key in keyof LoggedRequest]: LoggedRequest[Key] };

/** So that a stack that runs for days does not eat the memory. */
const kept = 10_000;

/** Every request to the REST API, oldest first. */
export class RequestLog {
  readonly #entries: Entry[] = [];
  #received = 0;

  /** @returns the entry, to which the answer is added later */
  add(request: Omit<LoggedRequest, "number" | "status">): Entry {
    this.#received += 1;
    const entry: Entry = { number: this.#received, ...request, status: null };
    this.#entries.push(entry);
    if (this.#entries.length > kept) this.#entries.shift();
    return entry;
  }

  all(): readonly LoggedRequest[] {
    return this.#entries;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}
