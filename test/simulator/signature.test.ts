import { describe, expect, test } from "vitest";
import { type Params, signatureOf } from "../../infra/local/simulator/signature.ts";

const key = "PSK_ExampleSigningKey0123456789";
const digits = (pressed: string): Params => [
  ["To", "+15559876543"],
  ["AccountSid", "b3877c40-da60-4998-90ad-b792e98472af"],
  ["ApiVersion", "2010-04-01"],
  ["CallSid", "b3877c40-da60-4998-90ad-b792e98472ca"],
  ["CallStatus", "in-progress"],
  ["Digits", pressed],
  ["Direction", "inbound"],
  ["From", "+15551234567"],
];

// The first two signatures are accepted by SignalWire's published validators.
describe("signatures of form posts", () => {
  test.each([
    ["a digit", "https://hooks.example.com/prod/ivr/digits", digits("1"), "6+fst3jx9knaOoLc1+cammKSWsI="],
    [
      "a query, taken as it is",
      "https://hooks.example.com/prod/ivr/digits?conf=room%201&step=2",
      digits("*2#"),
      "cSjjq/10p3FsEkj6Lzb0+y6SWIk=",
    ],
  ])("%s", (_name, url, params, expected) => {
    expect(signatureOf(key, url, params)).toBe(expected);
  });

  test("parameters of one name keep the order of their submission", () => {
    const url = "https://hooks.example.com/x";
    const inOrder = signatureOf(key, url, [
      ["Tag", "b"],
      ["A", "1"],
      ["Tag", "a"],
    ]);
    expect(inOrder).toBe("qEGDA+ew7J2c3ayvmPNfpcpwd0Y=");
  });
});
