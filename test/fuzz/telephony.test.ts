import { afterEach, beforeEach, expect, test } from "vitest";
import { readXml } from "../fixtures/strict-xml.ts";
import { createRandom } from "../simulation/random.ts";
import { formRequest, routes } from "./form-requests.ts";
import { brokenEvent, eventOf } from "./http-events.ts";
import { captureOutput, conference, createWorld, host, project, signingKey } from "./world.ts";

let output: ReturnType<typeof captureOutput>;
beforeEach(() => {
  output = captureOutput();
});
afterEach(() => output.stop());

/** Whether the form names a digit that means something. */
function isCommand(path: string, body: Buffer): boolean {
  const digits = new URLSearchParams(body.toString("utf8")).getAll("Digits");
  return path === "/telephony/digits" && digits.length === 1 && /^[123]#?$/.test(digits[0] ?? "");
}

const target = { project, conference, signingKey, origin: `https://${host}` };

test.each(routes)(
  "10,000 requests to %s: documented answers, and nothing of what was refused done, written or repeated",
  async (route) => {
    const seen = new Map<number, number>();
    let world = createWorld("telephony");
    for (let index = 0; index < 10_000; index += 1) {
      if (index % 100 === 0) world = createWorld("telephony");
      const marker = `zq${index}qz`;
      const random = createRandom(index);
      const { parts, isRight } = formRequest(random, route, marker, target);
      const whole = eventOf(parts, random.oneIn(10));
      const isBroken = random.oneIn(25);
      const event = isBroken ? brokenEvent(random, whole, marker) : whole;
      const { path, body: sent } = parts;
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
);
