// Plain HTTP is for one machine only.
const loopback = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** True for `https://host[:port]`, written as a browser writes an origin; `http:` on loopback only. */
export const isHttpOrigin = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && url.origin === text && isSafe(url);
};

/** True for an origin, with or without a path, but without user, query, fragment or a slash at its end. */
export const isHttpBase = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && isSafe(url) && text === url.origin + url.pathname.replace(/\/$/, "");
};

const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === "https:" || (protocol === "http:" && loopback.has(hostname));
