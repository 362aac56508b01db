import { describe, expect, it } from "vitest";
import {
  signWebhook,
  webhookClaim,
  webhookKey,
  webhookProven,
} from "../../functions/trigger/standard-webhooks.ts";
import { watched } from "./watched.ts";

// The example published with the scheme.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const stamp = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330" };
const body = Buffer.from('{"test": 2432232314}');
const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const at = 1_614_265_330_000;

// Of another key, over the same message; computed with `openssl dgst -sha256 -hmac`.
const otherSecret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";
const otherSignature = "v1,/485aUtxlie+TIScVpHggMfqOB4so2KWb7+Gf727B44=";

const headers = (of: Record<string, string | undefined> = {}) => ({
  "webhook-id": stamp.id,
  "webhook-timestamp": stamp.timestamp,
  "webhook-signature": signature,
  ...of,
});

function isProven(of: Record<string, string | undefined>, secrets = [secret], bytes: Uint8Array = body) {
  const claim = webhookClaim(headers(of), at);
  return claim !== undefined && webhookProven(claim, bytes, secrets);
}

describe("signWebhook", () => {
  it("makes the published example's signature", () => {
    expect(signWebhook(secret, stamp, body)).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });
  it("makes the signature that another program makes", () => {
    expect(signWebhook(otherSecret, stamp, body)).toBe(otherSignature);
  });
  it("signs with no unusable secret", () => {
    expect(() => signWebhook("whsec_", stamp, body)).toThrow("at least 24 bytes");
  });
});

describe("webhookProven", () => {
  it.each([
    ["the published example", {}],
    ["the last of five signatures", { "webhook-signature": `v1,a v1,b v1,c v1,d ${signature}` }],
    ["a signature beside those of other versions", { "webhook-signature": `v1a,abc ${signature} v2,def` }],
    ["a wrong signature beside the right one", { "webhook-signature": `${otherSignature} ${signature}` }],
  ])("takes %s", (_, of) => {
    expect(isProven(of)).toBe(true);
  });

  it("compares every secret, whatever matched before", () => {
    const { keys, taken } = watched([secret, otherSecret]);
    const claim = webhookClaim(headers(), at);
    expect(claim !== undefined && webhookProven(claim, body, keys)).toBe(true);
    expect(taken).toEqual([secret, otherSecret]);
  });

  it.each([
    ["no id", { "webhook-id": undefined }],
    ["an empty id", { "webhook-id": "" }],
    ["another id", { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJel" }],
    ["an id sent twice", { "webhook-id": `${stamp.id},${stamp.id}` }],
    ["an id with a dot", { "webhook-id": "msg.1" }],
    ["an id of 129 characters", { "webhook-id": "a".repeat(129) }],
    ["no timestamp", { "webhook-timestamp": undefined }],
    ["another timestamp", { "webhook-timestamp": "1614265331" }],
    ["a timestamp with a tail", { "webhook-timestamp": "1614265330abc" }],
    ["a timestamp with a fraction", { "webhook-timestamp": "1614265330.0" }],
    ["a timestamp with a sign", { "webhook-timestamp": "+1614265330" }],
    ["a timestamp with space around it", { "webhook-timestamp": " 1614265330" }],
    ["a timestamp of 13 digits", { "webhook-timestamp": "0001614265330" }],
    ["a timestamp sent twice", { "webhook-timestamp": "1614265330,1614265330" }],
    ["no signature", { "webhook-signature": undefined }],
    ["an empty signature", { "webhook-signature": "" }],
    ["a signature without its version", { "webhook-signature": signature.slice(3) }],
    ["a signature of another version", { "webhook-signature": signature.replace("v1", "v2") }],
    ["a version that begins like ours", { "webhook-signature": signature.replace("v1", "v1a") }],
    ["a shorter signature", { "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKg==" }],
    ["a longer signature", { "webhook-signature": `${signature.slice(0, -1)}AAA=` }],
    ["a signature in base64url", { "webhook-signature": signature.replace("+", "-").replace("/", "_") }],
    ["a signature sent twice", { "webhook-signature": `${signature},${signature}` }],
    [
      "a header of two signatures sent beside another",
      { "webhook-signature": `${otherSignature},${otherSignature} ${signature}` },
    ],
    [
      "a signature in another spelling of the same bytes",
      { "webhook-signature": signature.replace("E=", "F=") },
    ],
    [
      "the right one as the sixth signature",
      { "webhook-signature": `v1,a v1,b v1,c v1,d v1,e ${signature}` },
    ],
  ])("refuses %s", (_, of) => {
    expect(isProven(of)).toBe(false);
  });

  it.each([
    ["one byte more", Buffer.from('{"test": 2432232314} ')],
    ["one byte less", Buffer.from('{"test": 2432232314')],
    ["nothing", Buffer.alloc(0)],
  ])("refuses a body of %s", (_, bytes) => {
    expect(isProven({}, [secret], bytes)).toBe(false);
  });

  it("refuses an old message that is split anew between id, timestamp and body", () => {
    const claim = webhookClaim(
      headers({ "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330", "webhook-timestamp": "1614265400" }),
      at,
    );
    expect(claim).toBeUndefined();
  });

  it.each([
    ["both of two secrets, the newer", [otherSecret, secret], true],
    ["both of two secrets, the older", [secret, otherSecret], true],
    ["another secret alone", [otherSecret], false],
    ["no secret", [], false],
    ["an empty secret", [""], false],
    ["a prefix without a key", ["whsec_"], false],
    ["a secret of 23 bytes", ["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY="], false],
    ["a secret without its prefix", ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], false],
    ["an unusable secret beside the right one", [secret, "whsec_"], false],
  ])("judges by %s", (_, secrets, proven) => {
    expect(isProven({}, secrets)).toBe(proven);
  });
});

describe("webhookClaim", () => {
  it.each([
    ["300 s old", 1_614_265_630_999, true],
    ["301 s old", 1_614_265_631_000, false],
    ["300 s ahead", 1_614_265_030_000, true],
    ["301 s ahead", 1_614_265_029_999, false],
  ])("judges a timestamp %s", (_, nowMs, taken) => {
    expect(webhookClaim(headers(), nowMs) !== undefined).toBe(taken);
  });
});

describe("webhookKey", () => {
  it.each([
    ["24 bytes", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", 24],
    ["32 bytes", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", 32],
    ["characters that are not base64", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY!", undefined],
    ["space at the end", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX ", undefined],
  ])("reads a secret of %s", (_, given, bytes) => {
    expect(webhookKey(given)?.byteLength).toBe(bytes);
  });
});
