import { createChainedLedger, type ItemReader, type Items } from "../../functions/ledger/chained-ledger.ts";
import { type Ledger, LedgerFailure } from "../../functions/ledger/ledger.ts";
import type { StoredItem } from "../../functions/ledger/stored-item.ts";

export type ItemCall = {
  readonly operation: "put" | "newest" | "at" | "all";
  readonly partition: string;
  /** The item that a `put` is about to write. */
  readonly item?: StoredItem;
};

/** What goes wrong, or late, on the way to and from the table. Throwing makes a LedgerFailure of the call. */
export type ItemHooks = {
  /** The call has not arrived yet: where this throws, nothing was written. */
  before?: (call: ItemCall) => void | Promise<void>;
  /** The call took effect: where this throws, its answer is lost. */
  after?: (call: ItemCall) => void | Promise<void>;
};

/** What several ledgers ("processes") share. Items may be edited by a test. */
export type InMemoryTable = { readonly partitions: Map<string, StoredItem[]>; lastId: number };

export const createInMemoryTable = (): InMemoryTable => ({ partitions: new Map(), lastId: 0 });

/**
 * The ledger with its table in memory: the same chaining as in DynamoDB, each call taking effect at one instant
 * between its hooks. `hooks` may be changed at any time.
 */
export function createInMemoryLedger(
  options: { table?: InMemoryTable; hooks?: ItemHooks; retentionDays?: number } = {},
): Ledger & ItemReader & { readonly table: InMemoryTable; readonly hooks: ItemHooks } {
  const { table = createInMemoryTable(), hooks = {}, retentionDays = 400 } = options;
  const newId = () => {
    table.lastId += 1;
    return `append-${table.lastId}`;
  };
  return { ...createChainedLedger(inMemoryItems(table, hooks), { retentionDays, newId }), table, hooks };
}

function inMemoryItems(table: InMemoryTable, hooks: ItemHooks): Items {
  const inPartition = (partition: string) => table.partitions.get(partition) ?? [];

  async function call<T>(about: ItemCall, effect: () => T): Promise<T> {
    try {
      await hooks.before?.(about);
      const answer = effect();
      await hooks.after?.(about);
      return answer;
    } catch (cause) {
      throw new LedgerFailure(`no answer to ${about.operation}`, { cause });
    }
  }

  return {
    async put(item) {
      const isFree = await call({ operation: "put", partition: item.pk, item }, () => {
        const others = inPartition(item.pk);
        if (others.some(({ sk }) => sk === item.sk)) return false;
        table.partitions.set(
          item.pk,
          [...others, item].sort((a, b) => a.sk - b.sk),
        );
        return true;
      });
      if (!isFree) throw new Error("the position is taken");
    },
    newest: (partition) => call({ operation: "newest", partition }, () => inPartition(partition).at(-1)),
    at: (partition, position) =>
      call({ operation: "at", partition }, () => inPartition(partition).find(({ sk }) => sk === position)),
    all: (partition) => call({ operation: "all", partition }, () => [...inPartition(partition)]),
  };
}
