import { expect, test } from "vitest";
import { readOut } from "../../functions/ledger/read-out.ts";
import { writeEveryFact } from "./every-fact.ts";

test("what can be read is read, and the positions of the rest are told", async () => {
  const items = await writeEveryFact();
  const edited = items.map((item) => ([2, 5].includes(item.sk) ? { ...item, hash: "" } : item)).slice(0, 6);
  const { entries, unreadable } = readOut(edited);
  expect(entries.map(({ position }) => position)).toEqual([1, 3, 4, 6]);
  expect(entries[1]?.facts).toEqual([
    { type: "pause-confirmed", key: "signal:payments/payment-7f3a", at: 1_795_448_760_180, exposureMs: 160 },
  ]);
  expect(unreadable).toEqual([2, 5]);
});
