import { describe, expect, test } from "vitest";
import { linkSecret } from "../../functions/secrets.ts";
import { signLink } from "../../functions/trigger/links.ts";
import { bench, linkIn } from "../fixtures/telephony-bench.ts";
import { environments, rotation } from "./many-environments.ts";

const name = "holdfast/test/links";
const older = "o".repeat(64);
const newer = "n".repeat(64);
const virtual = rotation();

describe("the key of our own URLs is replaced under 50 requests a second", () => {
  test("behind the old one, before it, alone: no star and no digit of a call is refused", async () => {
    await virtual.put(name, older);
    const doors = environments.map(() =>
      bench(undefined, {}, { link: linkSecret(name, virtual.ports()), now: virtual.now }),
    );
    /** Each request of a call comes to another process. */
    const post = async (environment: number, path: string, fields = {}) =>
      (await doors[environment % environments.length]?.post(path, fields))?.body ?? "";
    /** Calls that have joined and not pressed the star yet, and menus that wait for a digit. */
    const stars: string[] = [];
    const menus: string[] = [];
    const heard: string[] = [];
    const request = async (environment: number, tick: number) => {
      const body = await (async () => {
        const menu = tick % 3 === 2 ? menus.shift() : undefined;
        if (menu !== undefined) return post(environment + 1, menu, { Digits: "1" });
        const star = tick % 3 === 1 ? stars.shift() : undefined;
        if (star !== undefined) return post(environment + 1, star);
        return post(environment, "/telephony/join?room=support&role=agent");
      })();
      if (body.includes("<Gather")) menus.push(linkIn(body));
      else if (body.includes("<Dial") && !body.includes("<Say")) stars.push(linkIn(body));
      else heard.push(/<Say[^>]*>([^<]*)</.exec(body)?.[1] ?? body);
    };
    // Each process reads it anew at another time, 70 seconds behind the one before it.
    for (const environment of environments) {
      const from = 70 * environment;
      const join = (one: number, tick: number) =>
        one === environment && tick === 0 ? request(one, tick) : Promise.resolve();
      await virtual.run({ from, to: from + 1 }, join);
    }
    await virtual.run({ from: 220, to: 235 }, request, { 230: () => virtual.put(name, `${older} ${newer}`) });
    for (const from of [299, 369, 439, 509]) await virtual.run({ from, to: from + 5 }, request);
    // Five minutes later every process can prove what the new key makes.
    await virtual.run({ from: 531, to: 536 }, request, { 532: () => virtual.put(name, `${newer} ${older}`) });
    for (const from of [599, 669, 739, 809]) await virtual.run({ from, to: from + 5 }, request);
    const last = stars.length + menus.length;
    // The calls that began with the old key are over.
    for (const star of stars.splice(0)) menus.push(linkIn(await post(0, star)));
    for (const menu of menus.splice(0))
      heard.push(/<Say[^>]*>([^<]*)</.exec(await post(0, menu, { Digits: "1" }))?.[1] ?? "");
    await virtual.run({ from: 4_000, to: 4_020 }, request, { 4001: () => virtual.put(name, newer) });
    await virtual.run({ from: 4_301, to: 4_311 }, request);

    expect(last).toBeGreaterThan(0);
    expect(new Set(heard)).toEqual(new Set(["The recording is paused."]));
    expect(heard.length).toBeGreaterThan(1_000);
    const stolen = signLink(older, { path: "/telephony/menu", params: { room: "support", role: "agent" } });
    for (const environment of environments)
      expect(await post(environment, stolen)).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  });
});
