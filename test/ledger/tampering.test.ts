import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sha256Hex } from "../../functions/ledger/hash.ts";
import type { StoredItem } from "../../functions/ledger/stored-item.ts";
import { type FoundItem, verifyChain } from "../../functions/ledger/verify.ts";
import { evolve } from "../../functions/recording/evolve.ts";
import { writeEveryFact } from "./every-fact.ts";
import { ref } from "./examples.ts";

const items = await writeEveryFact();
const lastIndex = items.length - 1;

const verify = (stored: readonly FoundItem[]) => verifyChain(ref, stored, evolve);
const itemAt = (index: number): StoredItem => {
  const item = items[index];
  if (item === undefined) throw new Error(`no item ${index}`);
  return item;
};

type Path = readonly (string | number)[];

/** Every member of a JSON value, however deep: objects and lists themselves too. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [
    ...(path.length === 0 ? [] : [path]),
    ...inner.flatMap(([name, one]) => pathsIn(one, [...path, name])),
  ];
}

/** The entry's text after `edit` of what holds the member at `path`. Written as it was: JSON without white space. */
function withMember(text: string, path: Path, edit: (holder: Record<string, unknown>, name: string) => void) {
  const entry = JSON.parse(text);
  let holder = entry;
  for (const name of path.slice(0, -1)) holder = holder[name];
  edit(holder, String(path.at(-1)));
  return JSON.stringify(entry);
}

/** Something else of the same type: what an edit that means to be overlooked would be. */
function another(value: unknown): unknown {
  switch (typeof value) {
    case "number":
      return value + 1;
    case "string":
      return value.startsWith("x") ? `y${value.slice(1)}` : `x${value.slice(1)}`;
    case "boolean":
      return !value;
    default:
      return Array.isArray(value) ? [...value, null] : { ...Object(value), added: 1 };
  }
}

describe("every field of every kind of fact", () => {
  test("stands in the ledger that is tampered with, which is intact", () => {
    const types = items.flatMap(({ entry }) =>
      JSON.parse(entry).facts.map(({ type }: { type: string }) => type),
    );
    expect(new Set(types).size).toBe(items.length);
    expect(verify(items)).toEqual({ intact: true, entries: items.length, brokenAt: null });
  });

  test.each([
    ["changed", (holder: Record<string, unknown>, name: string) => (holder[name] = another(holder[name]))],
    ["taken out", (holder: Record<string, unknown>, name: string) => delete holder[name]],
    ["emptied", (holder: Record<string, unknown>, name: string) => (holder[name] = null)],
    ["accompanied by another", (holder: Record<string, unknown>, name: string) => (holder[`${name}x`] = 1)],
  ])("%s: its own position is named", (_, edit) => {
    let edits = 0;
    for (const [index, item] of items.entries()) {
      for (const path of pathsIn(JSON.parse(item.entry))) {
        const entry = withMember(item.entry, path, edit);
        if (entry === item.entry) continue;
        edits += 1;
        const stored = items.with(index, { ...item, entry });
        expect({ path, ...verify(stored) }).toEqual({
          path,
          intact: false,
          entries: items.length,
          brokenAt: index + 1,
        });
      }
    }
    expect(edits).toBeGreaterThan(500);
  });

  test("changed, and the item's own hash made to fit: by the next position at the latest", () => {
    for (const [index, item] of items.entries()) {
      if (index === items.length - 1) continue;
      for (const path of pathsIn(JSON.parse(item.entry))) {
        const entry = withMember(item.entry, path, (holder, name) => {
          holder[name] = another(holder[name]);
        });
        const { intact, brokenAt } = verify(items.with(index, { ...item, entry, hash: sha256Hex(entry) }));
        expect({ path, intact }).toEqual({ path, intact: false });
        expect([index + 1, index + 2]).toContain(brokenAt);
      }
    }
  });

  test("of the last entry, and its own hash made to fit: whoever knows the hash it had finds it", () => {
    const { entry: text, hash, ...last } = itemAt(lastIndex);
    const known = { position: items.length, hash };
    const paths = pathsIn(JSON.parse(text));
    for (const path of paths) {
      const entry = withMember(text, path, (holder, name) => {
        holder[name] = another(holder[name]);
      });
      const stored = items.with(lastIndex, { ...last, entry, hash: sha256Hex(entry) });
      expect(verifyChain(ref, stored, evolve, known)).toEqual({
        intact: false,
        entries: items.length,
        brokenAt: items.length,
      });
    }
    expect(verifyChain(ref, items, evolve, known).intact).toBe(true);
  });
});

