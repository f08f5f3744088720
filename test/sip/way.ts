/**
 * The wire between a station and Kamailio, which a test can break:
 *
 *   station ──TCP──► way ──TCP──► Kamailio
 *
 *   cut()          both ends are reset, new connections pass: a router that lost its table
 *   freeze()       nothing passes in either direction, nobody is told; new connections are taken and get no answer; `thaw()` ends it
 *   forget()       Kamailio's end is closed, so it drops the bindings; the station's end stays open and silent: a half-open socket
 *   refuse(true)   cut, and new connections are refused until `refuse(false)`
 */
import { once } from 'node:events';
import { createServer, connect as openSocket, type Server, type Socket } from 'node:net';

export type Way = {
  /** What the station connects to: ws://127.0.0.1:PORT or wss://… */
  readonly url: string;
  cut(): void;
  freeze(): void;
  thaw(): void;
  forget(): void;
  refuse(refused: boolean): Promise<void>;
  /** Connections that stand now, from the station's side. */
  connections(): number;
  /** Connections taken since the beginning. */
  taken(): number;
  close(): Promise<void>;
};

type Pair = { near: Socket; far: Socket };

/** `port`: where Kamailio listens. */
export async function openWay(scheme: 'ws' | 'wss', port: number): Promise<Way> {
  const pairs = new Set<Pair>();
  let frozen = false;
  let taken = 0;

  const take = (near: Socket) => {
    taken += 1;
    const far = openSocket({ port, host: '127.0.0.1' });
    const pair = { near, far };
    pairs.add(pair);
    let forgotten = false;
    const carry = (from: Socket, to: Socket) => {
      from.setNoDelay(true);
      from.on('data', (data) => {
        if (!forgotten && !to.destroyed) to.write(data);
      });
      from.on('error', () => undefined); // `close` follows
      from.on('close', () => {
        if (from === near) pairs.delete(pair);
        if (!forgotten) to.destroy();
      });
    };
    carry(near, far);
    carry(far, near);
    far.on('forgotten', () => {
      forgotten = true;
      far.destroy();
    });
    if (frozen) for (const socket of [near, far]) socket.pause();
  };

  let server: Server | undefined;
  const listen = async (at: number): Promise<number> => {
    const opened = createServer(take);
    server = opened;
    opened.listen({ port: at, host: '127.0.0.1' });
    await once(opened, 'listening');
    const address = opened.address();
    if (address === null || typeof address === 'string') throw new Error('a way without a port');
    return address.port;
  };
  const own = await listen(0);

  const cut = () => {
    for (const { near, far } of [...pairs]) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  };
  const unlisten = async (): Promise<void> => {
    const closing = server;
    server = undefined;
    if (closing) await new Promise<void>((done) => closing.close(() => done()));
  };

  return {
    url: `${scheme}://127.0.0.1:${own}`,
    cut,
    freeze() {
      frozen = true;
      for (const pair of pairs) for (const socket of [pair.near, pair.far]) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const pair of pairs) for (const socket of [pair.near, pair.far]) socket.resume();
    },
    forget() {
      for (const { far } of pairs) far.emit('forgotten');
    },
    async refuse(refused) {
      if (!refused) {
        if (server === undefined) await listen(own);
        return;
      }
      const closed = unlisten();
      cut();
      await closed;
    },
    connections: () => pairs.size,
    taken: () => taken,
    async close() {
      const closed = unlisten();
      cut();
      await closed;
    },
  };
}
