/**
 * The socket under sip.js: one WebSocket to one proxy at a time, opened and closed only when the line machine says so.
 *
 *   closed ──connect──► opening ──► open ──(socket dies)──► closed, told to `onLost`
 *                          │          └──disconnect──► closed, told to nobody
 *                          └──(fails, or takes too long)──► closed, `connect` rejects
 *
 *   beside an open one: openBeside ──► registers over it ──► adopt: takes its place, nobody notices      (make before break)
 *                                                      └──► drop: gone, the first one never stopped
 *
 * It takes the place of sip.js's own transport because that one
 *  - cannot change the proxy, so that calls would die with the user agent;
 *  - lets an exception of the parser, caused by the far side, end the receiving;
 *  - drops a status line without a reason phrase (`SIP/2.0 486`), which leaves a call ringing for ever;
 *  - forgets a BYE that was said while the socket was down, which leaves the customer's leg up.
 *
 * The last one: a BYE or CANCEL is kept until it was answered, and said again on the next socket. It keeps its branch, so that
 * a far side that did hear it answers the same once more. What is unsaid outlives the page too (farewells.ts).
 */
import { type Core, EmitterImpl, type Transport, TransportState } from 'sip.js';
import { farewellMilliseconds } from './farewells.ts';

/** What is used of a WebSocket; tests hand in a wire of their own. */
export type Wire = {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
};
export type OpenWire = (url: string) => Wire;

const OPEN = 1;
/** Beyond this a message is no SIP we could want: a PBX's largest is some 10 kB. */
const longestMessage = 256 * 1024;

export const openWebSocket: OpenWire = (url) => {
  const socket = new WebSocket(url, 'sip');
  // as: the members used have the same meaning; only the types of the event arguments are wider in the DOM
  return socket as unknown as Wire;
};

type WireOptions = { url: string; limit: number; open: OpenWire };

/** A second wire, open beside the first one. */
export type BesideWire = {
  /** While true, REGISTER goes over this wire; everything else over the first. Both are heard. */
  speak(on: boolean): void;
  /** Takes the place of the first wire, which is closed. Throws when it was lost meanwhile; then the first one stays. */
  adopt(): void;
  drop(): void;
};

export type SipSocket = Transport & {
  /** The proxy of the next `connect`, and the wire to use. */
  configure(options: WireOptions): void;
  /** Opens a second wire. Rejects when it does not open within its limit, or when there is no first one. Ends with the first one. */
  openBeside(options: WireOptions): Promise<BesideWire>;
  /** What was said and not answered, or could not be said: BYE and CANCEL. `onFarewells` follows each change. */
  farewells(): string[];
  onFarewells: (() => void) | undefined;
  onLost: (() => void) | undefined;
  onRegained: (() => void) | undefined;
};

type Farewell = { text: string; at: number };

/** Which farewell a message belongs to: the same Call-ID and CSeq. undefined: it is none. */
function farewellKey(message: string): string | undefined {
  const cseq = /^CSeq:\s*(\d+\s+(?:BYE|CANCEL))\s*$/im.exec(message)?.[1];
  const callId = /^(?:Call-ID|i):\s*(\S+)\s*$/im.exec(message)?.[1];
  return cseq === undefined || callId === undefined ? undefined : `${callId} ${cseq}`;
}

/**
 * Puts right what a lax PBX sends in a status line and the parser would drop in silence, leaving a call to ring for ever: no reason phrase, not
 * even its blank; characters that RFC 3261 does not allow in it (quotes, control characters, a lone percent sign); a phrase of 5 kB.
 */
