/**
 * A real SIP network on loopback, from Debian's packages: Kamailio (registrar and proxy), rtpengine (WebRTC to plain RTP) and SIPp
 * (callees.ts says who answers which number). Several may run at the same time, also in several processes.
 *
 *   station ──ws/wss──► [ openWay() ] ──► Kamailio ──UDP──► SIPp callees, scripted far end
 *      └───── DTLS-SRTP ─────────────────► rtpengine ──RTP──►        "
 *
 *   const network = await startSipNetwork({ registrarSeconds: 60 });
 *   network.ws, network.wss          what a station connects to; `way = await network.openWay()` for one that can be broken
 *   network.users[0]                 { user, password, uri }, user 1001 with pass1001 and so on
 *   await network.bindings('1001')   what the registrar really holds: the only truth about a registration
 *   await network.dropBinding('1001')   the registrar forgets; the socket stays
 *   await network.closeSocketOf('1001') Kamailio closes the WebSocket (close frame, then TCP), the binding goes with it
 *   await network.stopKamailio({ hard: true }); await network.startKamailio();   same ports, all bindings forgotten
 *   network.freezeKamailio(); network.thawKamailio();   SIGSTOP and SIGCONT: sockets stay open, nothing is answered
 *   network.seen()                   every request and reply that passed Kamailio, in order
 *   await network.stop()
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { sippCallees } from './callees.ts';
import { type FarCaller, ringStation } from './farCaller.ts';
import { type FarBehaviour, type FarCall, type FarEnd, startFarEnd } from './farEnd.ts';
import { writeFiles } from './networkFiles.ts';
import { claimPorts } from './ports.ts';
import { type Program, startProgram } from './programs.ts';
import { startTurnServer, type TurnServer } from './turnServer.ts';
import { openWay, type Way } from './way.ts';

const readySeconds = 60;

export type SipUser = { readonly user: string; readonly password: string; readonly uri: string };

export type Binding = {
  /** As the station wrote it. */
  readonly contact: string;
  /** Seconds until the registrar forgets it. */
  readonly expiresIn: number;
  /** Where it came from, `sip:127.0.0.1:PORT;transport=ws`. */
  readonly received: string;
  readonly userAgent: string;
};

/** A message that passed Kamailio. Replies have a status, requests have none. */
export type Seen = {
  readonly method: string;
  readonly callId: string;
  readonly status?: number | undefined;
  readonly from?: string | undefined;
  /** User part of the request's address. */
  readonly to?: string | undefined;
  /** X-Attempt-Id. */
  readonly attempt?: string | undefined;
  /** The wire it came by. */
  readonly by: string;
};

export type SipNetworkOptions = {
  /** The longest registration granted, seconds; 600 unless told. */
  registrarSeconds?: number;
  /** 'none' for tests of the line alone: neither rtpengine nor SIPp runs. */
  callees?: 'all' | 'none';
  /** Accounts 1001, 1002 …; 12 unless told. */
  users?: number;
  /** Where rtpengine listens for the station's voice, when the station is on another machine; 127.0.0.1 unless told. */
  mediaAddress?: string;
  /** The realm; bank.test unless told. */
  domain?: string;
};

export type SipNetwork = Awaited<ReturnType<typeof startSipNetwork>>;

const bindingsSchema = z.object({
  Domains: z.array(
    z.object({
      Domain: z.object({
        AoRs: z
          .array(
            z.object({
              Info: z.object({
                AoR: z.string(),
                Contacts: z.array(
                  z.object({
                    Contact: z.object({
                      Address: z.string(),
                      Expires: z.union([z.number(), z.string()]),
                      Received: z.string(),
                      'User-Agent': z.string(),
                    }),
                  }),
                ),
              }),
            }),
          )
          .optional(),
      }),
    }),
  ),
});
const rpcSchema = z.object({ result: z.unknown(), error: z.object({ message: z.string() }).optional() });
const seenSchema = z.object({
  method: z.string(),
  callId: z.string(),
  status: z.number().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  attempt: z.string().optional(),
  by: z.string(),
});

/** One HTTP request on a connection of its own: Kamailio may have been restarted since the last one. At most 5 s. */
function ask(port: number, path: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { port, path, host: '127.0.0.1', agent: false, timeout: 5_000, method: body ? 'POST' : 'GET' };
    const request = httpRequest(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(text)).on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`Kamailio did not answer ${path}`))).on('error', reject);
    request.end(body && JSON.stringify(body));
  });
}

/** UDP ports of loopback somebody listens on. */
const udpListeners = (): Set<number> =>
  new Set(
    readFileSync('/proc/net/udp', 'utf8')
      .split('\n')
      .flatMap((line) => /^\s*\d+: 0100007F:([0-9A-F]{4}) /.exec(line)?.[1] ?? [])
      .map((port) => Number.parseInt(port, 16)),
  );

