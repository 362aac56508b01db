import type { ConferenceState } from "./conference.ts";
import type { Fact } from "./facts.ts";
import { type HoldKey, sourceOf, type Tombstone } from "./hold.ts";
import type { Millis } from "./ids.ts";

// Every entry carries the state after it, and the state remembers each hold that has ended, so that its placement, arriving late,
// holds nothing again. In a conference with thousands of them the entries would grow until the table takes no more.

/** How far behind its source's latest operation a hold has to be before it may be forgotten: no first delivery is that late. */
const KEPT_FOR_MS = 3_600_000;
/** They are forgotten by the hundred, so that few entries have to say so. */
const FORGOTTEN_AT_ONCE = 100;

/**
 * The ended holds that need not be remembered one by one: of one source, all up to a time at it. From then on a placement from up
 * to that time is known as late by its time alone. All times are the source's own, so that a clock that is wrong all the time does no harm.
 */
export function forgetting(state: ConferenceState): readonly Fact[] {
  const ended = Object.entries(state.tombstones) as [HoldKey, Tombstone][];
  if (ended.length < FORGOTTEN_AT_ONCE) return [];
  const active = Object.values(state.holds).map((hold) => ({ source: hold.source, at: hold.at }));
  const operations = Map.groupBy(
    [...active, ...ended.map(([key, { at }]) => ({ source: sourceOf(key), at }))],
    ({ source }) => source,
  );
  return [...operations].flatMap(([source, times]): Fact[] => {
    const upTo = latest(times) - KEPT_FOR_MS;
    const old = ended.filter(([key, { at }]) => sourceOf(key) === source && at <= upTo);
    return old.length < FORGOTTEN_AT_ONCE ? [] : [{ type: "ended-holds-forgotten", source, upTo }];
  });
}

const latest = (times: readonly { readonly at: Millis }[]): Millis =>
  times.reduce((newest, { at }) => Math.max(newest, at), 0);
