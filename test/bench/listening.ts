import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";

/** Listens on a free port of loopback. `close` ends the open connections too. */
export async function listen(server: Server): Promise<{ readonly port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    const closed = once(server, "close");
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, close };
}
