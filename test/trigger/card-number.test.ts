import { describe, expect, it } from "vitest";
import { hasCardNumber } from "../../functions/trigger/card-number.ts";

describe("hasCardNumber", () => {
  it.each([
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111  1111 - 1111 1111",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "3782 822463 10005",
    "6011111111111117",
    "3530111333300000",
    "30569309025904",
    "4222222222222",
    "6304000000000000000",
    "payment-4111111111111111",
    "payment-4111-1111-1111-1111-7",
    "a4111111111111111b",
    "card:4111111111111111.v2",
    "4111 1111 1111 1111 12 29 123",
    "20261123-4111111111111111",
    "7-1234567812345670",
    "x41111115-1111-4111-a111-1111abcdef01",
    "00004111111111111111",
    "202611231546004111111111111111000",
    "41111111-1111-1111-1111-111111111111",
  ])("sees the one in %j", (text) => {
    expect(hasCardNumber(text)).toBe(true);
  });

  it.each([
    "",
    "payment-7f3a",
    "4111111111111112",
    "4111 1111 1111 1112",
    "411111111111",
    "4111.1111.1111.1111",
    "+15551234567",
    "2026-11-23T15:46:00.000Z",
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    // UUIDs whose digits happen to pass the check.
    "41111115-1111-4111-a111-1111abcdef01",
    "payment:41111115-1111-4111-a111-1111abcdef01.2",
    // A date whose later part happens to pass it.
    "2026-11-23-154609-0042",
    "7b5c3c9e-0c1a-4f6b-9a55-2f1f6f1e8a01",
  ])("sees none in %j", (text) => {
    expect(hasCardNumber(text)).toBe(false);
  });
});
