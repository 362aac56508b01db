import { fc, test as property } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { canonicalJson, sha256Hex } from "../../functions/ledger/hash.ts";

test("one value has one text, whatever order its members were set in", () => {
  expect(canonicalJson({ b: [{ d: 1, c: null }], a: { z: "é", y: false } })).toBe(
    '{"a":{"y":false,"z":"é"},"b":[{"c":null,"d":1}]}',
  );
  expect(canonicalJson({ a: { y: false, z: "é" }, b: [{ c: null, d: 1 }] })).toBe(
    '{"a":{"y":false,"z":"é"},"b":[{"c":null,"d":1}]}',
  );
});

test("keys that look like numbers are ordered like all others", () => {
  expect(canonicalJson({ b: 1, 10: 2, 9: 3, B: 4 })).toBe('{"10":2,"9":3,"B":4,"b":1}');
});

test("a member that is undefined is left out", () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test("text is escaped as JSON does, keys included", () => {
  expect(canonicalJson({ 'a"b': "line\nbreak \u2028" })).toBe('{"a\\"b":"line\\nbreak \u2028"}');
  expect(JSON.parse(canonicalJson({ "\ud800": "\udfff" }))).toEqual({ "\ud800": "\udfff" });
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n, [undefined], new Array(1), Symbol("s")])(
  "what JSON would turn into something else is refused: %s",
  (value) => {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
  },
);

test("the hash is SHA-256 over UTF-8 in lower-case hex", () => {
  expect(sha256Hex("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(sha256Hex("é🎧")).toBe("fc2b5b1610fe94555a4bd1722feffad2325623f9cd0970b66ebbb7a18fcd4d10");
});

test("a key that an object would keep elsewhere stands in its order too", () => {
  const value = JSON.parse('{"b":{"__proto__":1,"a":2},"_":[{"7":3,"-":4}]}');
  expect(canonicalJson(value)).toBe('{"_":[{"-":4,"7":3}],"b":{"__proto__":1,"a":2}}');
});

/** The same by JSON itself: the members of each object are put in order, and each is written alone. */
function asJsonWrites(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asJsonWrites).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${asJsonWrites(member)}`).join(",")}}`;
}

property.prop([fc.jsonValue({ stringUnit: "binary" })], { numRuns: 2_000 })(
  "any value of JSON is written as JSON writes it",
  (value) => {
    expect(canonicalJson(value)).toBe(asJsonWrites(value));
  },
);

test("every character of ASCII is written as JSON writes it", () => {
  for (let code = 0; code < 130; code += 1) {
    const text = `a${String.fromCharCode(code)}`;
    expect(canonicalJson({ [text]: text })).toBe(JSON.stringify({ [text]: text }));
  }
});
