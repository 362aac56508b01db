import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const files = globSync(["functions/**/*.ts", "infra/**/*.ts"], { cwd: root }).map((file) =>
  file.split(sep).join("/"),
);
const read = (file: string) => readFileSync(join(root, file), "utf8");
const functions = files.filter((file) => file.startsWith("functions/"));

/** Files of this repository that `file` imports, types included. */
function importsOf(file: string): readonly string[] {
  return [...read(file).matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)].map(([, path]) =>
    relative(root, join(root, dirname(file), path ?? ""))
      .split(sep)
      .join("/"),
  );
}

/** The folders in which rules, outside and triggers are put together. */
const joining = new Set<string | undefined>(["command", "converge", "questions", "telemetry", "rehearsal"]);

const layer = (file: string): string => {
  const [top, folder] = file.split("/");
  if (top !== "functions") return top ?? "";
  if (file.endsWith(".lambda.ts")) return "lambda";
  return folder?.endsWith(".ts") || joining.has(folder) ? "joining" : (folder ?? "");
};

const mayImport: { readonly [from: string]: readonly string[] } = {
  recording: ["recording"],
  // The policy says what a digit means and what is spoken.
  trigger: ["trigger", "recording", "config"],
  http: ["http", "recording"],
  aws: ["aws", "http", "recording"],
  signalwire: ["signalwire", "http", "recording"],
  ledger: ["ledger", "aws", "recording"],
  config: ["config", "recording"],
  // Each secret is judged by those who use it: what a key or a space has to look like is written down once.
  secrets: ["secrets", "aws", "recording", "trigger", "signalwire"],
  joining: ["joining", "recording", "http", "aws", "signalwire", "ledger", "trigger", "config", "secrets"],
  lambda: ["joining", "recording", "aws", "signalwire", "ledger", "trigger", "config", "secrets"],
};

describe("who may import whom", () => {
  test.each(functions)("%s imports only what its layer may", (file) => {
    const allowed = mayImport[layer(file)] ?? [];
    expect(importsOf(file).filter((imported) => !allowed.includes(layer(imported)))).toEqual([]);
  });

  test.each(files.filter((file) => file.startsWith("infra/")))(
    "%s takes only the configuration from functions",
    (file) => {
      const taken = importsOf(file).filter((imported) => imported.startsWith("functions/"));
      expect(taken.filter((imported) => !imported.startsWith("functions/config"))).toEqual([]);
    },
  );

  test("the rules know nothing of the outside", () => {
    const outside = /from "(?!\.)|Date\.now|new Date\(\)|Math\.random|process\.|setTimeout/;
    const guilty = functions.filter((file) => layer(file) === "recording" && outside.test(read(file)));
    expect(guilty).toEqual([]);
  });

  test("only the entry files read the environment", () => {
    const guilty = functions.filter((file) => layer(file) !== "lambda" && read(file).includes("process.env"));
    expect(guilty).toEqual([]);
  });
});

describe("the size of the functions' code", () => {
  const lines = functions.map((file) => ({ file, lines: read(file).trimEnd().split("\n").length }));

  test("no file is longer than 150 lines", () => {
    expect(lines.filter((one) => one.lines > 150)).toEqual([]);
  });

  test("the median file has at most 70 lines", () => {
    const sorted = lines.map((one) => one.lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(70);
  });

  test("an entry file is wiring of at most 40 lines", () => {
    expect(lines.filter((one) => one.file.endsWith(".lambda.ts") && one.lines > 40)).toEqual([]);
  });
});
