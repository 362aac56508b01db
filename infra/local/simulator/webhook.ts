import { type Answer, type Message, post, type Timeouts } from "./post.ts";
import { type Params, signatureOf } from "./signature.ts";

export type Webhook = {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly params: Params;
};
/** How the signature is made; all but `right` must be refused by whoever receives it. */
export type Signing = "right" | "missing" | "wrong-key" | "bare-url" | "twice";

/** SignalWire's cXML webhook as it goes over the wire. With GET the parameters are part of the URL that is signed. */
export function webhookMessage(
  { url, method, params }: Webhook,
  key: string,
  signing: Signing = "right",
): Message {
  const [withoutFragment = ""] = url.split("#");
  const form = new URLSearchParams();
  for (const [name, value] of params) form.append(name, value);
  const encoded = form.toString();
  if (method === "GET") {
    const whole = `${withoutFragment}${withoutFragment.includes("?") ? "&" : "?"}${encoded}`;
    return { method, url: whole, headers: signed(signing, key, whole, []), body: "" };
  }
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    "content-length": String(Buffer.byteLength(encoded)),
    ...signed(signing, key, withoutFragment, params),
  };
  return { method, url: withoutFragment, headers, body: encoded };
}

export const sendWebhook = (webhook: Webhook, key: string, timeouts: Timeouts): Promise<Answer> =>
  post(webhookMessage(webhook, key), timeouts);

function signed(
  signing: Signing,
  key: string,
  url: string,
  params: Params,
): Readonly<Record<string, string>> {
  const right = signatureOf(key, url, params);
  switch (signing) {
    case "right":
      return { "X-SignalWire-Signature": right };
    case "missing":
      return {};
    case "wrong-key":
      return { "X-SignalWire-Signature": signatureOf(`${key}x`, url, params) };
    case "bare-url":
      return { "X-SignalWire-Signature": signatureOf(key, url, []) };
    case "twice":
      return { "X-SignalWire-Signature": `${right}, ${right}` };
  }
}
