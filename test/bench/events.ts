import { randomUUID } from "node:crypto";
import { signForm } from "../../functions/trigger/signalwire-signature.ts";
import { signWebhook } from "../../functions/trigger/standard-webhooks.ts";
import { conference, project, recording, senderSecret, signingKey } from "./world.ts";

/** What API Gateway hands over when a key is pressed, signed by SignalWire. */
export const digitEvent = (call: string = randomUUID()): object =>
  formEvent("/telephony/digits", `conference=${conference}`, {
    CallSid: call,
    Digits: "1",
    CallStatus: "in-progress",
  });

/** The same in a room that callbacks told of. */
export const roomDigitEvent = (call: string = randomUUID()): object =>
  formEvent("/telephony/digits", "room=support", { CallSid: call, Digits: "1", CallStatus: "in-progress" });

/** The callback of the conference's recording. */
export const recordingStartedEvent = (): object =>
  formEvent("/telephony/events", "room=support", {
    ConferenceSid: conference,
    RecordingSid: recording,
    RecordingStatus: "in-progress",
  });

function formEvent(path: string, rawQueryString: string, fields: Readonly<Record<string, string>>): object {
  const form = Object.entries({ AccountSid: project, ...fields });
  const url = `https://bench.example.com${path}?${rawQueryString}`;
  const body = form.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  return {
    ...envelope(path, rawQueryString),
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-signalwire-signature": signForm(signingKey, url, form),
    },
    body: Buffer.from(body).toString("base64"),
    isBase64Encoded: true,
  };
}

/** What API Gateway hands over when a compliance system signals. */
export function signalEvent(hold: string = randomUUID(), verb: "pause" | "resume" = "pause"): object {
  const at = Date.now();
  const data = { conference, hold, ...(verb === "pause" ? { reason: "card-entry" } : {}) };
  const body = JSON.stringify({ type: `recording.${verb}`, timestamp: new Date(at).toISOString(), data });
  const stamp = { id: `msg_${randomUUID()}`, timestamp: String(Math.floor(at / 1000)) };
  return {
    ...envelope("/signals/payments", ""),
    headers: {
      "content-type": "application/json",
      "webhook-id": stamp.id,
      "webhook-timestamp": stamp.timestamp,
      "webhook-signature": signWebhook(senderSecret, stamp, Buffer.from(body)),
    },
    body,
    isBase64Encoded: false,
  };
}

/** What Lambda hands over of the queue of checks. */
export const checkEvent = (body: string): object => ({
  Records: [{ messageId: randomUUID(), receiptHandle: "made-up", body, eventSource: "aws:sqs" }],
});

const envelope = (path: string, rawQueryString: string) => ({
  version: "2.0",
  routeKey: `POST ${path}`,
  rawPath: path,
  rawQueryString,
  requestContext: {
    accountId: "000000000000",
    apiId: "bench",
    domainName: "bench.example.com",
    domainPrefix: "bench",
    http: { method: "POST", path, protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "bench" },
    requestId: randomUUID(),
    routeKey: `POST ${path}`,
    stage: "$default",
    time: "24/Nov/2026:12:00:00 +0000",
    timeEpoch: Date.now(),
  },
});
