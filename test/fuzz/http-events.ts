import type { Random } from "../simulation/random.ts";
import { hostileText, hostileValue } from "./hostile.ts";
import { host } from "./world.ts";

export type Headers = Record<string, unknown>;

export type Parts = {
  readonly path: string;
  readonly query: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Buffer;
};

/** API Gateway's event, payload 2.0. */
export const eventOf = (
  { path, query, method, headers, body }: Parts,
  asText: boolean,
): Record<string, unknown> => ({
  version: "2.0",
  routeKey: `${method} ${path}`,
  rawPath: path,
  rawQueryString: query,
  headers,
  requestContext: {
    accountId: "123456789012",
    apiId: "a1b2c3",
    domainName: host,
    requestId: "gw-1",
    stage: "$default",
    http: { method, path, protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "fuzz" },
  },
  body: asText ? body.toString("utf8") : body.toString("base64"),
  isBase64Encoded: !asText,
});

/** Something that is no event of API Gateway's, and which nobody but the owner of the account can send. */
export function brokenEvent(random: Random, event: Record<string, unknown>, marker: string): unknown {
  if (random.oneIn(5)) return hostileValue(random, marker);
  const copy = structuredClone(event);
  const name = random.pick(Object.keys(copy));
  if (random.oneIn(2)) delete copy[name];
  else copy[name] = hostileValue(random, marker);
  return copy;
}

/** `headers` with one of them changed, doubled, taken away, or others beside them. */
export function damagedHeaders(random: Random, headers: Headers, marker: string): Headers {
  const name = random.pick(Object.keys(headers));
  const value = String(headers[name] ?? "");
  const at = random.whole(0, value.length);
  const { [name]: _, ...others } = headers;
  return random.pick<() => Headers>([
    () => others,
    () => ({ ...headers, [name]: "" }),
    () => ({ ...headers, [name]: `${value},${value}` }),
    () => ({ ...headers, [name]: `${value}, ${marker}` }),
    () => ({ ...headers, [name]: hostileText(random) + marker }),
    () => ({ ...headers, [name]: value.slice(0, at) + hostileText(random, 2) + value.slice(at + 1) }),
    () => ({ ...headers, [name.toUpperCase()]: value }),
    () => ({ ...others, [name.toUpperCase()]: value }),
    () => ({ ...headers, [hostileText(random, 12)]: marker, [marker]: marker, __proto__: marker }),
    () => ({
      ...headers,
      "x-forwarded-host": marker,
      host: marker,
      forwarded: `host=${marker}`,
      cookie: marker,
    }),
  ])();
}
