import type { Rotation } from "./many-environments.ts";

// How a key is replaced as docs/security.md says, and what may come of it.

type Who = "older" | "newer" | "stranger";
export type Found = {
  /** How often a valid request was answered with which status. */
  readonly valid: { readonly [status: number]: number };
  /** What somebody was answered who has the key that was withdrawn: at once, from ten seconds on, from five minutes on. */
  readonly withdrawn: {
    readonly atOnce: readonly number[];
    readonly tenSeconds: readonly number[];
    readonly fiveMinutes: readonly number[];
  };
};

export const situations: [string, boolean][] = [
  ["while all that comes in is valid", false],
  ["while a stranger tries signatures all the time", true],
];

const all = { valid: 110 * 50 };
/** What a process has read is good for five minutes. */
export const asOfFiveMinutes = (taken: number, refused: number): Found => ({
  valid: { [taken]: all.valid },
  withdrawn: { atOnce: [taken], tenSeconds: [taken], fiveMinutes: [refused] },
});
/** An unknown signature has it read again, at most once in ten seconds. */
export const asOfTenSeconds = (taken: number, refused: number): Found => ({
  valid: { [taken]: all.valid },
  withdrawn: { atOnce: [taken, refused], tenSeconds: [refused], fiveMinutes: [refused] },
});

export async function replaceKey(
  virtual: Rotation,
  {
    isBusy,
    send,
    list,
  }: {
    readonly isBusy: boolean;
    /** @returns the status */
    readonly send: (environment: number, who: Who) => Promise<number>;
    /** Writes the secret. */
    readonly list: (...who: Who[]) => Promise<void>;
  },
): Promise<Found> {
  const valid: Record<number, number> = {};
  const withdrawn = {
    atOnce: new Set<number>(),
    tenSeconds: new Set<number>(),
    fiveMinutes: new Set<number>(),
  };
  /** Whoever signs changes over between the seconds 20 and 40. */
  const signer = (tick: number) =>
    virtual.at() < 20 || (virtual.at() < 40 && tick % 2 === 0) ? "older" : "newer";
  const request = async (environment: number, tick: number) => {
    const isTenth = tick % 10 === 0;
    if (isBusy && isTenth) await send(environment, "stranger");
    const status = await send(environment, signer(tick));
    valid[status] = (valid[status] ?? 0) + 1;
    if (virtual.at() < 60 || !isTenth) return;
    const since = virtual.at() < 70 ? "atOnce" : virtual.at() < 360 ? "tenSeconds" : "fiveMinutes";
    withdrawn[since].add(await send(environment, "older"));
  };
  await virtual.run({ from: 0, to: 90 }, request, {
    10: () => list("older", "newer"), // ten seconds before its first use
    60: () => list("newer"),
  });
  await virtual.run({ from: 360, to: 380 }, request);
  const sorted = (statuses: ReadonlySet<number>) => [...statuses].toSorted();
  return {
    valid,
    withdrawn: {
      atOnce: sorted(withdrawn.atOnce),
      tenSeconds: sorted(withdrawn.tenSeconds),
      fiveMinutes: sorted(withdrawn.fiveMinutes),
    },
  };
}