export function repaired(message: string): string {
  const end = message.indexOf('\r\n');
  const status = /^SIP\/2\.0 (\d{3})(?: (.*))?$/s.exec(message.slice(0, Math.max(0, end)));
  if (!status) return message;
  const phrase = (status[2] ?? '').slice(0, 200).replace(/[^\w\-.!~*'();/?:@&=+$, \u00a0-\uffff]/g, ' ');
  return `SIP/2.0 ${status[1]} ${phrase}${message.slice(end)}`;
}

/** The transport sip.js is given. `now`: milliseconds, for the age of farewells only. */
export function createSipSocket(logger: Core.Logger, now: () => number): SipSocket {
  const stateChange = new EmitterImpl<TransportState>();
  const farewells = new Map<string, Farewell>();
  let state = TransportState.Disconnected;
  let wire: Wire | undefined;
  let options: WireOptions | undefined;
  let giveUp: ((reason: Error) => void) | undefined;
  let beside: { wire: Wire; speaks: boolean } | undefined;

  const enter = (next: TransportState) => {
    if (state === next) return;
    state = next;
    stateChange.emit(next);
  };

  /** Nothing is heard of it any more, not even its end. */
  const deafen = (old: Wire): Wire => {
    old.onopen = old.onclose = old.onerror = old.onmessage = null;
    return old;
  };
  const forget = (): Wire | undefined => {
    const old = wire;
    wire = undefined;
    return old && deafen(old);
  };
  const dropBeside = () => {
    const old = beside?.wire;
    beside = undefined;
    if (old) deafen(old).close();
  };

  const receive = (data: unknown) => {
    if (typeof data !== 'string' || data.length > longestMessage || data.trim() === '') return;
    if (data.startsWith('SIP/2.0 ')) {
      const key = farewellKey(data);
      if (key !== undefined && farewells.delete(key)) socket.onFarewells?.();
    }
    try {
      socket.onMessage?.(repaired(data));
    } catch (error) {
      // The far side caused it, the parser or the core threw it: this message is lost, the socket and the calls are not.
      logger.warn(`message not understood (${error instanceof Error ? error.name : 'unknown'})`);
    }
  };

  const sayFarewells = () => {
    for (const [key, farewell] of farewells) {
      if (now() - farewell.at > farewellMilliseconds) farewells.delete(key);
      else wire?.send(farewell.text);
    }
  };

  /** Opens a wire; exactly one of `open` and `failed` follows. Returns what gives it up. */
  const openWithin = (
    { url, limit, open }: WireOptions,
    tell: { made: (wire: Wire) => void; open: (wire: Wire) => void; failed: (reason: Error) => void },
  ): ((reason: Error) => void) => {
    let opened: Wire | undefined;
    let settled = false;
    const fail = (reason: Error) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      if (opened) deafen(opened).close();
      tell.failed(reason);
    };
    const timer = setTimeout(() => fail(new Error('the proxy did not answer in time')), limit);
    try {
      opened = open(url);
    } catch (error) {
      fail(error instanceof Error ? error : new Error('the socket cannot be opened'));
      return fail;
    }
    const made = opened;
    tell.made(made);
    made.onmessage = (event) => receive(event.data);
    made.onerror = () => undefined; // always followed by close
    made.onclose = () => fail(new Error('the proxy refused the socket'));
    made.onopen = () => {
      settled = true;
      clearTimeout(timer);
      made.onclose = null;
      tell.open(made);
    };
    return fail;
  };

  /** From now on this is the wire, and its end is told. */
  const use = (opened: Wire) => {
    opened.onclose = () => {
      forget();
      dropBeside();
      enter(TransportState.Disconnected);
      socket.onDisconnect?.(new Error('the socket was lost'));
      socket.onLost?.();
    };
  };

  /** RFC 7118: the Via of this hop says which it is. */
  const nameHop = (url: string) => {
    (socket as { protocol: string }).protocol = url.startsWith('wss:') ? 'WSS' : 'WS'; // as: readonly for sip.js, ours to set
  };

  const socket: SipSocket = {
    protocol: 'WSS',
    get state() {
      return state;
    },
    stateChange,
    onConnect: undefined,
    onDisconnect: undefined,
    onMessage: undefined,
    farewells: () => [...farewells.values()].map(({ text }) => text),
    onFarewells: undefined,
    onLost: undefined,
    onRegained: undefined,
    configure(next) {
      options = next;
    },
    connect() {
      if (!options) return Promise.reject(new Error('no proxy configured'));
      void socket.disconnect();
      nameHop(options.url);
      enter(TransportState.Connecting);
      const wanted = options;
      return new Promise((resolve, reject) => {
        giveUp = openWithin(wanted, {
          made: (opened) => {
            wire = opened;
          },
          open: (opened) => {
            giveUp = undefined;
            use(opened);
            enter(TransportState.Connected);
            socket.onConnect?.();
            sayFarewells();
            socket.onRegained?.();
            resolve();
          },
          failed: (reason) => {
            giveUp = undefined;
            wire = undefined;
            enter(TransportState.Disconnected);
            reject(reason);
          },
        });
      });
    },
    async openBeside(wanted) {
      if (!socket.isConnected()) throw new Error('there is no socket to be beside of');
      dropBeside();
      const first = wire;
      const opened = await new Promise<Wire>((resolve, reject) => {
        openWithin(wanted, { made: () => undefined, open: resolve, failed: reject });
      });
      if (wire !== first || beside) {
        deafen(opened).close();
        throw new Error('the first socket is gone');
      }
      const own = { wire: opened, speaks: false };
      beside = own;
      opened.onclose = () => {
        if (beside === own) dropBeside();
      };
      return {
        speak(on) {
          own.speaks = on;
        },
        adopt() {
          if (beside !== own || opened.readyState !== OPEN) throw new Error('the second socket was lost');
          beside = undefined;
          forget()?.close();
          wire = opened;
          nameHop(wanted.url);
          use(opened);
          sayFarewells();
        },
        drop() {
          if (beside === own) dropBeside();
        },
      };
    },
    disconnect() {
      giveUp?.(new Error('given up'));
      dropBeside();
      const old = forget();
      if (old) {
        old.close();
        enter(TransportState.Disconnected);
        socket.onDisconnect?.();
      }
      return Promise.resolve();
    },
    dispose() {
      socket.onFarewells = undefined; // what is unsaid now is for the next one
      farewells.clear();
      return socket.disconnect();
    },
    isConnected: () => state === TransportState.Connected && wire?.readyState === OPEN,
    send(message) {
      const key = /^(?:BYE|CANCEL) /.test(message) ? farewellKey(message) : undefined;
      if (key !== undefined) {
        farewells.set(key, { text: message, at: now() });
        socket.onFarewells?.();
      }
      if (!socket.isConnected() || !wire) {
        return key === undefined ? Promise.reject(new Error('the socket is down')) : Promise.resolve();
      }
      try {
        const through = beside?.speaks && message.startsWith('REGISTER ') ? beside.wire : wire;
        through.send(message);
        return Promise.resolve();
      } catch (error) {
        return key === undefined ? Promise.reject(error) : Promise.resolve();
      }
    },
  };
  return socket;
}
