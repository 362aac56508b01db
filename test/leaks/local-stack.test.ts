import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type OwnStack, startOwnStack } from "./own-stack.ts";
import { known, type Mood, startTelltaleSignalWire, type TelltaleSignalWire } from "./telltale-signalwire.ts";
import { each, type FormOptions, form, invoke, type Pair, type Seen, signal } from "./triggers.ts";

// The built functions in processes of their own. What may not get out goes in by every way there is, and is looked for in all that
// comes out: both streams of every process, every answer with its headers, what is told to DynamoDB, and what is put on the queue.

let stack: OwnStack;
let signalwire: TelltaleSignalWire;
const answers: string[] = [];

beforeAll(async () => {
  signalwire = await startTelltaleSignalWire();
  stack = await startOwnStack({ signalwire: async () => signalwire });
});
afterAll(async () => {
  await stack?.close();
});
afterEach(() => {
  stack.dynamodb.instead = undefined;
  stack.sqs.instead = undefined;
});

const cards = [
  "4111111111111111",
  "4111 1111 1111 1111",
  "4111-1111-1111-1111",
  "5555555555554444",
  "3782 822463 10005",
];
const urls = ["https://media.example/Recordings/5ea1c0de-planted.mp3"];
const madeUp = [
  "PSK_MadeUpSigningKey1234567890",
  "PT0123456789abcdef0123456789abcdef01234567",
  "whsec_TWFkZVVwU2VjcmV0T2ZBU2VuZGVy",
];
const plants = () => [...cards, ...urls, ...madeUp, stack.apiToken, stack.signingKey, stack.senderSecret];

/** How it could be written, wherever it comes out. */
function spellings(text: string): readonly string[] {
  const whole = [
    text,
    encodeURIComponent(text),
    encodeURIComponent(text).replaceAll("%20", "+"),
    JSON.stringify(text).slice(1, -1),
  ];
  return [
    ...whole,
    Buffer.from(text).toString("base64").replace(/=+$/, ""),
    Buffer.from(text).toString("hex"),
  ];
}

/** Everything that has come out so far holds none of it. */
function expectNothingOut(): void {
  const out = [stack.output(), ...answers, ...stack.dynamodb.bodies, ...stack.sqs.bodies].join("\n");
  const own = [
    stack.linkKey,
    stack.senderSecret.slice("whsec_".length),
    `${stack.project}:${stack.apiToken}`,
  ];
  const found = [...plants(), ...own, signalwire.mediaUrl].filter((text) =>
    spellings(text).some((one) => out.includes(one)),
  );
  const digits = out.replace(/(?<=[0-9])(?:[ +-]|%20)+(?=[0-9])/g, "");
  const numbers = cards.map((card) => card.replace(/[ -]/g, "")).filter((card) => digits.includes(card));
  const line = [...found, ...numbers].map((text) =>
    out
      .split("\n")
      .find((one) => one.includes(text))
      ?.slice(0, 600),
  );
  expect({ found, numbers, line }).toEqual({ found: [], numbers: [], line: [] });
}

const keep = (seen: Seen): Seen => {
  answers.push(seen.text);
  return seen;
};
const pause = (conference: string, hold: string = randomUUID()) => ({
  type: "recording.pause",
  timestamp: new Date().toISOString(),
  data: { conference, hold, reason: "card-entry" },
});
const operator = { action: "pause", conference: known, reason: "card-entry", actor: "ada" };
const standard = (): Pair[] => [
  ["AccountSid", stack.project],
  ["CallSid", "5ea1c0de-0000-4000-8000-0000000000ca"],
  ["CallStatus", "in-progress"],
];

/** Each way in gets some of what is planted, and all of it is planted somewhere: `n` divides no round of the ways. */
const everyNth = <Item>(n: number, items: readonly Item[]) => items.filter((_, index) => index % n === 0);

