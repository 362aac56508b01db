import { createHmac } from "node:crypto";
import type { OwnStack } from "./own-stack.ts";

/** All of an answer that anybody can see. */
export type Seen = { readonly status: number; readonly text: string; readonly body: string };

const formType = "application/x-www-form-urlencoded";

async function seen(response: Response): Promise<Seen> {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const body = await response.text();
  return {
    status: response.status,
    body,
    text: `${response.status} ${response.statusText}\n${headers}\n\n${body}`,
  };
}

/** Header values can hold no more than this. */
const asHeader = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?");

export type SignalOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly path?: string;
  readonly secret?: string;
};

/** A signal with that body, signed by the stack's one sender. */
export async function signal(stack: OwnStack, body: string, options: SignalOptions = {}): Promise<Seen> {
  const {
    headers = {},
    id = "msg_1",
    path = `/signals/${stack.sender}`,
    secret = stack.senderSecret,
  } = options;
  const seconds = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
  const own = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": seconds,
    "webhook-signature": `v1,${signature}`,
  };
  const all = Object.fromEntries(
    Object.entries({ ...own, ...headers }).map(([name, value]) => [name, asHeader(value)]),
  );
  return seen(await fetch(stack.url + path, { method: "POST", headers: all, body }));
}

export type Pair = readonly [name: string, value: string];
const encoded = (pairs: readonly Pair[]): string =>
  pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");

export type FormOptions = {
  readonly query?: readonly Pair[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly signingKey?: string;
};

/** A form to a telephony route, signed as SignalWire does. */
export async function form(
  stack: OwnStack,
  route: string,
  fields: readonly Pair[],
  options: FormOptions = {},
): Promise<Seen> {
  const { query = [], headers = {}, signingKey = stack.signingKey } = options;
  const url = `${stack.url}/telephony/${route}${query.length === 0 ? "" : `?${encoded(query)}`}`;
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const signature = createHmac("sha1", signingKey)
    .update(url + sorted.flat().join(""))
    .digest("base64");
  const own = { "content-type": formType, "x-signalwire-signature": signature };
  const all = Object.fromEntries(
    Object.entries({ ...own, ...headers }).map(([name, value]) => [name, asHeader(value)]),
  );
  return seen(await fetch(url, { method: "POST", headers: all, body: encoded(fields) }));
}

/** An invocation of the control function. */
export async function invoke(stack: OwnStack, input: unknown): Promise<Seen> {
  const url = `${stack.url}/2015-03-31/functions/control/invocations`;
  return seen(await fetch(url, { method: "POST", body: JSON.stringify(input) }));
}

/** What `one` makes of each item, a few at a time. */
export async function each<Item, Result>(
  items: readonly Item[],
  one: (item: Item) => Promise<Result>,
  atOnce = 8,
): Promise<readonly Result[]> {
  const left = items.entries();
  const results: Result[] = [];
  const worker = async () => {
    for (const [index, item] of left) results[index] = await one(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
