import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom, type Random } from "../simulation/random.ts";
import { damaged, damagedBytes, hostileBytes, hostileText } from "./hostile.ts";
import { brokenEvent, damagedHeaders, eventOf } from "./http-events.ts";
import { captureOutput, conference, createWorld, project, sender, senderKey, start } from "./world.ts";

let output: ReturnType<typeof captureOutput>;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

const sign = (key: Buffer, id: string, timestamp: string, body: Buffer): string =>
  `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;

function validSignal(random: Random): { type: string; timestamp: string; data: Record<string, unknown> } {
  const type = random.pick(["recording.pause", "recording.pause", "recording.resume", "recording.stop"]);
  const target = random.pick([{ conference }, { conference }, { room: "support" }, { call: conference }]);
  const hold = { hold: `payment-${random.whole(1, 3)}`, reason: "card-entry" };
  const expiry = random.oneIn(3) ? { expiresInSeconds: random.whole(5, 14_400), pauseBehavior: "skip" } : {};
  const timestamp = new Date(start - random.whole(-300_000, 600_000)).toISOString();
  return {
    type,
    timestamp,
    data: { project, ...target, ...(type.endsWith("stop") ? {} : { ...hold, ...expiry }) },
  };
}

/** One delivery, most of it right; what it is known to be is told with it. */
function delivery(random: Random, marker: string) {
  const said = random.oneIn(10) ? validSignal(random) : damaged(random, validSignal(random), marker);
  let body: Buffer = Buffer.from(JSON.stringify(said) ?? "undefined");
  if (random.oneIn(8)) body = damagedBytes(random, body);
  if (random.oneIn(50))
    body = random.pick([hostileBytes(random), Buffer.alloc(70_000, "["), Buffer.alloc(60_000, '{"a":')]);
  const id = random.oneIn(10) ? hostileText(random) + marker : "msg_1";
  const timestamp = String(start / 1000 + (random.oneIn(10) ? random.whole(-900, 900) : 0));
  const isRight = !random.oneIn(4);
  const signature = isRight
    ? sign(senderKey, id, timestamp, body)
    : random.pick([
        sign(Buffer.alloc(32), id, timestamp, body),
        sign(senderKey, "msg_2", timestamp, body),
        `v1,${marker}`,
        marker,
      ]);
  const right = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signature,
  };
  const headers = random.oneIn(6) ? damagedHeaders(random, right, marker) : right;
  const path = random.oneIn(12)
    ? random.pick([`/signals/${marker}`, "/signals/", `/${hostileText(random)}`, `/signals/${sender}/x`])
    : `/signals/${sender}`;
  const method = random.oneIn(30) ? random.pick(["GET", "PUT", "post", marker]) : "POST";
  const event = eventOf(
    { path, query: random.oneIn(10) ? marker : "", method, headers, body },
    random.oneIn(2),
  );
  const isBroken = random.oneIn(25);
  return { event: isBroken ? brokenEvent(random, event, marker) : event, isRight, isBroken };
}

const refused = [400, 401, 403, 404, 413, 415, 500];

test("10,000 deliveries: documented answers, and nothing of what was refused done, written or repeated", async () => {
  const seen = new Map<number, number>();
  let world = createWorld("signals");
  for (let index = 0; index < 10_000; index += 1) {
    if (index % 100 === 0) world = createWorld("signals");
    const marker = `zq${index}qz`;
    const { event, isRight, isBroken } = delivery(createRandom(index), marker);
    const fail = (why: string): never => expect.fail(`${index}: ${why}: ${JSON.stringify(event)}`);
    const before = world.effects();
    const { statusCode, headers, body } = await world.http(event);
    const written = output.take();
    seen.set(statusCode, (seen.get(statusCode) ?? 0) + 1);
    if (![200, 202, 409, ...refused].includes(statusCode)) fail(`status ${statusCode}`);
    if (statusCode === 500 && !isBroken) fail("500");
    if (!isRight && ![401, 404, 413, 415].includes(statusCode) && !isBroken)
      fail(`unproven, but ${statusCode}`);
    if (refused.includes(statusCode) && world.effects() !== before)
      fail(`${statusCode}, but ${before} is ${world.effects()}`);
    if (JSON.stringify(headers).includes(marker) || written.includes(marker)) fail(`written: ${written}`);
    // An answer to a sender names its holds; nothing else is repeated.
    const { holds: _, ...others } = JSON.parse(body);
    if (JSON.stringify(others).includes(marker)) fail(`answered: ${body}`);
    if (/4111[ -]?1111[ -]?1111|5555 5555/.test(written + body)) fail(`a card number: ${written} ${body}`);
    if (others.safeToCollect === true && statusCode !== 200) fail("safe");
    if (written.split("\n").filter((line) => line.includes('"message":"delivery"')).length !== 1)
      fail(`lines: ${written}`);
  }
  // Each kind of answer was reached, so that all of the code was.
  for (const status of [200, 400, 401, 403, 404, 413, 415]) expect(seen.get(status) ?? 0).toBeGreaterThan(20);
}, 60_000);
