import type { Check, CheckQueue } from "../../functions/ledger/ledger.ts";
import type { Millis } from "../../functions/recording/ids.ts";

export type QueuedCheck = { readonly check: Check; readonly delaySeconds: number; readonly dueAt: Millis };

export type CheckQueueHooks = {
  /** Throwing rejects the send: nothing was queued. */
  before?: (check: Check) => void | Promise<void>;
  /** Throwing rejects the send although the check was queued. */
  after?: (check: Check) => void | Promise<void>;
};

export type InMemoryCheckQueue = CheckQueue & {
  readonly hooks: CheckQueueHooks;
  /** Every check ever sent, in the order of sending. */
  readonly sent: readonly QueuedCheck[];
  /** What is waiting, soonest first. */
  waiting(): readonly QueuedCheck[];
  /** Takes what is due by now off the queue, soonest first. */
  takeDue(): readonly Check[];
};

/** The queue of checks in memory. `hooks` may be changed at any time. */
export function createInMemoryCheckQueue(options: {
  now: () => Millis;
  hooks?: CheckQueueHooks;
}): InMemoryCheckQueue {
  const { now, hooks = {} } = options;
  const sent: QueuedCheck[] = [];
  let waiting: QueuedCheck[] = [];

  return {
    hooks,
    sent,
    waiting: () => waiting,
    async send(check, delaySeconds) {
      // SQS refuses these too, and a refused check is one that never comes.
      if (!Number.isInteger(delaySeconds) || delaySeconds < 0 || delaySeconds > 900)
        throw new RangeError(`no delay for a check: ${delaySeconds} s`);
      await hooks.before?.(check);
      const queued = { check, delaySeconds, dueAt: now() + delaySeconds * 1000 };
      sent.push(queued);
      waiting = [...waiting, queued].sort((a, b) => a.dueAt - b.dueAt);
      await hooks.after?.(check);
    },
    takeDue() {
      const due = waiting.filter(({ dueAt }) => dueAt <= now());
      waiting = waiting.filter(({ dueAt }) => dueAt > now());
      return due.map(({ check }) => check);
    },
  };
}
