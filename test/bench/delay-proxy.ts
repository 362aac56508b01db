import { connect, createServer, type Server, type Socket } from "node:net";
import { performance } from "node:perf_hooks";

/**
 * A TCP proxy on loopback in front of `port` that is as far away as `roundTripMs`: every byte takes half of it each way, and
 * opening a connection a whole one before the first byte can leave.
 */
export function createDelayProxy(port: number, roundTripMs: number): Server {
  return createServer({ noDelay: true }, (near) => {
    const openedAt = performance.now();
    const far = connect({ port, host: "127.0.0.1", noDelay: true });
    pipeLate(near, far, (now) => Math.max(now, openedAt + roundTripMs) + roundTripMs / 2);
    pipeLate(far, near, (now) => now + roundTripMs / 2);
  });
}

/** `arrivesAt`: when what leaves at a time arrives, on the clock of performance.now(). Order is kept. */
function pipeLate(from: Socket, to: Socket, arrivesAt: (now: number) => number): void {
  const late = (deliver: () => void) => {
    const dueAt = arrivesAt(performance.now());
    // Timers fire up to a millisecond late: the last one is waited for in turns of the event loop.
    const wait = () => (performance.now() >= dueAt ? deliver() : void setImmediate(wait));
    setTimeout(wait, Math.max(1, dueAt - performance.now() - 1.5));
  };
  const queue: (() => void)[] = [];
  const inOrder = (deliver: () => void) => {
    queue.push(deliver);
    late(() => queue.shift()?.());
  };
  from.on("data", (chunk: Buffer) => inOrder(() => void (to.destroyed || to.write(chunk))));
  from.on("end", () => inOrder(() => to.end()));
  from.on("error", () => to.destroy());
  from.on("close", () => inOrder(() => to.destroy()));
}
