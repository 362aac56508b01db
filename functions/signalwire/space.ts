const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const host = new RegExp(`^${label}(?:\\.${label})*(?::[0-9]{1,5})?$`, "i");
const loopback = /^http:\/\/127\.0\.0\.1:[0-9]{1,5}$/;

const urlOf = (space: string): string => (loopback.test(space) ? space : `https://${space}`);

/**
 * True for a host name (with a port or without), which is spoken to over TLS, and for `http://127.0.0.1:PORT`, so that everything
 * can run on one machine. False for all else: SignalWire takes no plain HTTP.
 */
export const isSpace = (text: string): boolean =>
  (loopback.test(text) || host.test(text)) && URL.canParse(urlOf(text));

/** The origin that a space stands for. @throws Error if it is none */
export function originOf(space: string): URL {
  if (!isSpace(space)) throw new Error("the space is not a host name");
  return new URL(urlOf(space));
}
