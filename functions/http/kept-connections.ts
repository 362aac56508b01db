import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Duplex } from "node:stream";
import type { Millis } from "../recording/ids.ts";
import { type Attempt, attempt, type Message } from "./attempt.ts";
import { type Connection, connect, type TlsMemory } from "./connect.ts";

/** Servers and address translators on the way have forgotten a connection that was silent for longer. */
const maxIdleMs = 60_000;

/** As much of them as whoever sends requests has to know. */
export type Connections = Pick<KeptConnections, "send" | "connect" | "prime">;

/** The connections to one origin that are kept between requests. */
export class KeptConnections {
  readonly #agent: HttpAgent;
  readonly #origin: URL;
  readonly #now: () => Millis;
  readonly #memory: TlsMemory = {};
  readonly #idleSince = new WeakMap<Duplex, Millis>();
  #ready: Connection | undefined;

  /** `connectTimeoutMs` bounds the opening of each connection. */
  constructor(origin: URL, now: () => Millis, connectTimeoutMs: number) {
    this.#origin = origin;
    this.#now = now;
    const options = { keepAlive: true };
    this.#agent = origin.protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
    const keep = this.#agent.keepSocketAlive.bind(this.#agent);
    this.#agent.keepSocketAlive = (socket) => {
      this.#idleSince.set(socket, now());
      return keep(socket);
    };
    // A request is given its socket only when that is open: until then nothing of it can have left.
    this.#agent.createConnection = (_options, done) => {
      const ready = this.#takeReady();
      if (ready) return ready.socket;
      this.connect(connectTimeoutMs).then(
        ({ socket }) => done?.(null, socket),
        (cause: Error) => (done as ((cause: Error) => void) | undefined)?.(cause),
      );
      return undefined;
    };
  }

  /** A connection of its own, never kept. Rejects if there is none after `timeoutMs`. */
  connect(timeoutMs: number): Promise<Connection> {
    return connect(this.#origin, this.#memory, timeoutMs);
  }

  /** Sends `message` over one of them, once. Never rejects. `timeoutMs` bounds all of it, connecting included. */
  async send(message: Message, timeoutMs: number): Promise<Attempt> {
    this.dropIdle();
    const outcome = await attempt(message, this.#agent, timeoutMs);
    if (outcome.kind !== "answered") this.dropIdle(0); // the others may be as dead as this one
    return outcome;
  }

  /** Opens a connection for the next request to use, unless one is there. Rejects if there is none after `timeoutMs`. */
  async prime(timeoutMs: number): Promise<void> {
    this.dropIdle(maxIdleMs);
    if ([...this.#idle(), this.#ready?.socket].some((socket) => socket?.destroyed === false)) return;
    const connection = await this.connect(timeoutMs);
    connection.socket.unref();
    this.#idleSince.set(connection.socket, this.#now());
    this.#ready = connection;
  }

  /** Closes connections that have been idle for `idleMs` or more; 0 closes all that are. */
  dropIdle(idleMs: number = maxIdleMs): void {
    const limit = this.#now() - idleMs;
    for (const socket of [...this.#idle(), ...(this.#ready ? [this.#ready.socket] : [])]) {
      if ((this.#idleSince.get(socket) ?? 0) <= limit) socket.destroy();
    }
  }

  #idle(): Duplex[] {
    return Object.values(this.#agent.freeSockets).flatMap((sockets) => sockets ?? []);
  }

  #takeReady(): Connection | undefined {
    const ready = this.#ready;
    this.#ready = undefined;
    if (!ready || ready.socket.destroyed) return undefined;
    ready.socket.ref();
    return ready;
  }
}
