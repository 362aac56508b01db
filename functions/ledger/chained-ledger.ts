import type { ConferenceRef } from "../recording/ids.ts";
import { type Entry, type Ledger, LedgerFailure } from "./ledger.ts";
import { partitionOf, type StoredItem, sealEntry, unsealEntry } from "./stored-item.ts";

/** Where the items of the ledgers are. Reading throws LedgerFailure where no answer came. */
export interface Items {
  /** Writes the item if its position is free. Rejects where it is taken, and where it is not known to be written. */
  put(item: StoredItem): Promise<void>;
  newest(partition: string): Promise<StoredItem | undefined>;
  at(partition: string, position: number): Promise<StoredItem | undefined>;
  /** By ascending position. */
  all(partition: string): Promise<readonly StoredItem[]>;
}

/** The items as they are, edited or not: what `verifyChain` works on. */
export interface ItemReader {
  /** By ascending position. @throws LedgerFailure */
  readItems(ref: ConferenceRef): Promise<readonly StoredItem[]>;
}

export type ChainOptions = {
  /** How long entries are kept. */
  readonly retentionDays: number;
  /** A random text, another each time. */
  readonly newId: () => string;
  /** Told of each entry that is over half as large as one can be: commands fail when it is full. */
  readonly onCrowded?: () => void;
};

/** DynamoDB takes 400 KB for an item with its attribute names; 1 KB is left for all but the text. */
const maxEntryBytes = 399 * 1024;
const crowdedEntryBytes = maxEntryBytes / 2;

const isSameItem = (one: StoredItem, other: StoredItem): boolean =>
  one.pk === other.pk &&
  one.sk === other.sk &&
  one.hash === other.hash &&
  one.expires === other.expires &&
  one.entry === other.entry;

/** Entries that each hold the hash of the one before, on top of items that are written only once. */
export function createChainedLedger(
  items: Items,
  { retentionDays, newId, onCrowded }: ChainOptions,
): Ledger & ItemReader {
  // What was written last is most often what is read next; it need not be read out of its text once more.
  let last: { readonly item: StoredItem; readonly entry: Entry } | undefined;
  const entryOf = (item: StoredItem): Entry => {
    if (last === undefined || !isSameItem(last.item, item)) last = { item, entry: unsealEntry(item).entry };
    return last.entry;
  };

  const append: Ledger["append"] = async (newEntry, after) => {
    const expires = Math.floor(newEntry.at / 1000) + retentionDays * 86_400;
    const id = newId();
    const { entry, item } = sealEntry(newEntry, after, { id, expires });
    const bytes = Buffer.byteLength(item.entry);
    if (bytes > crowdedEntryBytes) onCrowded?.();
    if (bytes > maxEntryBytes)
      throw new LedgerFailure(`entry ${item.sk} is larger than the 400 KB that DynamoDB stores`);
    try {
      await items.put(item);
      last = { item, entry };
      return entry;
    } catch (cause) {
      // No answer may mean written, and "taken" may mean by our own first attempt, which was sent again: only
      // a look at the position tells. Nothing there tells nothing, as the write may still be on its way.
      const there = await items.at(item.pk, item.sk);
      if (there === undefined)
        throw new LedgerFailure(`entry ${item.sk} is not known to be written`, { cause });
      return unsealEntry(there).seal.id === id ? entry : "conflict";
    }
  };

  return {
    append,
    async newest(ref) {
      const item = await items.newest(partitionOf(ref));
      return item && entryOf(item);
    },
    async entries(ref) {
      const all = await items.all(partitionOf(ref));
      return all.map((item): Entry => unsealEntry(item).entry);
    },
    readItems: (ref) => items.all(partitionOf(ref)),
  };
}
