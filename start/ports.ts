import { once } from 'node:events';
import { createServer } from 'node:net';

/** Whether a port of this machine's own address can be listened on. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

/** The preferred port when it is free, else the next free one of the hundred after it. Throws when all are taken. */
export async function freePort(preferred: number): Promise<number> {
  for (let port = preferred; port < preferred + 100; port += 1) if (await isFree(port)) return port;
  throw new Error(`the ports ${preferred} to ${preferred + 99} are all taken; stop one of the programs that use them`);
}
