import { beforeAll, describe, expect, test } from "vitest";
import { canonicalJson, sha256Hex } from "../../functions/ledger/hash.ts";
import type { Entry } from "../../functions/ledger/ledger.ts";
import type { StoredItem } from "../../functions/ledger/stored-item.ts";
import { verifyChain } from "../../functions/ledger/verify.ts";
import { nothingYet } from "../../functions/recording/conference.ts";
import { conferenceSid } from "../../functions/recording/ids.ts";
import { createInMemoryLedger } from "../fakes/in-memory-ledger.ts";
import { at, countingReplay, newEntry, placed, project, ref } from "./examples.ts";

/** Five entries, the third with a chain of checks. */
async function writeFive(of = ref): Promise<StoredItem[]> {
  const ledger = createInMemoryLedger();
  let newest: Entry | undefined;
  for (let position = 1; position <= 5; position += 1) {
    const facts = position === 4 ? [placed, placed] : [placed];
    const chain = position === 3 ? { chain: "chain-3" } : {};
    const state = countingReplay(newest?.state ?? nothingYet, { position, facts, ...chain });
    const entry = newEntry({ ref: of, at: at + position, facts, state, ...chain });
    const appended = await ledger.append(entry, newest);
    if (appended !== "conflict") newest = appended;
  }
  return [...(await ledger.readItems(of))];
}

let items: StoredItem[];
beforeAll(async () => {
  items = await writeFive();
});

const itemAt = (position: number): StoredItem => {
  const item = items[position - 1];
  if (item === undefined) throw new Error(`no item ${position}`);
  return item;
};
const edited = (position: number, edit: Partial<StoredItem>): StoredItem[] =>
  items.with(position - 1, { ...itemAt(position), ...edit });
const verify = (stored: readonly StoredItem[]) => verifyChain(ref, stored, countingReplay);

/** Sets one member in an entry's text, or takes it out. */
function editedText(position: number, path: readonly string[], value: unknown): string {
  const entry = JSON.parse(itemAt(position).entry);
  let holder = entry;
  for (const key of path.slice(0, -1)) holder = holder[key];
  holder[path.at(-1) ?? ""] = value;
  return canonicalJson(entry);
}

/** Edits every entry, and links and hashes all anew, as somebody would who knows how. */
function rewritten(stored: readonly StoredItem[], edit: (entry: Entry) => Entry): StoredItem[] {
  let previousHash = "0".repeat(64);
  return stored.map((item) => {
    const entry = canonicalJson({ ...edit(JSON.parse(item.entry)), previousHash });
    previousHash = sha256Hex(entry);
    return { ...item, entry, hash: previousHash };
  });
}

test("rewriting without an edit changes nothing", () => {
  expect(rewritten(items, (entry) => entry)).toEqual(items);
});

test("a ledger as it was written is intact", () => {
  expect(verify(items)).toEqual({ intact: true, entries: 5, brokenAt: null });
});

test("no entries are an intact ledger of none", () => {
  expect(verify([])).toEqual({ intact: true, entries: 0, brokenAt: null });
});