describe("every attribute of an item", () => {
  const edits: [string, (item: StoredItem) => Partial<FoundItem>][] = [
    ["pk", ({ pk }) => ({ pk: `${pk}0` })],
    ["sk", ({ sk }) => ({ sk: sk + 0.5 })],
    ["entry, by one space", ({ entry }) => ({ entry: `${entry} ` })],
    ["hash, in capitals", ({ hash }) => ({ hash: hash.toUpperCase() })],
    ["expires", ({ expires }) => ({ expires: expires + 1 })],
    ["expires, gone", () => ({ expires: Number.NaN })],
    ["one more", () => ({ others: ["note"] })],
  ];
  test.each(edits)("%s", (_, edit) => {
    for (const [index, item] of items.entries()) {
      const stored = items.with(index, { ...item, ...edit(item) });
      expect(verify(stored)).toEqual({ intact: false, entries: items.length, brokenAt: index + 1 });
    }
  });
});

describe("the list of items", () => {
  const positions = fc.integer({ min: 0, max: lastIndex });

  test("an item removed is named by its position, but for the last", () => {
    for (let index = 0; index < lastIndex; index += 1)
      expect(verify(items.toSpliced(index, 1)).brokenAt).toBe(index + 1);
    expect(verify(items.toSpliced(lastIndex, 1))).toEqual({
      intact: true,
      entries: lastIndex,
      brokenAt: null,
    });
  });

  test("a tail that is cut off is found by a position that is known from elsewhere", () => {
    for (let left = 0; left < items.length; left += 1) {
      const cut = items.slice(0, left);
      expect(verifyChain(ref, cut, evolve, { position: items.length })).toEqual({
        intact: false,
        entries: left,
        brokenAt: left + 1,
      });
      expect(verifyChain(ref, items, evolve, { position: left + 1 }).intact).toBe(true);
    }
  });

  test("any two items that change places, numbered anew or not, are named by the first", () => {
    fc.assert(
      fc.property(positions, positions, fc.boolean(), (one, other, isRenumbered) => {
        fc.pre(one !== other);
        const stored = items.with(one, itemAt(other)).with(other, itemAt(one));
        const numbered = isRenumbered ? stored.map((item, index) => ({ ...item, sk: index + 1 })) : stored;
        expect(verify(numbered).brokenAt).toBe(Math.min(one, other) + 1);
      }),
    );
  });

  test("any item put in anywhere, numbered anew or not, is named or the one behind it is", () => {
    fc.assert(
      fc.property(
        positions,
        fc.integer({ min: 0, max: items.length }),
        fc.boolean(),
        (copied, place, isRenumbered) => {
          const stored = items.toSpliced(place, 0, itemAt(copied));
          const numbered = isRenumbered ? stored.map((item, index) => ({ ...item, sk: index + 1 })) : stored;
          const { intact, brokenAt } = verify(numbered);
          expect(intact).toBe(false);
          expect([place + 1, place + 2]).toContain(brokenAt);
        },
      ),
    );
  });

  test("any byte of any text or hash that becomes another is named", () => {
    const anywhere = fc.record({
      index: positions,
      where: fc.constantFrom("entry" as const, "hash" as const),
      place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      byte: fc.constantFrom(...'0123456789abcdefABC{}[],:" \\'),
    });
    fc.assert(
      fc.property(anywhere, ({ index, where, place, byte }) => {
        const text = itemAt(index)[where];
        const at = Math.floor(place * text.length);
        fc.pre(text[at] !== byte);
        const stored = items.with(index, {
          ...itemAt(index),
          [where]: text.slice(0, at) + byte + text.slice(at + 1),
        });
        expect(verify(stored).brokenAt).toBe(index + 1);
      }),
      { numRuns: 2_000 },
    );
  });
});
