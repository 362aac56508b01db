import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readXml } from "../fixtures/strict-xml.ts";
import { createRandom, type Random } from "../simulation/random.ts";
import { damagedBytes, hostileBytes, hostileText } from "./hostile.ts";
import { brokenEvent, damagedHeaders, eventOf } from "./http-events.ts";
import { captureOutput, conference, createWorld, host, project, signingKey } from "./world.ts";

let output: ReturnType<typeof captureOutput>;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

const call = "55555555-5555-4555-8555-555555555555";
const recording = "33333333-3333-4333-8333-333333333331";
type Pair = readonly [name: string, value: string];

const encoded = (pairs: readonly Pair[]): string =>
  pairs
    .map(
      ([name, value]) =>
        `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`,
    )
    .join("&");

/** Of the text that the form's bytes are, as a signer would read it. */
function sign(key: string, url: string, body: Buffer): string {
  const pairs = [...new URLSearchParams(body.toString("utf8"))].sort(([a], [b]) =>
    a < b ? -1 : a > b ? 1 : 0,
  );
  return createHmac("sha1", key)
    .update(url + pairs.flat().join(""))
    .digest("base64");
}

const standard: readonly Pair[] = [
  ["AccountSid", project],
  ["ApiVersion", "2010-04-01"],
  ["CallSid", call],
  ["CallStatus", "in-progress"],
  ["Direction", "inbound"],
];
const own: { readonly [path: string]: (random: Random, marker: string) => readonly Pair[] } = {
  "/telephony/join": () => [],
  "/telephony/menu": (_, marker) => [["DialCallStatus", marker]],
  "/telephony/digits": (random, marker) => [
    [
      "Digits",
      random.pick([
        "1",
        "2",
        "3",
        "1#",
        "9",
        "",
        "12",
        "4111111111111111",
        `1${marker}`,
        hostileText(random),
      ]),
    ],
    ["SpeechResult", `four one one one ${marker}`],
  ],
  "/telephony/events": (random, marker) => [
    ["ConferenceSid", conference],
    ["RecordingSid", recording],
    ["RecordingUrl", `https://media.example/${marker}`],
    ["FriendlyName", random.pick(["support", "", hostileText(random)])],
    ["RecordingStatus", random.pick(["in-progress", "completed", "failed", marker])],
    ["StatusCallbackEvent", random.pick(["conference-start", "conference-end", "participant-join", marker])],
  ],
};
const queries = (random: Random, marker: string): readonly Pair[] =>
  random.pick<readonly Pair[]>([
    [["room", "support"]],
    [["conference", conference]],
    [
      ["room", "support"],
      ["role", random.pick(["agent", "caller", "control", marker])],
    ],
    [
      ["conference", conference],
      ["then", `https://ivr.example/${marker}`],
      ["else", "https://ivr.example/no"],
    ],
    [
      ["conference", conference],
      ["then", `https://evil.example/${marker}`],
      ["else", marker],
    ],
    [["conference", marker]],
    [
      ["room", "support"],
      ["conference", conference],
      ["x", marker],
    ],
    [
      ["room", "support"],
      ["mac", marker],
      ["exp", random.pick(["0", "9999999999", "-1", marker])],
    ],
    [
      ["announce", random.pick(["paused", "resumed", marker])],
      ["mac", marker],
    ],
    [[marker, marker]],
    [],
  ]);