describe("an edit is named by its position", () => {
  const attributes: [keyof StoredItem, Partial<StoredItem>][] = [
    ["pk", { pk: "7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0a01#c0ffee00-1111-4222-8333-444455557777" }],
    ["sk", { sk: 9 }],
    ["sk", { sk: Number.NaN }],
    ["entry", { entry: "" }],
    ["entry", { entry: "null" }],
    ["hash", { hash: "" }],
    ["hash", { hash: "ab".repeat(32) }],
    ["expires", { expires: 1 }],
    ["expires", { expires: Number.NaN }],
  ];
  test.each(attributes)("of the attribute %s: %o", (_, edit) => {
    for (const position of [1, 3, 5])
      expect(verify(edited(position, edit))).toEqual({ intact: false, entries: 5, brokenAt: position });
  });

  const members: [string[], unknown][] = [
    [["id"], "another"],
    [["project"], "7c1ad1d4-0b0e-4d3c-9a3c-2f5b6f1f0b02"],
    [["conference"], "c0ffee00-1111-4222-8333-444455557777"],
    [["position"], 4],
    [["at"], at],
    [["cause", "source"], "control"],
    [["cause", "request"], "msg_2"],
    [["cause", "actor"], "somebody"],
    [["chain"], "chain-0"],
    [["chain"], undefined],
    [["facts"], []],
    [["facts", "0", "type"], "hold-released"],
    [["facts", "0", "hold", "reason"], "other"],
    [["facts", "0", "hold", "receivedAt"], at + 1],
    [["state", "position"], 2],
    [["state", "holds"], { "control/operator": {} }],
    [["state", "claimOnUnseen"], "seen"],
    [["previousHash"], "0".repeat(64)],
    [["expires"], 1],
  ];
  test.each(members)("of the member %j in the text: %j", (path, value) => {
    const entry = editedText(3, path, value);
    expect(entry).not.toBe(itemAt(3).entry);
    expect(verify(edited(3, { entry }))).toEqual({ intact: false, entries: 5, brokenAt: 3 });
  });

  const rehashed = (path: string[], value: unknown): StoredItem[] => {
    const entry = editedText(3, path, value);
    return edited(3, { entry, hash: sha256Hex(entry) });
  };

  test.each(
    members.filter(([path]) => !["project", "conference", "position", "expires"].includes(path[0] ?? "")),
  )("of the member %j with a new hash to match: by the next position at the latest", (path, value) => {
    const { intact, brokenAt } = verify(rehashed(path, value));
    expect(intact).toBe(false);
    expect([3, 4]).toContain(brokenAt);
  });

  test.each([["project"], ["conference"], ["position"], ["expires"]])(
    "of the %s with a new hash to match: it belies the item's other attributes",
    (member) => {
      const value = members.find(([path]) => path[0] === member)?.[1];
      expect(verify(rehashed([member], value)).brokenAt).toBe(3);
    },
  );

  test("of the last entry's state with a new hash to match: it is not what the facts lead to", () => {
    const entry = editedText(5, ["state", "heldUntil"], 7);
    expect(verify(edited(5, { entry, hash: sha256Hex(entry) })).brokenAt).toBe(5);
  });

  test("of facts and all hashes from there on: the state after them gives it away", () => {
    const forged = rewritten(items, (entry) => (entry.position === 3 ? { ...entry, facts: [] } : entry));
    expect(verify(forged).brokenAt).toBe(3);
  });
});

describe("what is not the list that was written is named by the first position that does not fit", () => {
  const [one, two, three, four, five] = [1, 2, 3, 4, 5];
  const orders: [string, number[], number][] = [
    ["the first removed", [two, three, four, five], 1],
    ["one removed", [one, two, four, five], 3],
    ["two swapped", [one, three, two, four, five], 2],
    ["all reversed", [five, four, three, two, one], 1],
    ["one twice", [one, two, two, three, four, five], 3],
    ["one more at the end", [one, two, three, four, five, five], 6],
  ];
  test.each(orders)("%s", (_, order, brokenAt) => {
    const stored = order.map(itemAt);
    expect(verify(stored)).toEqual({ intact: false, entries: order.length, brokenAt });
  });

  test.each(orders.slice(0, 5))("%s, and numbered anew", (_, order, brokenAt) => {
    const stored = order.map((position, index) => ({ ...itemAt(position), sk: index + 1 }));
    expect(verify(stored).brokenAt).toBe(brokenAt);
  });

  test.each([0, -1, 2.5])("an item put in at position %d", (sk) => {
    const stored = [...items, { ...itemAt(2), sk }].sort((a, b) => a.sk - b.sk);
    expect(verify(stored).brokenAt).toBe(sk === 2.5 ? 3 : 1);
  });

  test("one removed, and all after it linked and hashed anew: its position is missing", () => {
    const others = items.toSpliced(2, 1);
    let state = nothingYet;
    const forged = rewritten(others, (entry) => {
      state = countingReplay(state, entry);
      return { ...entry, state };
    });
    expect(verify(forged)).toEqual({ intact: false, entries: 4, brokenAt: 3 });
  });

  test("the whole ledger of another conference, put in this one's place", async () => {
    const others = await writeFive({
      project,
      conference: conferenceSid("c0ffee00-1111-4222-8333-444455557777"),
    });
    expect(verify(others).brokenAt).toBe(1);
    expect(verify(others.map((item) => ({ ...item, pk: itemAt(1).pk }))).brokenAt).toBe(1);
  });

  test("an entry of another ledger in the place of one's own", async () => {
    const others = await writeFive();
    const foreign = { ...(others[2] ?? itemAt(3)) };
    const entry = canonicalJson({ ...JSON.parse(foreign.entry), id: "elsewhere" });
    expect(verify(edited(3, { entry, hash: sha256Hex(entry) })).brokenAt).toBe(4);
  });
});

test("facts that cannot be replayed are named, not thrown", () => {
  const replay = () => {
    throw new TypeError("unknown fact");
  };
  expect(verifyChain(ref, items, replay)).toEqual({ intact: false, entries: 5, brokenAt: 1 });
});
