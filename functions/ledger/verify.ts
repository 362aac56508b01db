import { type ConferenceState, nothingYet } from "../recording/conference.ts";
import type { ConferenceRef } from "../recording/ids.ts";
import { canonicalJson, hashBeforeFirst } from "./hash.ts";
import type { Entry } from "./ledger.ts";
import { partitionOf, type StoredItem, unsealEntry } from "./stored-item.ts";

/** The state after an entry, from the state before it. */
export type Replay = (
  before: ConferenceState,
  entry: Pick<Entry, "position" | "at" | "chain" | "facts">,
) => ConferenceState;

export type Verification = {
  readonly intact: boolean;
  readonly entries: number;
  /** The first position that does not fit, be it edited, missing or one too many; null where all fit. */
  readonly brokenAt: number | null;
};

/**
 * Goes through the items of one ledger as the table has them, by ascending position: positions 1, 2, 3 …, every
 * text with its hash and the hash of the one before, every state the replay of the facts up to there.
 * Two things it cannot see: that the newest entries were removed, and that all from one on were written anew with
 * new hashes. Against those stand the rights on the table, and a copy of the newest hash kept elsewhere.
 */
export function verifyChain(ref: ConferenceRef, items: readonly StoredItem[], replay: Replay): Verification {
  let previousHash = hashBeforeFirst;
  let state = nothingYet;
  for (const [index, item] of items.entries()) {
    const position = index + 1;
    const broken: Verification = { intact: false, entries: items.length, brokenAt: position };
    if (item.sk !== position || item.pk !== partitionOf(ref)) return broken;
    try {
      const { entry } = unsealEntry(item);
      state = replay(state, entry);
      if (entry.previousHash !== previousHash) return broken;
      if (canonicalJson(entry.state) !== canonicalJson(state)) return broken;
      previousHash = entry.hash;
    } catch {
      return broken;
    }
  }
  return { intact: true, entries: items.length, brokenAt: null };
}
