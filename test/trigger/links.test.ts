import { describe, expect, test } from "vitest";
import { isOurs, signLink } from "../../functions/trigger/links.ts";

const key = "made-up-link-key";
const now = Date.parse("2026-11-24T12:00:00.000Z");
const paramsOf = (link: string) => Object.fromEntries(new URL(link, "https://x.example").searchParams);
const link = { path: "/telephony/digits", params: { room: "a&b=c?#ä", role: "agent" } };

describe("a URL of our own", () => {
  const answer = paramsOf(signLink(key, link, now + 900_000));

  test("is ours until it expires", () => {
    expect(isOurs(key, link.path, answer, now)).toBe(true);
    expect(isOurs(key, link.path, answer, now + 900_000)).toBe(true);
    expect(isOurs(key, link.path, answer, now + 900_001)).toBe(false);
  });

  test("without an expiry is ours for good", () => {
    expect(isOurs(key, link.path, paramsOf(signLink(key, link)), now * 2)).toBe(true);
  });

  test("is made by the first of several keys, and proven by each", () => {
    const rotating = paramsOf(signLink(` newer\n${key} `, link));
    expect(rotating).toEqual(paramsOf(signLink("newer", link)));
    for (const secret of ["newer", `newer ${key}`, `${key} newer`]) {
      expect(isOurs(secret, link.path, rotating, now)).toBe(true);
    }
    expect(isOurs(`newer ${key}`, link.path, answer, now)).toBe(true);
    expect(isOurs(key, link.path, rotating, now)).toBe(false);
  });

  test.each([
    ["another room", link.path, { ...answer, room: "other" }, key],
    ["another expiry", link.path, { ...answer, exp: "9999999999" }, key],
    ["no expiry", link.path, { room: answer.room ?? "", role: "agent", mac: answer.mac ?? "" }, key],
    ["one parameter more", link.path, { ...answer, then: "https://evil.example" }, key],
    ["another path", "/telephony/menu", answer, key],
    ["another key", link.path, answer, "another"],
    ["no key", link.path, answer, ""],
    ["nothing but spaces for keys", link.path, paramsOf(signLink(" ", link)), " \n "],
    ["no MAC", link.path, { room: "x" }, key],
  ])("with %s is not ours", (_name, path, params, secret) => {
    expect(isOurs(secret, path, params, now)).toBe(false);
  });
});
