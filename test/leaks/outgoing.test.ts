import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

// Where connections are opened from. What they are opened to, local-stack.test.ts watches in the running processes.

const functions = join(import.meta.dirname, "..", "..", "functions");
const sources = readdirSync(functions, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file, text: readFileSync(join(functions, file), "utf8") }));

const filesWith = (pattern: RegExp): readonly string[] =>
  sources
    .filter(({ text }) => pattern.test(text))
    .map(({ file }) => file)
    .sort();

test("only http/ speaks HTTP, over TLS or on loopback", () => {
  const network = /from "(?:node:)?(?:https?|http2|net|tls|dgram|undici|ws|dns)(?:\/[a-z]+)?"/;
  expect(filesWith(network)).toEqual(["http/attempt.ts", "http/connect.ts", "http/kept-connections.ts"]);
});

test("nobody uses a client that follows redirects, starts a program, or loads code that it was told to", () => {
  expect(filesWith(/\bfetch\(|XMLHttpRequest|WebSocket|EventSource/)).toEqual([]);
  expect(filesWith(/child_process|worker_threads|node:vm|\beval\(|new Function\(|import\((?!")/)).toEqual([]);
});

test("only the space of a project's secret becomes an origin", () => {
  expect(filesWith(/originOf\b[^\n]* from "[^"]*\/space\.ts"/)).toEqual([
    "signalwire/message.ts",
    "signalwire/request.ts",
  ]);
});
