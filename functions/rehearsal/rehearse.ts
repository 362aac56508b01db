// The first request's work, done in initialisation: two pauses go through a whole handler whose ports lead nowhere, so that the
// code on the way to a pause is compiled before somebody waits for it.
import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { type Millis, type ProjectId, projectId } from "../recording/ids.ts";
import type { HttpHandler } from "../trigger/http-chain.ts";
import type { SenderKeys } from "../trigger/sender-proof.ts";
import { signForm } from "../trigger/signalwire-signature.ts";
import { signWebhook } from "../trigger/standard-webhooks.ts";
import type { SigningKeys } from "../trigger/telephony-proof.ts";
import { nobody, rehearsed } from "./rehearsal-ports.ts";

type Delivery = Pick<
  APIGatewayProxyEventV2,
  "rawPath" | "rawQueryString" | "headers" | "body" | "isBase64Encoded"
>;

/** The first pause finds an empty ledger, the second the entries of the first. Never rejects: a request can do without. */
export async function rehearse(handler: HttpHandler, deliver: () => Promise<Delivery>): Promise<void> {
  try {
    for (let pause = 0; pause < 2; pause += 1) await handler(eventOf(await deliver()), context);
  } catch {
    // Without the secret there is nothing to sign with.
  }
}

/** A key that is pressed on a phone, `digits` telling which one pauses. */
export const rehearsedDigit =
  (
    keys: SigningKeys,
    projects: readonly ProjectId[],
    digits: { readonly [digit: string]: string | undefined },
  ) =>
  async (): Promise<Delivery> => {
    const [project = projectId("")] = projects;
    const {
      signingKeys: [key = ""],
    } = await keys.project(project);
    const [pause = ""] = Object.entries(digits).find(([, verb]) => verb === "pause") ?? [];
    const form = [
      ["AccountSid", project],
      ["CallSid", randomUUID()],
      ["Digits", pause],
    ] as const;
    const path = "/telephony/digits";
    const query = `conference=${rehearsed}`;
    const body = form.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    return {
      rawPath: path,
      rawQueryString: query,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-signalwire-signature": signForm(key, `https://${nobody}${path}?${query}`, form),
      },
      body: Buffer.from(body).toString("base64"),
      isBase64Encoded: true,
    };
  };

/** A signal of a sender that may pause. */
export const rehearsedSignal =
  (keys: SenderKeys, projects: readonly ProjectId[], now: () => Millis) => async (): Promise<Delivery> => {
    const [project] = projects;
    const [name, sender] =
      Object.entries(await keys.senders()).find(([, { allow }]) => allow.includes("pause")) ?? [];
    const data = { project, conference: rehearsed, hold: "rehearsal", reason: "rehearsal" };
    const body = JSON.stringify({ type: "recording.pause", timestamp: new Date(now()).toISOString(), data });
    const stamp = { id: randomUUID(), timestamp: String(Math.floor(now() / 1000)) };
    return {
      rawPath: `/signals/${name}`,
      rawQueryString: "",
      headers: {
        "content-type": "application/json",
        "webhook-id": stamp.id,
        "webhook-timestamp": stamp.timestamp,
        "webhook-signature": signWebhook(sender?.secrets[0] ?? "", stamp, Buffer.from(body)),
      },
      body,
      isBase64Encoded: false,
    };
  };

const eventOf = (delivery: Delivery): APIGatewayProxyEventV2 => ({
  ...delivery,
  version: "2.0",
  routeKey: "$default",
  requestContext: {
    accountId: "",
    apiId: "",
    domainName: nobody,
    domainPrefix: "",
    http: { method: "POST", path: delivery.rawPath, protocol: "", sourceIp: "", userAgent: "" },
    requestId: "rehearsal",
    routeKey: "$default",
    stage: "$default",
    time: "",
    timeEpoch: 0,
  },
});

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "",
  functionVersion: "",
  invokedFunctionArn: "",
  memoryLimitInMB: "",
  awsRequestId: "rehearsal",
  logGroupName: "",
  logStreamName: "",
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};
