import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom, type Random } from "../simulation/random.ts";
import { damaged, damagedBytes, hostileBytes, hostileText } from "./hostile.ts";
import { captureOutput, conference, createWorld, project } from "./world.ts";

let output: ReturnType<typeof captureOutput>;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

function message(random: Random, marker: string): string {
  const check = { project, conference, chain: "chain-1", hop: random.pick([0, 1, 2, 1e9]) };
  if (random.oneIn(10)) return JSON.stringify(check);
  if (random.oneIn(10))
    return random.pick([
      marker,
      hostileText(random),
      hostileBytes(random).toString("latin1"),
      "[".repeat(50_000),
    ]);
  const text = JSON.stringify(damaged(random, check, marker)) ?? "";
  return random.oneIn(5) ? damagedBytes(random, Buffer.from(text)).toString("utf8") : text;
}

/** Written from the shape of our own messages, sharing no code with the reader. */
function isCheck(body: string): boolean {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  try {
    const { project, conference, chain, hop, ...others } = JSON.parse(body);
    const isNamed =
      typeof project === "string" &&
      uuid.test(project) &&
      typeof conference === "string" &&
      uuid.test(conference);
    const isChained = typeof chain === "string" && chain.length >= 1 && chain.length <= 128;
    return isNamed && isChained && Number.isSafeInteger(hop) && hop >= 0 && Object.keys(others).length === 0;
  } catch {
    return false;
  }
}

test("10,000 messages of the queue: what is no check comes back, does nothing and is repeated nowhere", async () => {
  let world = createWorld("check");
  let unreadable = 0;
  for (let batch = 0; batch < 2_000; batch += 1) {
    if (batch % 50 === 0) world = createWorld("check");
    const random = createRandom(batch);
    const marker = `zq${batch}qz`;
    const bodies = Array.from({ length: 5 }, () => message(random, marker));
    const fail = (why: string): never =>
      expect.fail(`${batch}: ${why}: ${JSON.stringify(bodies).slice(0, 3_000)}`);
    const before = world.effects();
    const Records = bodies.map((body, index) => ({ messageId: `m-${index}`, body }));
    const { batchItemFailures } = await world.checks({ Records });
    const written = output.take();
    const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    const wrong = bodies.flatMap((body, index) => (isCheck(body) ? [] : [`m-${index}`]));
    unreadable += wrong.length;
    if (JSON.stringify(failed) !== JSON.stringify(wrong)) fail(`${failed} came back`);
    if (wrong.length === bodies.length && world.effects() !== before) fail(`${before} is ${world.effects()}`);
    if (JSON.stringify([batchItemFailures, written]).includes(marker)) fail(`written: ${written}`);
    if (written.split('"message":"check"').length !== 6) fail(`lines: ${written}`);
  }
  expect(unreadable).toBeGreaterThan(5_000);
});
