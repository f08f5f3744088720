/**
 * Ports for several networks at the same time, also of several processes: whoever listens on the first port of a block owns the block.
 * They lie below the range from which the system takes ports for outgoing connections (32768 and up), so nobody gets in by chance.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const firstPort = 20_000;
const lastPort = 32_000;
const blockSize = 600;

export type PortBlock = {
  /** The port at a place of the block, 1 to 599. */
  at(place: number): number;
  /** Gives the block back. */
  free(): Promise<void>;
};

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    return server;
  } catch {
    return undefined; // somebody else has it
  }
}

const close = (server: Server) => new Promise<void>((done) => server.close(() => done()));

/** Claims a block whose first ten ports nobody listens on. Throws when there is none left. */
export async function claimPorts(): Promise<PortBlock> {
  const blocks = Math.floor((lastPort - firstPort) / blockSize);
  const start = Math.floor(Math.random() * blocks);
  for (let turn = 0; turn < blocks; turn += 1) {
    const base = firstPort + ((start + turn) % blocks) * blockSize;
    const claim = await listen(base);
    if (claim === undefined) continue;
    const probes = await Promise.all(Array.from({ length: 9 }, (_, index) => listen(base + 1 + index)));
    await Promise.all(probes.map((probe) => probe && close(probe)));
    if (probes.every((probe) => probe !== undefined)) return { at: (place) => base + place, free: () => close(claim) };
    await close(claim);
  }
  throw new Error(`no free block of ${blockSize} ports between ${firstPort} and ${lastPort}`);
}
