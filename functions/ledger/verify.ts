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

/** An item as the table has it. */
export type FoundItem = StoredItem & {
  /** Names of attributes that no entry is written with. */
  readonly others?: readonly string[];
};

/** What somebody knows of an entry from elsewhere: an answer, a log line, or evidence that was gathered before. */
export type KnownEntry = { readonly position: number; readonly hash?: string };

export type Verification = {
  readonly intact: boolean;
  readonly entries: number;
  /** The first position that does not fit, be it edited, missing or one too many; null where all fit. */
  readonly brokenAt: number | null;
};

/**
 * Goes through the items of one ledger as the table has them, by ascending position: positions 1, 2, 3 …, every
 * text with its hash and the hash of the one before, every state the replay of the facts up to there, and nothing besides.
 * Two things it cannot see by itself: that the newest entries were removed, and that all from one on were written anew with
 * new hashes. `known` shows both, up to its position. Against both stand the rights on the table.
 */
export function verifyChain(
  ref: ConferenceRef,
  items: readonly FoundItem[],
  replay: Replay,
  known?: KnownEntry,
): Verification {
  const broken = [firstBroken(ref, items, replay), notAsKnown(items, known)].filter(
    (position) => position !== null,
  );
  const brokenAt = broken.length === 0 ? null : Math.min(...broken);
  return { intact: brokenAt === null, entries: items.length, brokenAt };
}

function firstBroken(ref: ConferenceRef, items: readonly FoundItem[], replay: Replay): number | null {
  let previousHash = hashBeforeFirst;
  let state = nothingYet;
  for (const [index, item] of items.entries()) {
    const position = index + 1;
    if (item.sk !== position || item.pk !== partitionOf(ref) || item.others !== undefined) return position;
    try {
      const { entry } = unsealEntry(item);
      state = replay(state, entry);
      if (entry.previousHash !== previousHash) return position;
      if (canonicalJson(entry.state) !== canonicalJson(state)) return position;
      previousHash = entry.hash;
    } catch {
      return position;
    }
  }
  return null;
}

function notAsKnown(items: readonly FoundItem[], known: KnownEntry | undefined): number | null {
  if (known === undefined) return null;
  const there = items[known.position - 1];
  if (there === undefined) return items.length + 1;
  return known.hash === undefined || known.hash === there.hash ? null : known.position;
}
