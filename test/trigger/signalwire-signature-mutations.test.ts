import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { projectId } from "../../functions/recording/ids.ts";
import { httpRequest } from "../../functions/trigger/http-request.ts";
import { Rejected } from "../../functions/trigger/rejected.ts";
import { createTelephonyProof } from "../../functions/trigger/telephony-proof.ts";
import { createRandom, type Random } from "../simulation/random.ts";

// Signatures made by node:crypto directly, from API Gateway's event to the proof. Nothing of the code under test signs.

const project = "b3877c40-da60-4998-90ad-b792e98472af";
const BASE64 = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="];
const words = [
  ..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
  " ",
  "+",
  "&",
  "=",
  "%",
  "é",
  "€",
  "😀",
  "#",
  "*",
];
const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const paths = ["/telephony/digits", "/telephony/menu", "/telephony/join", "/telephony/events"];

type Pair = readonly [name: string, value: string];
type Message = {
  readonly origin: string;
  readonly path: string;
  /** Still encoded, without the question mark. */
  readonly query: string;
  /** As it goes over the wire. */
  readonly body: string;
  readonly signature: string;
};
type Signed = Message & { readonly keys: readonly string[] };

const text = (random: Random, from: readonly string[], low: number, high: number): string =>
  Array.from({ length: random.whole(low, high) }, () => random.pick(from)).join("");

const encoded = (pairs: readonly Pair[]): string =>
  pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
const urlOf = ({ origin, path, query }: Message): string =>
  `${origin}${path}${query === "" ? "" : `?${query}`}`;

/** What is signed: the URL, and each name with its value, in the order of the names. */
function signedText(url: string, body: string): string {
  const pairs = [...new URLSearchParams(body)].map((pair, index) => ({ pair, index }));
  pairs.sort((a, b) => (a.pair[0] < b.pair[0] ? -1 : a.pair[0] > b.pair[0] ? 1 : a.index - b.index));
  return url + pairs.map(({ pair: [name, value] }) => name + value).join("");
}
const signatureOf = (key: string, url: string, body: string): string =>
  createHmac("sha1", key).update(signedText(url, body)).digest("base64");

function signed(random: Random): Signed {
  const more = Array.from(
    { length: random.whole(0, 6) },
    (): Pair => [`B${text(random, letters, 0, 6)}`, text(random, words, 0, 12)],
  );
  const pairs: Pair[] = [["AccountSid", project], ["CallSid", text(random, letters, 8, 8)], ...more];
  const query: Pair[] = Array.from(
    { length: random.whole(0, 3) },
    (): Pair => [text(random, letters, 1, 6), text(random, words, 0, 12)],
  );
  const keys = Array.from({ length: random.whole(1, 3) }, () => `PSK_${text(random, letters, 1, 30)}`);
  const message = {
    origin: `https://${text(random, letters, 3, 9).toLowerCase()}.example`,
    path: random.pick(paths),
    query: encoded(query),
    body: encoded(pairs.sort(() => random.next() - 0.5)),
  };
  const origin = random.oneIn(4) ? `${message.origin}:443` : message.origin;
  const url = urlOf({ ...message, origin, signature: "" });
  return { ...message, keys, signature: signatureOf(random.pick(keys), url, message.body) };
}

async function isProven(message: Message, keys: readonly string[]): Promise<boolean> {
  const event = {
    rawPath: message.path,
    rawQueryString: message.query,
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-signalwire-signature": message.signature,
    },
    body: Buffer.from(message.body).toString("base64"),
    isBase64Encoded: true,
    requestContext: {
      requestId: "r",
      domainName: message.origin.slice("https://".length),
      http: { method: "POST", sourceIp: "192.0.2.1" },
    },
  };
  const expected = { contentType: "application/x-www-form-urlencoded", receivedAt: 0 };
  const known = async () => ({ signingKeys: keys });
  const prove = createTelephonyProof({ project: known, projectAgain: known }, [projectId(project)]);
  try {
    await prove(httpRequest(event as never, expected));
    return true;
  } catch (error) {
    if (error instanceof Rejected && error.why === "unproven") return false;
    throw error;
  }
}

/** `whole` with one character changed, added, taken away, repeated, exchanged with its neighbour, or in the other case. */
function oneChange(random: Random, whole: string, from: readonly string[]): string {
  const at = random.whole(0, Math.max(0, whole.length - 1));
  const [before, here, after] = [whole.slice(0, at), whole.slice(at, at + 1), whole.slice(at + 1)];
  switch (random.pick(["change", "add", "remove", "swap", "repeat", "case"] as const)) {
    case "change":
      return before + random.pick(from) + after;
    case "add":
      return before + random.pick(from) + here + after;
    case "remove":
      return before + after;
    case "swap":
      return before + after.slice(0, 1) + here + after.slice(1);
    case "repeat":
      return before + here + here + after;
    case "case":
      return before + (here === here.toUpperCase() ? here.toLowerCase() : here.toUpperCase()) + after;
  }
}

const plain = [..."abcXYZ0189-_.~%&=+?/:"];
const pairsOf = (body: string): Pair[] =>
  body.split("&").map((pair) => pair.split("=", 2) as [string, string]);
const joined = (pairs: readonly Pair[]): string => pairs.map(([name, value]) => `${name}=${value}`).join("&");
function changeOnePair(random: Random, body: string, change: (pair: Pair) => readonly Pair[]): string {
  const pairs = pairsOf(body);
  const at = random.whole(0, pairs.length - 1);
  return joined(pairs.flatMap((pair, index) => (index === at ? change(pair) : [pair])));
}