describe("a card number, a key, a token or a URL comes out nowhere", () => {
  test("through any field of a signal, its headers, its path and its query", async () => {
    const fields = [
      "project",
      "conference",
      "room",
      "call",
      "recording",
      "hold",
      "reason",
      "expiresInSeconds",
      "pauseBehavior",
      "note",
    ];
    const tries = plants().flatMap((plant): (() => Promise<Seen>)[] => {
      const said = pause(known);
      const send =
        (body: object, more = {}) =>
        () =>
          signal(stack, JSON.stringify(body), more);
      return [
        ...fields.map((field) => send({ ...said, data: { ...said.data, [field]: plant } })),
        send({ ...said, data: { hold: "h", reason: "r", room: plant } }),
        send({ ...said, data: { ...said.data, expiresInSeconds: Number(plant.replace(/\D/g, "")) } }),
        send({ ...said, data: { ...said.data, [plant]: 1 } }),
        send({ ...said, [plant]: plant }),
        send({ ...said, type: plant }),
        send({ ...said, timestamp: plant }),
        send({ ...said, data: [[plant]] }),
        send([plant]),
        send(said, { id: plant }),
        send(said, { path: `/signals/${encodeURIComponent(plant)}` }),
        send(said, {
          path: `/signals/${stack.sender}?${encodeURIComponent(plant)}=${encodeURIComponent(plant)}`,
        }),
        send(said, {
          headers: {
            "user-agent": plant,
            cookie: plant,
            referer: plant,
            "x-request-id": plant,
            authorization: plant,
          },
        }),
        send(said, { headers: { "webhook-signature": plant } }),
        send(said, { headers: { "webhook-timestamp": plant } }),
        send(said, { headers: { "content-type": plant } }),
        () => signal(stack, `{"type": ${plant}`),
        () => signal(stack, plant),
        () => signal(stack, plant, { secret: `whsec_${Buffer.alloc(32).toString("base64")}` }),
      ];
    });
    const seen = await each(everyNth(3, tries), async (one) => keep(await one()));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200, 400, 401, 415]));
    expectNothingOut();
  });

  test("through any field of an operator's input, or of an event", async () => {
    const fields = [
      "action",
      "project",
      "conference",
      "room",
      "call",
      "recording",
      "hold",
      "reason",
      "actor",
      "timestamp",
      "expiresInSeconds",
      "note",
    ];
    const event = {
      version: "0",
      id: randomUUID(),
      "detail-type": "payment page opened",
      source: "com.example.payments",
      account: "000000000000",
      time: new Date().toISOString(),
      region: "us-east-1",
      resources: [],
      detail: operator,
    };
    const inputs = plants().flatMap((plant): unknown[] => [
      ...fields.map((field) => ({ ...operator, [field]: plant })),
      ...fields.map((field) => ({ action: "status", room: "support", [field]: plant })),
      { action: "status", room: plant },
      { ...operator, [plant]: plant },
      ...Object.keys(event).map((field) => ({ ...event, [field]: plant })),
      ...fields.map((field) => ({ ...event, detail: { ...operator, [field]: plant } })),
      { ...event, [plant]: plant },
      { ...event, detail: { ...operator, [plant]: plant } },
      plant,
      [plant],
    ]);
    const seen = await each(everyNth(4, inputs), async (input) => keep(await invoke(stack, input)));
    const types = seen.map(({ body }) => (JSON.parse(body) as { errorType?: string }).errorType);
    expect(new Set(types)).toEqual(new Set(["InvalidCommand"]));
    expectNothingOut();
  });

  // But the name of a room: that is the owner's, stands in the owner's documents, and the call has to find back to it.
  test("through any field of a telephone's form, its query and its headers", async () => {
    const fields = [
      ...[
        "ApiVersion",
        "CallSid",
        "CallStatus",
        "Direction",
        "From",
        "To",
        "ParentCallSid",
        "CallerName",
        "Digits",
        "SpeechResult",
      ],
      ...[
        "Confidence",
        "FinishedOnKey",
        "DialCallStatus",
        "ConferenceSid",
        "RecordingSid",
        "RecordingUrl",
        "RecordingStatus",
      ],
      ...["RecordingDuration", "RecordingSource", "StatusCallbackEvent", "Timestamp", "AccountSid", "Tag"],
    ];
    const parameters = ["role", "then", "else", "mac", "exp", "announce", "conference", "tag"];
    const room: Pair = ["room", "support"];
    const tries = ["join", "menu", "digits", "events"].flatMap((route) => {
      const own: Pair[] = route === "digits" ? [["Digits", "1"]] : [["ConferenceSid", known]];
      const base = [...standard(), ...own];
      const post =
        (fields: readonly Pair[], more: FormOptions = {}) =>
        () =>
          form(stack, route, fields, { query: [room], ...more });
      const ways: ((plant: string) => () => Promise<Seen>)[] = [
        ...fields.map(
          (name) => (plant: string) => post([...base.filter(([one]) => one !== name), [name, plant]]),
        ),
        ...parameters.map((name) => (plant: string) => post(base, { query: [room, [name, plant]] })),
        (plant) => post([...base, [`Tag${plant}`, "1"]], { query: [room, [plant, "1"]] }),
        (plant) => post([...base, ["Tag", plant]], { signingKey: "PSK_Another" }),
        (plant) =>
          post(base, {
            headers: { "user-agent": plant, cookie: plant, referer: plant, authorization: plant },
          }),
        (plant) => post(base, { headers: { "x-signalwire-signature": plant } }),
        (plant) => post(base, { headers: { "content-type": plant } }),
      ];
      return plants().flatMap((plant) => ways.map((way) => way(plant)));
    });
    const seen = await each(everyNth(5, tries), async (one) => keep(await one()));
    expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200, 204, 403]));
    expectNothingOut();
  });

  test("through the queue of checks", async () => {
    const before = stack.output().split('"UnreadableCheck"').length;
    for (const plant of plants()) await stack.sendMessage(plant);
    const valid = { project: stack.project, conference: known, hop: 0 };
    for (const plant of plants())
      await stack.sendMessage(JSON.stringify({ ...valid, chain: 1, [plant]: plant }));
    const isRead = () => stack.output().split('"UnreadableCheck"').length >= before + 2 * plants().length;
    while (!isRead()) await sleep(50);
    expectNothingOut();
  });
});

