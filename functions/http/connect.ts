import { isIP, connect as openTcp, type Socket } from "node:net";
import { createSecureContext, connect as openTls, type SecureContext } from "node:tls";

/** An open connection, TLS handshake included. */
export type Connection = {
  readonly socket: Socket;
  /** Throws it away together with what was written and not yet taken: nothing can be delivered afterwards. */
  readonly abandon: () => void;
};

/** What is remembered between connections to one origin, so that the next handshake is shorter. */
export type TlsMemory = { session?: Buffer };

/** What our connections trust is the same for all, so it is put together once. */
let trusted: SecureContext | undefined;
const trustedContext = (): SecureContext => {
  trusted ??= createSecureContext();
  return trusted;
};

/** Opens a connection to `origin`. Rejects if that fails or takes longer than `timeoutMs`. */
export function connect(origin: URL, memory: TlsMemory, timeoutMs: number): Promise<Connection> {
  const secure = origin.protocol === "https:";
  const host = origin.hostname.replace(/^\[|\]$/g, ""); // an IPv6 address has them in a URL alone
  const raw = openTcp({ host, port: Number(origin.port) || (secure ? 443 : 80), noDelay: true });
  const socket = secure
    ? openTls({
        socket: raw,
        host,
        secureContext: trustedContext(),
        ...(isIP(host) ? {} : { servername: host }),
        ...(memory.session && { session: memory.session }),
      })
    : raw;
  // Only a bare TCP socket can be reset; an orderly end would still deliver what is in its buffer.
  const abandon = () => {
    if (!raw.destroyed) raw.resetAndDestroy();
    socket.destroy();
    raw.destroy(); // one that is still connecting would be reset only when it is connected
  };
  socket.on("session", (session: Buffer) => {
    memory.session = session;
  });
  return new Promise((resolve, reject) => {
    const settled = () => {
      clearTimeout(timer);
      socket.off("close", closed);
    };
    const fail = (cause: Error) => {
      settled();
      delete memory.session;
      abandon();
      reject(cause);
    };
    const closed = () => fail(new Error("closed while connecting"));
    const timer = setTimeout(() => fail(new Error(`not connected within ${timeoutMs} ms`)), timeoutMs);
    // These stay: an idle connection that fails while nobody uses it must not end the process.
    raw.on("error", fail);
    socket.on("error", fail);
    socket.once("close", closed);
    socket.once(secure ? "secureConnect" : "connect", () => {
      settled();
      resolve({ socket, abandon });
    });
  });
}
