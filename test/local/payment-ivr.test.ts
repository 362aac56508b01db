import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type LocalStack, startStack } from "../../infra/local/stack.ts";
import { CxmlCaller } from "../fixtures/cxml-caller.ts";
import { conference, first, type StandIn, second, startStandIn } from "../fixtures/signalwire-stand-in.ts";

// The payment IVR of the README, followed document by document as it stands there.

let stack: LocalStack;
let signalwire: StandIn;
let ivr: { readonly url: string; close(): Promise<void> };
/** What each recording was when a document of the IVR was asked for. */
const asked: { readonly path: string; readonly statuses: readonly string[] }[] = [];
let room = "support";

const readme = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8");
const documents = new Map(
  [...readme.matchAll(/^`https:\/\/ivr\.example(\/\w+)`[^\n]*:\n\n```xml\n([^`]+)```$/gm)].map(
    ([, path = "", document = ""]) => [path, document],
  ),
);

/** The README's document for this stack; what takes the payment is not in it. */
function documentAt(path: string): string {
  const document =
    path === "/charge"
      ? '<?xml version="1.0" encoding="UTF-8"?><Response><Redirect>https://ivr.example/back</Redirect></Response>'
      : (documents.get(path) ?? "");
  return document
    .replace(/>\s+</g, "><")
    .trim()
    .replaceAll("https://holdfast.example", stack.url)
    .replaceAll("https://ivr.example", ivr.url)
    .replaceAll(encodeURIComponent("https://ivr.example"), encodeURIComponent(ivr.url))
    .replaceAll("room=support", `room=${room}`);
}

async function startIvr(): Promise<typeof ivr> {
  const server = createServer((request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    asked.push({ path, statuses: statuses() });
    request.resume();
    response.writeHead(200, { "content-type": "application/xml" }).end(documentAt(path));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

beforeAll(async () => {
  let authorization = "";
  signalwire = await startStandIn(() => authorization);
  ivr = await startIvr();
  const policy = JSON.stringify({ redirectOrigins: [ivr.url] });
  stack = await startStack({ port: 0, signalwire: signalwire.url, policy });
  authorization = `Basic ${Buffer.from(`${stack.project}:${stack.apiToken}`).toString("base64")}`;
}, 60_000);

afterAll(async () => {
  await stack?.close();
  await ivr?.close();
  await signalwire?.close();
});

beforeEach(async () => {
  signalwire.wrong.length = 0;
  // A hold outlives the call that placed it.
  const releaseAll = { action: "release-all", conference, actor: "ada", reason: "next-test" };
  await fetch(`${stack.url}/2015-03-31/functions/control/invocations`, {
    method: "POST",
    body: JSON.stringify(releaseAll),
  });
  signalwire.statuses.set(first, "in-progress").set(second, "in-progress");
  asked.length = 0;
  room = "support";
});

const statuses = () => [...signalwire.statuses.values()];
const paths = () => asked.map(({ path }) => path);
let calls = 0;
/** A payer of their own, behind the gate's question. */
async function payer(): Promise<CxmlCaller> {
  calls += 1;
  const call = `5ea1c0de-0000-4000-8000-0000000000d${calls}`;
  const caller = new CxmlCaller({ ...stack, call });
  await caller.dial(`${ivr.url}/pay`);
  expect([caller.state, caller.heard]).toEqual(["gathering", ["To pay by card, press 1."]]);
  return caller;
}
const typeCard = async (caller: CxmlCaller) => {
  for (const digit of "4111111111111111") await caller.press(digit);
};

test("the README has the three documents", () => {
  expect([...documents.keys()]).toEqual(["/pay", "/card", "/back"]);
});

test("the card is asked for only behind a confirmed pause, and 2 goes back to a recording that runs", async () => {
  const caller = await payer();
  await caller.press("1");
  expect(asked).toEqual([
    { path: "/pay", statuses: ["in-progress", "in-progress"] },
    { path: "/card", statuses: ["paused", "paused"] },
  ]);
  await typeCard(caller);
  expect(asked.slice(2)).toEqual([
    { path: "/charge", statuses: ["paused", "paused"] },
    { path: "/back", statuses: ["paused", "paused"] },
  ]);
  await caller.press("2");
  expect(caller.heard.at(-1)).toBe("The recording is running again.");
  expect([caller.state, statuses()]).toEqual(["in-room", ["in-progress", "in-progress"]]);
  // The payer has no star.
  await caller.press("*");
  expect(caller.state).toBe("in-room");
});

test("the card is not asked for where a recording goes on running", async () => {
  signalwire.wrong.push(...Array.from({ length: 500 }, () => "lie" as const));
  const caller = await payer();
  await caller.press("1");
  expect(paths()).toEqual(["/pay", "/back"]);
});

test("the card is not asked for where there is no such room", async () => {
  room = "another-room";
  const caller = await payer();
  await caller.press("1");
  expect(paths()).toEqual(["/pay", "/back"]);
});

test.each(["5", "2", "*", "timeout"])(
  "behind %s the card is not asked for, and nothing changes",
  async (key) => {
    const caller = await payer();
    await caller.press(key);
    expect([paths(), statuses()]).toEqual([
      ["/pay", "/back"],
      ["in-progress", "in-progress"],
    ]);
  },
);

test("a payer who presses nothing more goes back into the room, and the recording stays paused", async () => {
  const caller = await payer();
  await caller.press("1");
  await caller.press("timeout");
  expect(paths()).toEqual(["/pay", "/card", "/back"]);
  await caller.press("timeout");
  expect([caller.state, statuses()]).toEqual(["in-room", ["paused", "paused"]]);
});

test("a redirect to the gate brings no digit, changes nothing and leads to the else", async () => {
  const caller = new CxmlCaller({ ...stack, call: "5ea1c0de-0000-4000-8000-0000000000ef" });
  const gate = new URL(/action="([^"]+)"/.exec(documentAt("/pay"))?.[1]?.replaceAll("&amp;", "&") ?? "");
  await caller.dial(gate.href);
  expect([paths(), statuses()]).toEqual([["/back"], ["in-progress", "in-progress"]]);
});
