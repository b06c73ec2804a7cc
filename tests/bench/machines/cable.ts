// A cable between a machine and Postgres that can be pulled: what is sent meanwhile waits, and neither side hears that the other is gone.
import { connect, createServer, type Socket } from 'node:net';

export type Cable = { /** The same database through the cable. */ url: string; pull(): void; plug(): void; close(): Promise<void> };

/** Lays one to the Postgres of this address. It carries whatever connects to it. */
export async function layCable(url: string): Promise<Cable> {
  const far = new URL(url);
  const sockets = new Set<Socket>();
  let pulled = false;
  const carry = (from: Socket, to: Socket) => {
    sockets.add(from);
    if (pulled) from.pause();
    from.on('data', (bytes) => { if (!to.destroyed) to.write(bytes); });
    // A farewell travels the same way, so that a pulled cable keeps it.
    from.on('end', () => to.end()).on('error', () => to.destroy()).on('close', () => { sockets.delete(from); to.destroy(); });
  };
  const server = createServer((near) => {
    const other = connect(Number(far.port), far.hostname);
    carry(near, other);
    carry(other, near);
  });
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const through = new URL(url);
  through.host = `127.0.0.1:${port}`;
  return {
    url: through.href,
    pull() {
      pulled = true;
      for (const socket of sockets) socket.pause();
    },
    plug() {
      pulled = false;
      for (const socket of sockets) socket.resume();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
