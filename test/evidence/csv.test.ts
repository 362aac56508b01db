import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvOf } from "../../infra/evidence/csv.ts";

const lineOf = (...cells: Parameters<typeof csvOf>[1][number]) => csvOf(["a"], [cells]).slice("a\r\n".length);

describe("a cell", () => {
  test.each([
    ["plain", "plain"],
    ["with, comma", '"with, comma"'],
    ['with "quotes"', '"with ""quotes"""'],
    ["two\nlines", '"two\nlines"'],
    ["", ""],
    [0, "0"],
    [-5, "-5"],
    [true, "true"],
    [null, ""],
    [undefined, ""],
    ["Grüße 🙂", "Grüße 🙂"],
  ])("%j is written as %j", (cell, text) => {
    expect(lineOf(cell)).toBe(`${text}\r\n`);
  });

  test.each([
    ['=HYPERLINK("http://192.0.2.1")', '"\'=HYPERLINK(""http://192.0.2.1"")"'],
    ["=1+1", "'=1+1"],
    ["+1", "'+1"],
    ["-1+1", "'-1+1"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1+1", "'\t'=1+1"],
    ["\r=1+1", "\"'\r'=1+1\""],
    ["ada;=1+1;@b", "ada;'=1+1;'@b"],
    ["ada\n+1|-1", "\"ada\n'+1|'-1\""],
    ["＝1+1", "'＝1+1"],
    ["＋1", "'＋1"],
    ["－1", "'－1"],
    ["＠SUM", "'＠SUM"],
  ])("%j is no formula any more", (cell, text) => {
    expect(lineOf(cell)).toBe(`${text}\r\n`);
  });
});

/** Reads one line of CSV back, as RFC 4180 has it. */
function cellsOf(line: string): readonly string[] {
  const cells = [...`,${line.slice(0, -2)}`.matchAll(/,(?:"((?:[^"]|"")*)"|([^,]*))/g)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

test("whatever texts are written come back, at most with apostrophes more, and never as a formula, wherever it is split", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n,;|"ab') }),
  );
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (texts) => {
      const line = lineOf(...texts);
      const back = cellsOf(line);
      const without = (cell: string) => cell.replaceAll("'", "");
      expect(back.map(without)).toEqual(texts.map(without));
      expect(back.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
      expect(line.split(/[;|\t\r\n]/).filter((piece) => /^[=+\-@]/.test(piece))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});
