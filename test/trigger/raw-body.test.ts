import { describe, expect, it } from "vitest";
import { rawBody } from "../../functions/trigger/raw-body.ts";
import { Rejected } from "../../functions/trigger/rejected.ts";

describe("rawBody", () => {
  it.each([
    ["text", "Digits=1", false, "4469676974733d31"],
    ["text beyond ASCII", "é€😀", false, "c3a9e282acf09f9880"],
    ["base64", "RGlnaXRzPTE=", true, "4469676974733d31"],
    ["base64 of bytes that are no text", "/wD+", true, "ff00fe"],
    ["nothing", undefined, false, ""],
    ["an empty text", "", true, ""],
  ])("gives the bytes of %s", (_, body, isBase64Encoded, hex) => {
    expect(Buffer.from(rawBody({ body, isBase64Encoded })).toString("hex")).toBe(hex);
  });

  it.each([
    ["65,536 bytes of text", "a".repeat(65_536), false],
    ["65,536 bytes in base64", Buffer.alloc(65_536).toString("base64"), true],
    ["65,536 bytes in 32,768 characters", "é".repeat(32_768), false],
  ])("takes %s", (_, body, isBase64Encoded) => {
    expect(rawBody({ body, isBase64Encoded }).byteLength).toBe(65_536);
  });

  it.each([
    ["65,537 bytes of text", "a".repeat(65_537), false],
    ["65,537 bytes in base64", Buffer.alloc(65_537).toString("base64"), true],
    ["65,538 bytes in 32,769 characters", "é".repeat(32_769), false],
  ])("turns away %s", (_, body, isBase64Encoded) => {
    expect(() => rawBody({ body, isBase64Encoded })).toThrow(new Rejected("too-large"));
  });
});
