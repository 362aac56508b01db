import { expect, test } from "vitest";
import type { StoredItem } from "../../functions/ledger/stored-item.ts";
import { newEntry, ref } from "../ledger/examples.ts";
import { describeLedger, type Subject } from "../ledger/ledger-contract.ts";
import { createInMemoryLedger, createInMemoryTable } from "./in-memory-ledger.ts";

async function open(): Promise<Subject> {
  const table = createInMemoryTable();
  const ledger = createInMemoryLedger({ table });
  const replace = (item: StoredItem) => {
    const others = (table.partitions.get(item.pk) ?? []).filter(({ sk }) => sk !== item.sk);
    table.partitions.set(
      item.pk,
      [...others, item].sort((a, b) => a.sk - b.sk),
    );
  };
  const isFree = (item: StoredItem) => !table.partitions.get(item.pk)?.some(({ sk }) => sk === item.sk);
  return {
    ledger,
    other: createInMemoryLedger({ table }),
    loseNextAnswer() {
      ledger.hooks.after = () => {
        delete ledger.hooks.after;
        throw new Error("socket hang up");
      };
    },
    sendNextTwice() {
      ledger.hooks.before = ({ item }) => {
        delete ledger.hooks.before;
        if (item !== undefined && isFree(item)) replace(item);
      };
    },
    dropNext() {
      ledger.hooks.before = () => {
        delete ledger.hooks.before;
        throw new Error("connect ETIMEDOUT");
      };
    },
    breakDown() {
      ledger.hooks.before = () => {
        throw new Error("connect ECONNREFUSED");
      };
    },
    overwrite: async (item) => replace(item),
    close: async () => {},
  };
}

describeLedger("in memory", open);

test("a call takes effect between its hooks, however long they take", async () => {
  const order: string[] = [];
  const table = createInMemoryTable();
  const written = () => table.partitions.size;
  const ledger = createInMemoryLedger({
    table,
    hooks: {
      before: async ({ operation }) => {
        await Promise.resolve();
        order.push(`before ${operation}: ${written()}`);
      },
      after: async ({ operation }) => {
        order.push(`after ${operation}: ${written()}`);
      },
    },
  });
  await ledger.append(newEntry(), undefined);
  await ledger.newest(ref);
  expect(order).toEqual(["before put: 0", "after put: 1", "before newest: 1", "after newest: 1"]);
});
