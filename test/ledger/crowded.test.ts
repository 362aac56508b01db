import { expect, test } from "vitest";
import { createChainedLedger } from "../../functions/ledger/chained-ledger.ts";
import { LedgerFailure } from "../../functions/ledger/ledger.ts";
import { newEntry } from "./examples.ts";

/** Takes everything and keeps nothing. */
const items = {
  put: async () => undefined,
  newest: async () => undefined,
  at: async () => undefined,
  all: async () => [],
};

async function appendOf(letters: number): Promise<{ told: number; result: unknown }> {
  let told = 0;
  const onCrowded = () => {
    told += 1;
  };
  const ledger = createChainedLedger(items, { retentionDays: 400, newId: () => "append-1", onCrowded });
  const facts = [{ type: "all-holds-released", reason: "x".repeat(letters) }] as const;
  const result = await ledger.append(newEntry({ facts }), undefined).catch((error: unknown) => error);
  return { told, result };
}

test("an entry of half the size that the table takes is written, and somebody is told of it", async () => {
  expect(await appendOf(200_000)).toEqual({ told: 0, result: expect.objectContaining({ position: 1 }) });
  expect(await appendOf(204_500)).toEqual({ told: 1, result: expect.objectContaining({ position: 1 }) });
});

test("so is one that no longer fits, which is not written", async () => {
  expect(await appendOf(410_000)).toEqual({ told: 1, result: expect.any(LedgerFailure) });
});
