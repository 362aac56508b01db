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

test.each([Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n, [undefined], Symbol("s")])(
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
