import { describe, expect, test } from "vitest";
import { canonicalJson, sha256Hex } from "../../functions/ledger/hash.ts";
import { LedgerFailure } from "../../functions/ledger/ledger.ts";
import { sealEntry, unsealEntry } from "../../functions/ledger/stored-item.ts";
import { nothingYet } from "../../functions/recording/conference.ts";
import { newEntry } from "./examples.ts";

const seal = { id: "id-1", expires: 1_830_008_760 };
const { entry, item } = sealEntry(newEntry(), undefined, seal);

/** The item with `members` in its text, and a hash that matches. */
function withMembers(members: object) {
  const text = canonicalJson({ ...JSON.parse(item.entry), ...members });
  return { ...item, entry: text, hash: sha256Hex(text) };
}

test("an entry is sealed and unsealed to the same", () => {
  expect(unsealEntry(item)).toStrictEqual({ entry, seal });
});

test("only what an entry is made of is sealed, whatever else comes with it", () => {
  expect(sealEntry({ ...entry, chain: "chain-1" }, undefined, seal).item.entry).toBe(
    sealEntry(newEntry({ chain: "chain-1" }), undefined, seal).item.entry,
  );
});

describe("a text that is no entry is unreadable, even with its own hash:", () => {
  test.each([
    { id: undefined },
    { id: "" },
    { project: undefined },
    { conference: undefined },
    { position: "1" },
    { at: undefined },
    { cause: undefined },
    { cause: "control" },
    { chain: 7 },
    { facts: undefined },
    { facts: ["hold-placed"] },
    { facts: [{ hold: {} }] },
    { facts: [null] },
    { state: undefined },
    { state: [] },
    { state: { ...nothingYet, holds: "none" } },
    { state: { ...nothingYet, tickets: null } },
    { state: { ...nothingYet, position: "1" } },
    { previousHash: undefined },
    { expires: undefined },
  ])("%j", (members) => {
    expect(() => unsealEntry(withMembers(members))).toThrow(LedgerFailure);
  });
});

test("facts and causes of a newer version are readable", () => {
  const facts = [{ type: "hold-blessed", by: "somebody" }];
  const cause = { source: "oracle", request: "r", mood: "good" };
  expect(unsealEntry(withMembers({ facts, cause })).entry).toMatchObject({ facts, cause });
});

test("a state of an older version has by default what came later", () => {
  const { position, holds } = nothingYet;
  expect(unsealEntry(withMembers({ state: { position, holds } })).entry.state).toEqual(nothingYet);
});