test("a stranger gets the same bytes whether or not there is such a conference, but for date and number", async () => {
  const none = "5ea1c0de-0000-4000-8000-000000009999";
  await signal(stack, JSON.stringify(pause(known)));
  const secret = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
  const bare = ({ text }: Seen) => text.replace(/date: .*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "");
  const bySignal = (conference: string, path: string) =>
    signal(stack, JSON.stringify(pause(conference)), { secret, path });
  const byForm = (conference: string, route: string) => {
    const fields: Pair[] = [...standard(), ["ConferenceSid", conference], ["Digits", "1"]];
    return form(stack, route, fields, { query: [["conference", conference]], signingKey: "PSK_Another" });
  };
  const signals = [known, none].flatMap((one) => [
    bySignal(one, "/signals/payments"),
    bySignal(one, "/signals/nobody"),
  ]);
  const forms = [known, none].flatMap((one) => [
    byForm(one, "digits"),
    byForm(one, "events"),
    byForm(one, "menu"),
  ]);
  const seen = [
    new Set((await Promise.all(signals)).map(bare)),
    new Set((await Promise.all(forms)).map(bare)),
  ];
  expect(seen.map((one) => [...one].map((text) => text.split(" ")[0]))).toEqual([["401"], ["403"]]);
});

describe("what goes wrong tells nothing", () => {
  const moods: readonly Mood[] = [
    ...([401, 403, 404, 422, 429, 500, 503, "html", "garbage", "reset"] as const),
    ...[301, 302, 303, 307, 308].map((redirect) => ({ redirect })),
  ];

  test("at SignalWire, whose answers hold the token and URLs, and whose redirects and lists lead elsewhere", async () => {
    const account = `/api/laml/2010-04-01/Accounts/${stack.project}/`;
    const pages = [
      `ELSEWHERE${account}Conferences`,
      "ELSEWHERE/",
      "//127.0.0.1/next",
      `${account}../../../next`,
    ];
    const paging = Promise.all(
      pages.map(async (page, index) => {
        const conference = `5ea1c0de-0000-4000-8000-0000000020${String(index).padStart(2, "0")}`;
        signalwire.nextPages.set(conference, page);
        const bySignal = () => signal(stack, JSON.stringify(pause(conference)));
        const byOperator = () => invoke(stack, { ...operator, conference });
        return { mood: page, seen: [keep(await (index % 2 === 0 ? bySignal() : byOperator()))] };
      }),
    );
    const tried = await Promise.all(
      moods.map(async (mood, index) => {
        const conference = `5ea1c0de-0000-4000-8000-0000000010${String(index).padStart(2, "0")}`;
        signalwire.moods.set(conference, mood);
        const bySignal = () => signal(stack, JSON.stringify(pause(conference)));
        const byOperator = () => invoke(stack, { ...operator, conference });
        const byKey = () =>
          form(stack, "digits", [...standard(), ["Digits", "1"]], { query: [["conference", conference]] });
        const seen = await Promise.all([index % 2 === 0 ? bySignal() : byOperator(), byKey()]);
        return { mood, seen: seen.map(keep) };
      }),
    );
    const paged = await paging;
    for (const { mood, seen } of [...tried, ...paged]) {
      for (const { body } of seen) {
        expect({ mood, isSafe: /"safeToCollect":true|recording is paused/.test(body) }).toEqual({
          mood,
          isSafe: false,
        });
      }
    }
    expect(signalwire.strays).toBe(0);
    expectNothingOut();
  });

  const code = "com.amazonaws.dynamodb.v20120810#";
  test.each<[string, (body: string) => { status: number; body: string }]>([
    [
      "refuses an item and repeats it",
      (body) => ({
        status: 400,
        body: JSON.stringify({ __type: `${code}ValidationException`, message: `no: ${body}` }),
      }),
    ],
    [
      "fails and repeats what it was asked",
      (body) => ({
        status: 500,
        body: JSON.stringify({ __type: `${code}InternalServerError`, message: body }),
      }),
    ],
    ["answers what is no JSON", (body) => ({ status: 400, body: `{"message": ${body}` })],
  ])("at DynamoDB, which %s", async (_name, instead) => {
    const hold = "planted-hold-7f3a";
    stack.dynamodb.instead = (_target, body) => instead(`${body} ${stack.apiToken} ${cards.join(" ")}`);
    const seen = await Promise.all([
      signal(stack, JSON.stringify(pause(known, hold))),
      invoke(stack, { ...operator, hold }),
      form(stack, "digits", [...standard(), ["Digits", "1"], ["SpeechResult", hold]], {
        query: [["conference", known]],
      }),
      form(stack, "events", [...standard(), ["ConferenceSid", known], ["RecordingUrl", urls[0] ?? ""]]),
    ]);
    expect(seen.map(keep).map(({ status }) => status)).toEqual([503, 200, 200, 204]);
    expect(stack.output() + answers.join()).not.toContain(hold);
    expectNothingOut();
  });

  test("at SQS, which repeats the message that it refuses", async () => {
    stack.sqs.instead = (_target, body) => ({
      status: 400,
      body: JSON.stringify({
        __type: "com.amazonaws.sqs#InvalidMessageContents",
        message: `${body} ${stack.apiToken}`,
      }),
    });
    const { status } = keep(await signal(stack, JSON.stringify(pause(known))));
    expect([200, 503]).toContain(status);
    expectNothingOut();
  });
});

test("the functions have spoken to SignalWire, to AWS and to nobody else", () => {
  const ours = [signalwire.url, stack.dynamodb.url, stack.sqs.url, stack.secretsUrl].map(
    (url) => new URL(url).host,
  );
  const runtime = stack.connections().filter((to) => /^127\.0\.0\.1:\d+$/.test(to) && !ours.includes(to));
  // Each process asks Lambda's runtime interface, at a port of its own, for its invocations.
  const others = stack.connections().filter((to) => !ours.includes(to) && !runtime.includes(to));
  expect({ others, strays: signalwire.strays }).toEqual({ others: [], strays: 0 });
});
