import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OwnStack, startOwnStack } from "../leaks/own-stack.ts";
import { known, startTelltaleSignalWire } from "../leaks/telltale-signalwire.ts";
import { each } from "../leaks/triggers.ts";
import { createRandom } from "../simulation/random.ts";
import { formRequest, routes } from "./form-requests.ts";
import { hostileBytes } from "./hostile.ts";
import type { Parts } from "./http-events.ts";
import { delivery } from "./signal-deliveries.ts";

// The same hostile requests as bytes on a socket, through the local gateway to the built functions.

let stack: OwnStack;
beforeAll(async () => {
  const signalwire = await startTelltaleSignalWire();
  stack = await startOwnStack({ signalwire: async () => signalwire });
});
afterAll(() => stack?.close());

/** As it is, whether HTTP allows it or not; only its length is right. */
function bytesOf({ path, query, method, headers, body }: Parts): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const own = `host: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${body.length}\r\n`;
  const target = query === "" ? path : `${path}?${query}`;
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1\r\n${own}${lines.join("")}\r\n`), body]);
}

/** Everything that is answered until the connection is closed. */
function exchange(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const { port } = new URL(stack.url);
    const chunks: Buffer[] = [];
    const socket = connect({ host: "127.0.0.1", port: Number(port) }, () => socket.write(bytes));
    const done = () => resolve(Buffer.concat(chunks).toString());
    socket.on("data", (chunk) => chunks.push(chunk));
    // A server that has refused a request does not read the rest of it.
    socket.on("error", done);
    socket.on("close", done);
  });
}

test("300 requests on a socket: documented answers, no function fails, and nothing is repeated", async () => {
  const { project, signingKey, sender, senderSecret, url } = stack;
  const senderKey = Buffer.from(senderSecret.slice("whsec_".length), "base64");
  const requests = Array.from({ length: 300 }, (_, index) => {
    const random = createRandom(index);
    const marker = `zq${index}qz`;
    if (index % 20 === 0) return { marker, bytes: hostileBytes(random, 2_000) };
    const route = routes[index % (routes.length + 3)];
    const { parts } =
      route === undefined
        ? delivery(random, marker, { project, conference: known, sender, senderKey, nowMs: Date.now() })
        : formRequest(random, route, marker, { project, conference: known, signingKey, origin: url });
    return { marker, bytes: bytesOf(parts) };
  });
  const seen = new Map<string, number>();
  await each(requests, async ({ marker, bytes }) => {
    const answer = await exchange(bytes);
    const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? "none";
    seen.set(status, (seen.get(status) ?? 0) + 1);
    const isKnown = [
      "none",
      "200",
      "202",
      "204",
      "400",
      "401",
      "403",
      "404",
      "409",
      "413",
      "415",
      "503",
    ].includes(status);
    // What an answer may repeat: the holds of a sender, the room of a call.
    const own = answer.replace(/"holds":\[[^\]]*\]/g, "");
    if (!isKnown || own.includes(marker))
      expect.fail(`${marker}: ${bytes.toString("latin1").slice(0, 2_000)}\n${answer}`);
  });
  for (const status of ["200", "204", "401", "403", "404"]) expect(seen.get(status) ?? 0).toBeGreaterThan(0);
  expect(stack.output()).not.toMatch(/zq\d+qz/);
  expect(stack.output()).not.toMatch(/Runtime\.|Unhandled|SyntaxError|TypeError/);
});
