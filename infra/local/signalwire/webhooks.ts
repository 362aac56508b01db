import { createHmac } from "node:crypto";

/** As SignalWire signs a form: base64 HMAC-SHA1 over the URL and the parameters by name, repeated ones in their order. */
export function signForm(key: string, url: string, form: readonly (readonly [string, string])[]): string {
  const sorted = form.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const text = url + sorted.map(([name, value]) => name + value).join("");
  return createHmac("sha1", key).update(text, "utf8").digest("base64");
}

/** Sends one webhook and waits for the answer, five seconds at most. */
export async function sendWebhook(
  key: string,
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<{ status: number; body: string }> {
  const pairs = Object.entries(form);
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-signalwire-signature": signForm(key, url, pairs),
    },
    body: new URLSearchParams(form).toString(),
    redirect: "manual",
    signal: AbortSignal.timeout(5_000),
  });
  return { status: response.status, body: await response.text() };
}