async function until(
  what: string,
  done: () => boolean | Promise<boolean>,
  programs: readonly Program[],
  seconds = readySeconds,
): Promise<void> {
  const limit = performance.now() + seconds * 1000;
  while (!(await done())) {
    const dead = programs.find((program) => program.ended() !== undefined);
    if (dead) throw new Error(`${dead.name} ${dead.ended()}:\n${dead.log().slice(-3000)}`);
    if (performance.now() > limit) throw new Error(`${what} took more than ${seconds} s`);
    await pause(20);
  }
}

export async function startSipNetwork({
  registrarSeconds = 600,
  callees = 'all',
  users: userCount = 12,
  domain = 'bank.test',
  mediaAddress = '127.0.0.1',
}: SipNetworkOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'huifang-sip-'));
  const ports = await claimPorts();
  const port = ports.at(1);
  const tlsPort = ports.at(2);
  const rtpenginePort = ports.at(3);
  const users: readonly SipUser[] = Array.from({ length: userCount }, (_, index) => {
    const user = String(1001 + index);
    return { user, password: `pass${user}`, uri: `sip:${user}@${domain}` };
  });
  const programs: Program[] = [];
  const ways: Way[] = [];
  const callers: FarCaller[] = [];
  let kamailio: Program | undefined;
  let farEnd: FarEnd | undefined;
  let turn: TurnServer | undefined;

  const start = (name: string, command: string, args: readonly string[]): Program => {
    const program = startProgram(name, command, args, join(folder, `${name}.log`));
    programs.push(program);
    return program;
  };

  const rpc = async (method: string, params: readonly (string | number)[] = []): Promise<unknown> => {
    const answer: unknown = JSON.parse(await ask(port, '/RPC', { jsonrpc: '2.0', id: 1, method, params }));
    const { result, error } = rpcSchema.parse(answer);
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  };

  const isReady = async (): Promise<boolean> => {
    try {
      return (await ask(port, '/health')).startsWith('ready');
    } catch {
      return false; // not yet
    }
  };

  const startKamailio = async (): Promise<void> => {
    if (kamailio) return;
    const args = ['-f', join(folder, 'kamailio.cfg'), '-DD', '-E', '-m', '64', '-M', '8'];
    const started = startProgram('kamailio', 'kamailio', [...args, '-Y', folder], join(folder, 'kamailio.log'));
    kamailio = started;
    await until('starting Kamailio', isReady, [started]);
  };

  const stopKamailio = async (how: { hard?: boolean } = {}): Promise<void> => {
    const running = kamailio;
    kamailio = undefined;
    await running?.stop(how);
  };

  const bindings = async (user: string): Promise<readonly Binding[]> => {
    const { Domains } = bindingsSchema.parse(await rpc('ul.dump'));
    return Domains.flatMap(({ Domain }) => Domain.AoRs ?? [])
      .filter(({ Info }) => Info.AoR === user)
      .flatMap(({ Info }) => Info.Contacts)
      .map(({ Contact }) => ({
        contact: Contact.Address,
        expiresIn: Number(Contact.Expires),
        received: Contact.Received,
        userAgent: Contact['User-Agent'],
      }))
      .filter(({ expiresIn }) => expiresIn > 0);
  };

  const stop = async (): Promise<void> => {
    await Promise.all(ways.map((way) => way.close()));
    for (const caller of callers) caller.close();
    await farEnd?.stop();
    await Promise.all([stopKamailio(), ...programs.map((program) => program.stop())]);
    await ports.free();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    await writeFiles({ domain, folder, ports, port, tlsPort, rtpenginePort, users, registrarSeconds });
    if (callees === 'all') {
      const range = ['--port-min', String(ports.at(300)), '--port-max', String(ports.at(598))];
      const to = [`--interface=${mediaAddress}`, `--listen-ng=127.0.0.1:${rtpenginePort}`];
      start('rtpengine', 'rtpengine', [
        '--config-file=none',
        '--table=-1',
        '--foreground',
        '--log-stderr',
        '--log-level=4',
        '--delete-delay=0',
        ...to,
        ...range,
        '--num-threads=2',
      ]);
      for (const [index, { scenario }] of sippCallees.entries()) {
        const media = String(ports.at(60 + 20 * index));
        const at = ['-i', '127.0.0.1', '-mi', '127.0.0.1', '-p', String(ports.at(10 + index)), '-mp', media];
        start(`sipp-${index}-${scenario}`, 'sipp', [
          '-sf',
          join(folder, `${scenario}.xml`),
          ...at,
          '-nostdin',
          '-timer_resol',
          '50',
        ]);
      }
    }
    farEnd = await startFarEnd(ports.at(50), port);
    await startKamailio();
    const wanted = callees === 'all' ? [rtpenginePort, ...sippCallees.map((_, index) => ports.at(10 + index))] : [];
    const allThere = () => {
      const listeners = udpListeners();
      return wanted.every((one) => listeners.has(one));
    };
    await until('starting the callees', allThere, programs);
  } catch (cause) {
    await stop();
    throw cause;
  }

  const far = farEnd;
  return {
    ws: `ws://127.0.0.1:${port}`,
    /** Self-signed, see `certificate`. */
    wss: `wss://127.0.0.1:${tlsPort}`,
    domain,
    users,
    /** Everything written by the programs lies here until `stop`. */
    folder,
    /** The certificate of `wss`, PEM. */
    certificate: readFileSync(join(folder, 'cert.pem'), 'utf8'),

    /** What the registrar holds for a user (Kamailio's `ul.dump`); [] when it has no binding. */
    bindings,
    /** The registrar forgets the user's bindings; the socket stays open and nobody is told. */
    async dropBinding(user: string): Promise<void> {
      await rpc('ul.rm', ['location', user]);
    },
    /** Kamailio closes the user's WebSocket. Throws when the user has no binding. */
    async closeSocketOf(user: string): Promise<void> {
      const [binding] = await bindings(user);
      const peer = /127\.0\.0\.1:(\d+)/.exec(binding?.received ?? '')?.[1];
      if (peer === undefined) throw new Error(`${user} has no binding with a socket`);
      const dump = JSON.stringify(await rpc('ws.dump'));
      const id = new RegExp(`(\\d+): (?:ws|wss):127\\.0\\.0\\.1:${peer} `).exec(dump)?.[1];
      if (id === undefined) throw new Error(`Kamailio has no WebSocket from port ${peer}: ${dump}`);
      await rpc('ws.close', [Number(id)]);
    },
    /** Another password from now on: bindings that stand are not touched. */
    async setPassword(user: string, password: string): Promise<void> {
      await rpc('htable.sets', ['users', user, password]);
    },

    startKamailio,
    /** `hard`: SIGKILL, sockets are cut; else it ends in order. Bindings are forgotten either way. Resolves when it is gone. */
    stopKamailio,
    async restartKamailio(awayMilliseconds = 0): Promise<void> {
      await stopKamailio();
      await pause(awayMilliseconds);
      await startKamailio();
    },
    freezeKamailio: () => kamailio?.signal('SIGSTOP'),
    thawKamailio: () => kamailio?.signal('SIGCONT'),

    /** A number of its own, answered by the scripted far end as told (farEnd.ts). */
    callee: (behaviour: FarBehaviour): string => far.callee(behaviour),
    /** A number of somebody else's (a customer's, say) that the scripted far end answers from now on. Not one it has itself. */
    async takeOver(number: string, behaviour: FarBehaviour): Promise<void> {
      far.behave(number, behaviour);
      await rpc('htable.sets', ['gw', number, String(far.port)]);
    },
    /** The far end's side of the `times`-th call to such a number; waits up to 10 s for it. */
    async called(number: string, times = 1): Promise<FarCall> {
      await until(`a call to ${number}`, () => far.call(number, times) !== undefined, [], 10);
      return far.call(number, times)!; // it is there, see above
    },
    /** A customer rings a registered user (farCaller.ts). Ends with the network at the latest. */
    async ring(user: string, number: string, offer?: (plain: string) => string): Promise<FarCaller> {
      const caller = await ringStation({ proxy: port, domain, user, number, offer });
      callers.push(caller);
      return caller;
    },
    /** A TURN server beside it, the same for all who ask. Ends with the network. */
    async turnServer(): Promise<TurnServer['server']> {
      if (turn === undefined) {
        turn = startTurnServer({ folder, ports, domain });
        programs.push(turn.program);
      }
      await until('starting the TURN server', () => udpListeners().has(ports.at(4)), [turn.program]);
      return turn.server;
    },
    /** What behaviours of the far end threw. */
    faults: far.faults,

    /** A relay in front of Kamailio whose wire can be cut, frozen or half closed (way.ts). Ends with the network. */
    async openWay(to: 'ws' | 'wss' = 'ws'): Promise<Way> {
      const way = await openWay(to, to === 'ws' ? port : tlsPort);
      ways.push(way);
      return way;
    },

    /** Every request and reply that passed Kamailio since the network began, in order. */
    seen(): readonly Seen[] {
      const log = join(folder, 'kamailio.log');
      if (!existsSync(log)) return [];
      return [...readFileSync(log, 'utf8').matchAll(/saw (\{.*\})/g)].map(([, json]) => {
        const { status, from, to, attempt, ...rest } = seenSchema.parse(JSON.parse(json ?? ''));
        const known = (text: string | undefined) => (text === '<null>' || text === '' ? undefined : text);
        return { ...rest, status, from: known(from), to: known(to), attempt: known(attempt) };
      });
    },
    /** What a program wrote: `kamailio`, `rtpengine`. For whoever looks for a fault. */
    log: (name: string): string => readFileSync(join(folder, `${name}.log`), 'utf8'),
    rpc,
    stop,
  };
}
