import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom, type Random } from "../simulation/random.ts";
import { damaged, hostileText, hostileValue } from "./hostile.ts";
import { captureOutput, conference, createWorld, project, start } from "./world.ts";

let output: ReturnType<typeof captureOutput>;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

const actions = ["pause", "resume", "stop", "release-all", "status", "ledger", "verify"];

function validInput(random: Random): Record<string, unknown> {
  const action = random.pick(actions);
  const hold = { hold: `payment-${random.whole(1, 3)}` };
  const timestamp = { timestamp: new Date(start - random.whole(-300_000, 600_000)).toISOString() };
  return {
    action,
    project,
    ...random.pick([{ conference }, { conference }, { room: "support" }, { call: conference }]),
    actor: "ops@example.test",
    ...(["pause", "stop", "release-all"].includes(action) ? { reason: "card-entry" } : {}),
    ...(random.oneIn(2) ? hold : {}),
    ...(random.oneIn(2) ? timestamp : {}),
  };
}

const envelope = (random: Random, detail: object): object => ({
  version: "0",
  id: "6f1e8a01-0c1a-4f6b-9a55-2f1f6f1e8a99",
  "detail-type": "payment page opened",
  source: "com.example.payments",
  account: "123456789012",
  time: new Date(start - random.whole(0, 60_000)).toISOString(),
  region: "eu-west-1",
  resources: [],
  detail,
});

type Fuzzed = { readonly event: unknown; readonly alias: string | undefined };

function invocation(random: Random, marker: string): Fuzzed {
  const input = validInput(random);
  const event = random.oneIn(10)
    ? input
    : random.oneIn(30)
      ? hostileValue(random, marker)
      : damaged(random, input, marker);
  const aliases = [
    undefined,
    undefined,
    "hold",
    "release",
    "stop",
    "read",
    "live",
    marker,
    hostileText(random),
  ];
  return { event, alias: random.pick(aliases) };
}

function busEvent(random: Random, marker: string): Fuzzed {
  const detail = random.oneIn(3)
    ? validInput(random)
    : (damaged(random, validInput(random), marker) as object);
  const whole = envelope(random, detail);
  return { event: random.oneIn(3) ? whole : damaged(random, whole, marker), alias: undefined };
}

/** What an answer or an alarm may name: who asked, under which name, and the hold. */
const named = /"(source|id|reason)":"[^"]*"/g;

test.each<[string, (random: Random, marker: string) => Fuzzed]>([
  ["direct invocations", invocation],
  ["EventBridge's envelopes", busEvent],
])(
  "10,000 %s: documented answers and errors, and nothing of what was refused done, written or repeated",
  async (_, make) => {
    const seen = new Map<string, number>();
    let world = createWorld("control");
    for (let index = 0; index < 10_000; index += 1) {
      if (index % 100 === 0) world = createWorld("control");
      const marker = `zq${index}qz`;
      const { event, alias } = make(createRandom(index), marker);
      const fail = (why: string): never =>
        expect.fail(`${index}: ${why}: ${alias} ${JSON.stringify(event)?.slice(0, 2_000)}`);
      const before = world.effects();
      const result = await world.control(structuredClone(event), alias).then(
        (answer) => ({ kind: "answered", text: JSON.stringify(answer).replace(named, "") }),
        (error: Error) => {
          if (error.cause !== undefined) fail("a cause");
          return { kind: error.name, text: `${error.message} ${error.stack}` };
        },
      );
      const written = output.take();
      seen.set(result.kind, (seen.get(result.kind) ?? 0) + 1);
      if (!["answered", "InvalidCommand", "NotAllowed", "Refused", "Unavailable"].includes(result.kind))
        fail(`${result.kind}: ${result.text}`);
      if (["InvalidCommand", "NotAllowed"].includes(result.kind) && world.effects() !== before)
        fail(`${before} is ${world.effects()}`);
      if ((result.text + written.replace(named, "")).includes(marker))
        fail(`written: ${result.text} ${written}`);
      if (/4111[ -]?1111[ -]?1111|5555 5555/.test(result.text + written))
        fail(`a card number: ${result.text} ${written}`);
      if (written.split("\n").filter((line) => line.includes('"message":"delivery"')).length !== 1)
        fail(`lines: ${written}`);
    }
    for (const kind of ["answered", "InvalidCommand", "NotAllowed", "Refused"])
      expect(seen.get(kind) ?? 0).toBeGreaterThan(20);
  },
);
