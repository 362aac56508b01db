import { describe, expect, test } from "vitest";
import type { Form } from "../../functions/trigger/form.ts";
import { isSigned, signForm } from "../../functions/trigger/signalwire-signature.ts";
import { watched } from "./watched.ts";

const key = "PSK_ExampleSigningKey0123456789";
const url = "https://hooks.example.com/prod/ivr/digits";
const form: Form = [
  ["AccountSid", "b3877c40-da60-4998-90ad-b792e98472af"],
  ["ApiVersion", "2010-04-01"],
  ["CallSid", "b3877c40-da60-4998-90ad-b792e98472ca"],
  ["CallStatus", "in-progress"],
  ["Digits", "1"],
  ["Direction", "inbound"],
  ["From", "+15551234567"],
  ["To", "+15559876543"],
];
const signature = "6+fst3jx9knaOoLc1+cammKSWsI=";
const withDigits = (digits: string): Form =>
  form.map(([name, value]) => [name, name === "Digits" ? digits : value]);

describe("a signature of SignalWire's", () => {
  test.each<[string, string, Form, string]>([
    ["of a form", url, form, signature],
    ["with a query", `${url}?conf=room%201&step=2`, withDigits("*2#"), "cSjjq/10p3FsEkj6Lzb0+y6SWIk="],
    ["made over the explicit port", url, form, "H8AghCc2xU6YhUMeywsExtXKEVk="],
    ["of a form in another order", url, form.toReversed(), signature],
  ])("%s is accepted", (_name, signed, fields, value) => {
    expect(isSigned([key], value, signed, fields)).toBe(true);
    expect(isSigned(["PSK_Another", key], value, signed, fields)).toBe(true);
  });

  test.each<[string, readonly string[], string | undefined, string, Form]>([
    ["of another digit", [key], signature, url, withDigits("2")],
    ["of another URL", [key], signature, `${url}?`, form],
    ["of another key", ["PSK_Another"], signature, url, form],
    ["of no key", [], signature, url, form],
    ["of an empty key", [""], signForm("", url, form), url, form],
    ["beside an empty key", [key, ""], signature, url, form],
    ["that is missing", [key], undefined, url, form],
    ["that is empty", [key], "", url, form],
    ["that stands there twice", [key], `${signature},${signature}`, url, form],
    ["with a space behind it", [key], `${signature} `, url, form],
    ["without its padding", [key], signature.slice(0, -1), url, form],
    ["in hexadecimal", [key], Buffer.from(signature, "base64").toString("hex"), url, form],
    ["of 21 bytes", [key], Buffer.alloc(21).toString("base64"), url, form],
    ["of 19 bytes", [key], Buffer.alloc(19).toString("base64"), url, form],
    ["in base64url", [key], signature.replace("+", "-"), url, form],
    ["in another spelling of the same bytes", [key], signature.replace("I=", "J="), url, form],
  ])("%s is refused", (_name, keys, value, signed, fields) => {
    expect(isSigned(keys, value, signed, fields)).toBe(false);
  });

  test("is compared against every key, whatever matched before", () => {
    for (const order of [
      [key, "another", "a third"],
      ["a third", "another", key],
    ]) {
      const { keys, taken } = watched(order);
      expect(isSigned(keys, signature, url, form)).toBe(true);
      expect(taken).toEqual(order);
    }
  });

  test("of the bare URL, right or not, never passes with a body", () => {
    expect(isSigned([key], signForm(key, url, []), url, form)).toBe(false);
    expect(isSigned([key], signForm(key, url, []), url, [])).toBe(true);
  });

  test("keeps repeated parameters in the order of submission", () => {
    const twice: Form = [
      ["Tag", "b"],
      ["Tag", "a"],
    ];
    expect(isSigned([key], signForm(key, url, twice), url, twice)).toBe(true);
    expect(isSigned([key], signForm(key, url, twice), url, twice.toReversed())).toBe(false);
  });
});
