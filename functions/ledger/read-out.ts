import type { Entry } from "./ledger.ts";
import { type StoredItem, unsealEntry } from "./stored-item.ts";

/** What can be read of a ledger, broken or not. */
export type ReadOut = {
  readonly entries: readonly Entry[];
  /** Positions of the items that cannot be read, as they stand in the table. */
  readonly unreadable: readonly number[];
};

/** Each item by itself: one that was edited hides none of the others. */
export function readOut(items: readonly StoredItem[]): ReadOut {
  const entries: Entry[] = [];
  const unreadable: number[] = [];
  for (const item of items) {
    try {
      entries.push(unsealEntry(item).entry);
    } catch {
      unreadable.push(item.sk);
    }
  }
  return { entries, unreadable };
}