/** One thing of a signed message changed, by what it is called. */
const changes: { readonly [what: string]: (random: Random, message: Signed) => Message } = {
  origin: (random, message) => ({
    ...message,
    origin: `https://${oneChange(random, message.origin.slice(8), plain)}`,
  }),
  "the port": (random, message) => ({
    ...message,
    origin: message.origin + random.pick([":80", ":8443", ":0443", ":", ".", ":443:443"]),
  }),
  path: (random, message) => ({ ...message, path: `/${oneChange(random, message.path.slice(1), plain)}` }),
  query: (random, message) => ({ ...message, query: oneChange(random, message.query, plain) }),
  "body, a character": (random, message) => ({ ...message, body: oneChange(random, message.body, plain) }),
  "a name": (random, message) => ({
    ...message,
    body: changeOnePair(random, message.body, ([name, value]) => [[oneChange(random, name, letters), value]]),
  }),
  "a value": (random, message) => ({
    ...message,
    body: changeOnePair(random, message.body, ([name, value]) => [[name, oneChange(random, value, letters)]]),
  }),
  "a parameter more": (random, message) => ({
    ...message,
    body: `${message.body}&${text(random, letters, 1, 5)}=${text(random, letters, 0, 3)}`,
  }),
  "a parameter less": (random, message) => ({
    ...message,
    body: changeOnePair(random, message.body, () => []),
  }),
  "a parameter twice": (random, message) => ({
    ...message,
    body: changeOnePair(random, message.body, (pair) => [pair, pair]),
  }),
  "name against value": (random, message) => ({
    ...message,
    body: changeOnePair(random, message.body, ([name, value]) => [
      [name.slice(0, -1), name.slice(-1) + value],
    ]),
  }),
  "one parameter in another": (random, message) => ({
    ...message,
    body:
      joined(pairsOf(message.body).slice(0, -1)) +
      random.pick(["%26", "%3D", ";", "%00"]) +
      joined(pairsOf(message.body).slice(-1)),
  }),
  "query against body": (_, message) => ({ ...message, query: "", body: `${message.query}&${message.body}` }),
  "body against query": (_, message) => ({
    ...message,
    query: `${message.query}&${message.body}`,
    body: `AccountSid=${project}`,
  }),
  "no body": (_, message) => ({ ...message, body: "" }),
  signature: (random, message) => ({ ...message, signature: oneChange(random, message.signature, BASE64) }),
  spelling: (random, message) => ({
    ...message,
    signature: random.pick([
      message.signature.slice(0, -1),
      `${message.signature}=`,
      ` ${message.signature}`,
      message.signature.replaceAll("+", "-").replaceAll("/", "_").replace("=", ""),
      message.signature.replace(/.=$/, (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}=`),
      Buffer.from(message.signature, "base64").toString("hex"),
      `${message.signature},${message.signature}`,
      `sha1=${message.signature}`,
    ]),
  }),
  "a signature of the URL alone": (_, message) => ({
    ...message,
    signature: signatureOf(message.keys[0] ?? "", urlOf(message), ""),
  }),
  "a signature of the bytes": (_, message) => ({
    ...message,
    signature: createHmac("sha1", message.keys[0] ?? "")
      .update(urlOf(message) + message.body)
      .digest("base64"),
  }),
  "an empty key": (_, message) => ({ ...message, signature: signatureOf("", urlOf(message), message.body) }),
};

/** The port that https has anyway is no change. */
const withoutPort = (signedAs: string): string =>
  signedAs.replace(/^(https:\/\/[^/?#:]+):443(?=[/?#]|$)/, "$1");
const isSame = (one: Message, other: Message): boolean =>
  one.signature === other.signature &&
  withoutPort(signedText(urlOf(one), one.body)) === withoutPort(signedText(urlOf(other), other.body));

test("5,000 random forms are taken; 20,000 with one change are not, but for those that it left the same", async () => {
  const random = createRandom(20_261_124);
  const names = Object.keys(changes);
  let refused = 0;
  for (let count = 0; count < 5_000; count += 1) {
    const message = signed(random);
    if (!(await isProven(message, message.keys))) expect.fail(`not taken: ${JSON.stringify(message)}`);
    for (let change = 0; change < 5; change += 1) {
      const what = random.pick(names);
      const changed = changes[what]?.(random, message) ?? message;
      const proven = await isProven(changed, message.keys);
      if (proven && !isSame(message, changed)) expect.fail(`${what}: ${JSON.stringify([message, changed])}`);
      if (!proven) refused += 1;
    }
  }
  expect(refused).toBeGreaterThanOrEqual(20_000);
});

test("5,000 forms are refused where one character of every key is another", async () => {
  const random = createRandom(5);
  for (let count = 0; count < 5_000; count += 1) {
    const message = signed(random);
    const keys = message.keys.map((key) => {
      const at = random.whole(0, key.length - 1);
      return `${key.slice(0, at)}${key.charAt(at) === "x" ? "y" : "x"}${key.slice(at + 1)}`;
    });
    if (await isProven(message, keys)) expect.fail(JSON.stringify(message));
  }
});

test("2,000 forms are taken in any order of their names, and in either way to write a space", async () => {
  const random = createRandom(6);
  for (let count = 0; count < 2_000; count += 1) {
    const message = signed(random);
    // Names that are there twice keep their order: it is part of what is signed.
    const pairs = pairsOf(message.body).map((pair, index) => ({ pair, index, place: random.next() }));
    const names = pairs.map(({ pair: [name] }) => name);
    if (new Set(names).size < names.length) continue;
    const body = joined(pairs.sort((a, b) => a.place - b.place).map(({ pair }) => pair)).replaceAll(
      "%20",
      "+",
    );
    if (!(await isProven({ ...message, body }, message.keys))) expect.fail(JSON.stringify([message, body]));
  }
});
