// Virtual time. Everything that happens is an event in it; between two events every promise that can go on has gone on.

export type Timeline = {
  readonly now: () => number;
  /** Runs `happen` at `at`, or now if that is past. */
  schedule(at: number, happen: () => void): void;
  /** Runs events up to `until`. @returns how many */
  run(until: number): Promise<number>;
  readonly isEmpty: () => boolean;
};

type Event = { readonly at: number; readonly order: number; readonly happen: () => void };

export function createTimeline(start: number): Timeline {
  const events: Event[] = [];
  let now = start;
  let order = 0;
  // A tick that is asked for by a promise's continuation comes when no promise can go on any more, and costs a tenth of an immediate.
  const settle = () => new Promise<void>((resolve) => process.nextTick(resolve));
  return {
    now: () => now,
    schedule(at, happen) {
      order += 1;
      const event = { at: Math.max(at, now), order, happen };
      const index = events.findLastIndex((one) => one.at <= event.at);
      events.splice(index + 1, 0, event);
    },
    async run(until) {
      let count = 0;
      await settle();
      while (events[0] !== undefined && events[0].at <= until) {
        const event = events.shift() as Event;
        now = event.at;
        event.happen();
        await settle();
        count += 1;
      }
      now = Math.max(now, until);
      return count;
    },
    isEmpty: () => events.length === 0,
  };
}