/** One request to `path`, most of it right; what it is known to be is told with it. */
function request(random: Random, route: string, marker: string) {
  const pairs = [...standard, ...(own[route]?.(random, marker) ?? []), ["Tag", marker] as const];
  for (let change = random.whole(0, 2); change > 0; change -= 1) {
    const at = random.whole(0, pairs.length - 1);
    const [name, value] = pairs[at] ?? ["", ""];
    const changed = random.pick<readonly Pair[]>([
      [],
      [
        [name, value],
        [name, value],
      ],
      [[name, hostileText(random)]],
      [[name, value + hostileText(random, 3)]],
      [[name, value.toUpperCase()]],
      [
        [name + hostileText(random, 3), value],
        [name, value],
      ],
      [
        [hostileText(random, 10), marker],
        [name, value],
      ],
    ]);
    pairs.splice(at, 1, ...changed);
  }
  const path = random.oneIn(20)
    ? random.pick([`/telephony/${marker}`, "/telephony/__proto__", "/telephony", `${route}/`])
    : route;
  let query = encoded(queries(random, marker));
  if (random.oneIn(8)) query += random.pick(["&room", "&%", "&a=%ff", "&=&", `&${marker}`, "&room=2"]);
  let body: Buffer = Buffer.from(encoded(pairs));
  if (random.oneIn(10)) body = damagedBytes(random, body);
  if (random.oneIn(60))
    body = random.pick([hostileBytes(random), Buffer.alloc(70_000, "a=b&"), Buffer.alloc(65_536, "a")]);
  const url = `https://${host}${path}${query === "" ? "" : `?${query}`}`;
  const isRight = !random.oneIn(4);
  const signature = isRight
    ? sign(signingKey, random.oneIn(5) ? url.replace(host, `${host}:443`) : url, body)
    : random.pick([
        sign("PSK_Another", url, body),
        sign(signingKey, `${url}x`, body),
        sign(signingKey, url, Buffer.alloc(0)),
        "",
        marker,
      ]);
  const right = {
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    "x-signalwire-signature": signature,
  };
  const headers = random.oneIn(8) ? damagedHeaders(random, right, marker) : right;
  const method = random.oneIn(40) ? random.pick(["GET", "PUT", marker]) : "POST";
  const event = eventOf({ path, query, method, headers, body }, random.oneIn(10));
  const isBroken = random.oneIn(25);
  // A signature of the bare URL is right where there is nothing else to sign.
  return {
    event: isBroken ? brokenEvent(random, event, marker) : event,
    isRight: isRight || body.length === 0,
    isBroken,
    path,
    body,
  };
}

/** Whether the form names a digit that means something. */
function isCommand(path: string, body: Buffer): boolean {
  const digits = new URLSearchParams(body.toString("utf8")).getAll("Digits");
  return path === "/telephony/digits" && digits.length === 1 && /^[123]#?$/.test(digits[0] ?? "");
}

test.each(Object.keys(own))(
  "10,000 requests to %s: documented answers, and nothing of what was refused done, written or repeated",
  async (route) => {
    const seen = new Map<number, number>();
    let world = createWorld("telephony");
    for (let index = 0; index < 10_000; index += 1) {
      if (index % 100 === 0) world = createWorld("telephony");
      const marker = `zq${index}qz`;
      const { event, isRight, isBroken, path, body: sent } = request(createRandom(index), route, marker);
      const fail = (why: string): never => expect.fail(`${index}: ${why}: ${JSON.stringify(event)} ${sent}`);
      const before = world.effects();
      const { statusCode, headers, body } = await world.http(event);
      const written = output.take();
      seen.set(statusCode, (seen.get(statusCode) ?? 0) + 1);
      if (![200, 204, 403, 413].includes(statusCode)) fail(`status ${statusCode}`);
      if (!isRight && !isBroken && ![403, 413].includes(statusCode)) fail(`unproven, but ${statusCode}`);
      if (statusCode >= 400 && body !== "") fail(`answered: ${body}`);
      const isAllowed = statusCode === 204 || (statusCode === 200 && isCommand(path, sent));
      if (!isAllowed && !isBroken && world.effects() !== before) fail(`${before} is ${world.effects()}`);
      if (statusCode === 200) readXml(body);
      // The one thing of the request that belongs into an answer is where the call goes on.
      const said = body.replace(/<Redirect method="POST">https:\/\/ivr\.example\/[^<]*<\/Redirect>/g, "");
      if (JSON.stringify([said, headers, written]).includes(marker)) fail(`written: ${said} ${written}`);
      if (/4111[ -]?1111[ -]?1111/.test(body + written)) fail(`a card number: ${body} ${written}`);
      if (written.split("\n").filter((line) => line.includes('"message":"delivery"')).length !== 1)
        fail(`lines: ${written}`);
    }
    for (const status of [route.endsWith("events") ? 204 : 200, 403, 413]) {
      expect(seen.get(status) ?? 0).toBeGreaterThan(20);
    }
  },
  60_000,
);
