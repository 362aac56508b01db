import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import {
  signWebhook,
  webhookClaim,
  webhookKey,
  webhookProven,
} from "../../functions/trigger/standard-webhooks.ts";

type Vector = { id: string; timestamp: string; body: string; secret: string; signature: string };

/** True if the whole of it is taken at the very second at which it was sent. */
function isTaken({ id, timestamp, body, secret, signature }: Vector): boolean {
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  const claim = webhookClaim(headers, Number(timestamp) * 1000);
  return claim !== undefined && webhookProven(claim, Buffer.from(body), [secret]);
}

test.each<[string, Vector]>([
  [
    "libraries/javascript/src/webhook.test.ts, the example that all of the scheme's libraries share",
    {
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      timestamp: "1614265330",
      body: '{"test": 2432232314}',
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
  ],
  [
    "libraries/rust/src/lib.rs, test_sign",
    {
      id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
      timestamp: "1649367553",
      body: '{"email":"test@example.com","username":"test_user"}',
      secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
      signature: "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
    },
  ],
])("takes what is published in standard-webhooks, %s", (_, vector) => {
  expect(isTaken(vector)).toBe(true);
  expect(signWebhook(vector.secret, vector, Buffer.from(vector.body))).toBe(vector.signature);
});

test("refuses the right signature of docs.svix.com, 'Verifying webhooks manually', whose secret has 18 bytes", () => {
  const secret = "whsec_plJ3nmyCDGBKInavdOK15jsl";
  const id = "msg_loFOjxBNrRLzqYUf";
  const timestamp = "1731705121";
  const body = '{"event_type":"ping","data":{"success":true}}';
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  expect(signature).toBe("v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
  expect(isTaken({ id, timestamp, body, secret, signature })).toBe(false);
  expect(webhookKey(secret)).toBeUndefined();
});
