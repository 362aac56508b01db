import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom } from "../simulation/random.ts";
import { brokenEvent, eventOf } from "./http-events.ts";
import { delivery } from "./signal-deliveries.ts";
import { captureOutput, conference, createWorld, project, sender, senderKey, start } from "./world.ts";

let output: ReturnType<typeof captureOutput>;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

const target = { project, conference, sender, senderKey, nowMs: start };
const refused = [400, 401, 403, 404, 413, 415, 500];

test("10,000 deliveries: documented answers, and nothing of what was refused done, written or repeated", async () => {
  const seen = new Map<number, number>();
  let world = createWorld("signals");
  for (let index = 0; index < 10_000; index += 1) {
    if (index % 100 === 0) world = createWorld("signals");
    const marker = `zq${index}qz`;
    const random = createRandom(index);
    const { parts, isRight } = delivery(random, marker, target);
    const whole = eventOf(parts, random.oneIn(2));
    const isBroken = random.oneIn(25);
    const event = isBroken ? brokenEvent(random, whole, marker) : whole;
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
});
