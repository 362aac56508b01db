import { describe, expect, it } from "vitest";
import { hasKeyOrUrl } from "../../functions/trigger/key-or-url.ts";

describe("hasKeyOrUrl", () => {
  it.each([
    "PSK_MadeUpKey1234567890",
    "the key is PSK_MadeUpKey1234567890",
    "PT0123456789abcdef0123456789abcdef",
    "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
    "https://example.signalwire.com/api/laml/x.mp3",
    "HTTP://example.com",
    "example.signalwire.com/api/laml/2010-04-01/Accounts/x/Recordings/y.mp3",
    "files.SignalWire.com:443/x",
  ])("sees the one in %j", (text) => {
    expect(hasKeyOrUrl(text)).toBe(true);
  });

  it.each([
    "",
    "payment-7f3a",
    "ada@example.com",
    "PT Cruiser",
    "psk",
    "whsec_",
    "ada@signalwire.com",
    "a//b",
    "PT-7",
  ])("sees none in %j", (text) => {
    expect(hasKeyOrUrl(text)).toBe(false);
  });
});
