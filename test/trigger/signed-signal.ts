import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { signWebhook } from "../../functions/trigger/standard-webhooks.ts";

export const secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

export type Sent = {
  readonly body?: string | Uint8Array;
  readonly sender?: string;
  readonly secret?: string;
  readonly id?: string;
  readonly timestamp?: string;
  readonly headers?: Record<string, string | undefined>;
  readonly method?: string;
  readonly path?: string;
};

/** What API Gateway (HTTP API, payload 2.0) makes of a signal that its sender signed at 2026-11-23T15:46:00Z. */
export function signedSignal(sent: Sent): APIGatewayProxyEventV2 {
  const { sender = "payments", id = "msg_1", timestamp = "1795448760", method = "POST" } = sent;
  const path = sent.path ?? `/signals/${sender}`;
  const body = Buffer.from(sent.body ?? "");
  return {
    version: "2.0",
    routeKey: "POST /signals/{sender}",
    rawPath: path,
    rawQueryString: "",
    headers: JSON.parse(
      JSON.stringify({
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signWebhook(sent.secret ?? secret, { id, timestamp }, body),
        ...sent.headers,
      }),
    ),
    requestContext: {
      accountId: "123456789012",
      apiId: "a1b2c3",
      domainName: "a1b2c3.execute-api.eu-west-1.amazonaws.com",
      domainPrefix: "a1b2c3",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "test" },
      requestId: "gw-1",
      routeKey: "POST /signals/{sender}",
      stage: "$default",
      time: "23/Nov/2026:15:46:00 +0000",
      timeEpoch: 1_795_448_760_000,
    },
    body: typeof sent.body === "string" ? sent.body : body.toString("base64"),
    isBase64Encoded: typeof sent.body !== "string",
  };
}
