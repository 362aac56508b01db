import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printable, printableJson } from "../../infra/printable.ts";

/** Escape and control sequences, a switch of the direction, a tag that nobody sees, half a character. */
const evil = "\u001b[2J\u009b2J\u202eada\u{e0041}\ud800\r\u0007";

test("a text moves no cursor", () => {
  expect(printable(evil)).toBe("·[2J·2J·ada····");
});

describe("JSON for a terminal", () => {
  test("has what would move a cursor by its number", () => {
    expect(printableJson({ actor: evil })).toBe(
      '{\n  "actor": "\\u001b[2J\\u009b2J\\u202eada\\udb40\\udc41\\ud800\\r\\u0007"\n}',
    );
  });

  test("is the same value, and all of it can be printed", () => {
    fc.assert(
      fc.property(fc.json(), fc.string({ unit: "binary" }), (json, text) => {
        const value = { text, json: JSON.parse(json) };
        const shown = printableJson(value);
        expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(shown).not.toMatch(/[^\P{C}\n]/u);
      }),
    );
  });
});
