import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawSample } from "../../infra/evidence/sample.ts";

const names = Array.from({ length: 40 }, (_, index) => `hold-${index}`);
const draw = (members: readonly string[], seed: string, size: number) =>
  drawSample(members, (name) => name, { seed, size }).map(({ member }) => member);

describe("a sample", () => {
  test("is what its written method says", () => {
    // By another tool: for i in 0 1 … 9; do printf '7\nhold-%s' $i | sha256sum; done | sort | head -3
    expect(drawSample(names.slice(0, 10), (name) => name, { seed: "7", size: 3 })).toEqual([
      { member: "hold-4", draw: "310814df7f9bccbb1038d8df362baeda5e411ee5b549e4d55999f57f3779644a" },
      { member: "hold-7", draw: "48dc7b052bf71f4f3bd2fb1957a59eec708dad184184cacaccfefc696ec0ec42" },
      { member: "hold-1", draw: "79b4770885e1b5200b29add67a643de6dd1ddf833c498245da2529c49bf858b3" },
    ]);
  });

  test("is the same for the same seed, in whatever order the population comes", () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(names, { minLength: 40 }),
        fc.string(),
        fc.nat(45),
        (shuffled, seed, size) => {
          expect(draw(shuffled, seed, size)).toEqual(draw(names, seed, size));
        },
      ),
    );
  });

  test("has no hold twice, none that is not there, and as many as were asked for", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(60), (seed, size) => {
        const drawn = draw(names, seed, size);
        expect(new Set(drawn).size).toBe(Math.min(size, 40));
        expect(drawn.filter((name) => !names.includes(name))).toEqual([]);
      }),
    );
  });

  test("of a smaller size is the beginning of a larger one, and holds that come later push none but the last out", () => {
    expect(draw(names, "7", 25).slice(0, 10)).toEqual(draw(names, "7", 10));
    const grown = draw([...names, "hold-40"], "7", 10);
    expect(grown.filter((name) => name !== "hold-40")).toEqual(
      draw(names, "7", 10).slice(0, grown.includes("hold-40") ? 9 : 10),
    );
  });

  test("draws each hold equally often over many seeds", () => {
    const seeds = 4_000;
    const times = new Map(names.map((name) => [name, 0]));
    for (let seed = 0; seed < seeds; seed += 1)
      for (const name of draw(names, String(seed), 10)) times.set(name, (times.get(name) ?? 0) + 1);
    // Each hold is expected 4,000 · 10/40 = 1,000 times, with a variance of 4,000 · 1/4 · 3/4 = 750: of a fair draw this sum is 30
    // on average, and hardly ever above 60. The seeds are fixed, so it is the same every time.
    const chiSquare = [...times.values()].reduce((all, count) => all + (count - 1_000) ** 2 / 1_000, 0);
    expect(chiSquare).toBeLessThan(60);
    expect(chiSquare).toBeGreaterThan(8);
  });
});
