/** What a person at the phone does: presses a key, lets the time run out, hangs up. `released`: the conference let go of the call. */
export type Key = string;

/** Keys that were pressed and not yet read, and who is waiting for one. */
export class Keypad {
  readonly #pressed: Key[] = [];
  #reader: ((key: Key) => void) | undefined;
  #onIdle: (() => void)[] = [];
  #isDone = false;

  /** The next key; waits for it. */
  next(): Promise<Key> {
    const key = this.#pressed.shift();
    if (key !== undefined) return Promise.resolve(key);
    return new Promise((resolve) => {
      this.#reader = resolve;
      this.#tellIdle();
    });
  }

  press(keys: readonly Key[]): void {
    this.#pressed.push(...keys);
    this.#hand();
  }

  /** Comes before all keys that were pressed. */
  interrupt(key: Key): void {
    this.#pressed.unshift(key);
    this.#hand();
  }

  /** Nobody will read any more. */
  done(): void {
    this.#isDone = true;
    this.#tellIdle();
  }

  /** Fulfilled as soon as nothing goes on without another key. */
  idle(): Promise<void> {
    if (this.#reader !== undefined || this.#isDone) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #hand(): void {
    const reader = this.#reader;
    const key = reader && this.#pressed.shift();
    if (reader === undefined || key === undefined) return;
    this.#reader = undefined;
    reader(key);
  }

  #tellIdle(): void {
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
