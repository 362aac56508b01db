import type { Millis } from "../recording/ids.ts";

/** SignalWire reads an answer for five seconds ("Webhook timeouts"); what is not known by now is answered without. */
const ANSWER_MS = 4_000;

export type Clock = { readonly now: () => Millis; readonly sleep: (ms: Millis) => Promise<void> };

/** Milliseconds that are left for the answer to what was received at `receivedAt`. */
export const timeLeft = ({ now }: Clock, receivedAt: Millis): number =>
  Math.max(0, receivedAt + ANSWER_MS - now());

/** What `doing` comes to within `ms`; undefined: nothing by then, or it failed. It goes on, and nobody waits for it. */
export const within = <Value>(
  { sleep }: Clock,
  ms: Millis,
  doing: Promise<Value>,
): Promise<Value | undefined> =>
  Promise.race([doing.catch(() => undefined), sleep(ms).then(() => undefined)]);
