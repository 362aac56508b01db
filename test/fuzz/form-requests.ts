import { createHmac } from "node:crypto";
import type { Random } from "../simulation/random.ts";
import { damagedBytes, hostileBytes, hostileText } from "./hostile.ts";
import { damagedHeaders } from "./http-events.ts";

const call = "55555555-5555-4555-8555-555555555555";
const recording = "33333333-3333-4333-8333-333333333331";
/** What is right for the stack that it is sent to. */
export type FormTarget = {
  readonly project: string;
  readonly conference: string;
  readonly signingKey: string;
  /** The origin that is signed. */
  readonly origin: string;
};
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

const standard = (project: string): readonly Pair[] => [
  ["AccountSid", project],
  ["ApiVersion", "2010-04-01"],
  ["CallSid", call],
  ["CallStatus", "in-progress"],
  ["Direction", "inbound"],
];
const own: {
  readonly [path: string]: (random: Random, marker: string, conference: string) => readonly Pair[];
} = {
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
  "/telephony/events": (random, marker, conference) => [
    ["ConferenceSid", conference],
    ["RecordingSid", recording],
    ["RecordingUrl", `https://media.example/${marker}`],
    ["FriendlyName", random.pick(["support", "", hostileText(random)])],
    ["RecordingStatus", random.pick(["in-progress", "completed", "failed", marker])],
    ["StatusCallbackEvent", random.pick(["conference-start", "conference-end", "participant-join", marker])],
  ],
};
const queries = (random: Random, marker: string, conference: string): readonly Pair[] =>
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

export const routes: readonly string[] = Object.keys(own);

/** One request to `path`, most of it right; what it is known to be is told with it. */
export function formRequest(random: Random, route: string, marker: string, target: FormTarget) {
  const { project, conference, signingKey, origin } = target;
  const pairs = [
    ...standard(project),
    ...(own[route]?.(random, marker, conference) ?? []),
    ["Tag", marker] as const,
  ];
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
  let query = encoded(queries(random, marker, conference));
  if (random.oneIn(8)) query += random.pick(["&room", "&%", "&a=%ff", "&=&", `&${marker}`, "&room=2"]);
  let body: Buffer = Buffer.from(encoded(pairs));
  if (random.oneIn(10)) body = damagedBytes(random, body);
  if (random.oneIn(60))
    body = random.pick([hostileBytes(random), Buffer.alloc(70_000, "a=b&"), Buffer.alloc(65_536, "a")]);
  const url = `${origin}${path}${query === "" ? "" : `?${query}`}`;
  const isRight = !random.oneIn(4);
  const signature = isRight
    ? sign(signingKey, random.oneIn(5) ? url.replace(origin, `${origin}:443`) : url, body)
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
  // A signature of the bare URL is right where there is nothing else to sign.
  return { parts: { path, query, method, headers, body }, isRight: isRight || body.length === 0 };
}
