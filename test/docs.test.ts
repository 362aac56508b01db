import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsePolicy } from "../functions/config/policy.ts";
import { spokenTexts } from "../functions/trigger/spoken.ts";

// What the documents say, held against what there is.

const root = join(import.meta.dirname, "..");
const pages = ["README.md", "DECISIONS.md", "docs/signalwire.md"];
const read = (page: string) => readFileSync(join(root, page), "utf8");

/** As GitHub makes them of headings. */
const anchorsOf = (page: string) =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );

describe.each(pages)("%s", (page) => {
  test("links only to what exists", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    const broken = links.filter(([, path = "", anchor]) => {
      const file = path === "" ? join(root, page) : join(root, dirname(page), path);
      if (!existsSync(file)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(file, "utf8")).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });
});

describe("the README", () => {
  test("has policies that are taken", () => {
    const policies = [...read("README.md").matchAll(/```json\n(\{ "(?:digits|language)"[^`]+)```/g)];
    expect(policies).toHaveLength(2);
    for (const [, policy] of policies) expect(() => parsePolicy(policy)).not.toThrow();
  });

  test("names every text that can be replaced", () => {
    const named = /`texts`: (.+?\.) `language`/s.exec(read("README.md"))?.[1] ?? "";
    const names = [...named.matchAll(/`([a-z-]+)`/g)]
      .map(([, name]) => name)
      .filter((name) => name !== "digits");
    expect(new Set(names)).toEqual(new Set([...Object.keys(spokenTexts), "menu"]));
  });
});
