/**
 * The line (话机): the station's registration, and the sole owner of reconnection.
 *
 *   notConfigured (final for this profile)
 *
 *   signedOut ─signIn─► connecting ─► registering ─► registered ─signOut─► signingOut ─► signedOut
 *                          ▲  │            │  │          │
 *                          │  └──failed────┘  │          ├─ socket lost, silent, binding run out ─► waiting
 *                          │      │           │          └─ woken, network changed ─► renewed at once
 *                          │      ▼           ▼
 *                          └── waiting     refused (credentials: no hammering; only a person or a new profile tries again)
 *                             (back-off with jitter, the next proxy)
 *
 * What is promised:
 *  - *registered* is never shown more than 10 s longer than the registrar holds the binding: it is renewed at 80 % of what was granted,
 *    tried again while it lasts, and left when it has run out, also when the machine slept through it;
 *  - a half-open socket, which no close event tells of, is noticed within 20 s by an OPTIONS every 15 s that has 5 s to be answered,
 *    and within 2 s after waking up or a change of network;
 *  - the first proxy of the profile is preferred: every new loss starts with it.
 *
 * `after` timers stand still while the computer sleeps, so nothing is concluded from a timer alone: `expiresAt` is compared with the clock.
 */
import { assign, raise, setup } from 'xstate';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import type { LineDriver } from '../phone/phone.ts';
import { backOff } from './backOff.ts';
import { connectActor, limits, pingActor, registerActor, signOutActor, watchSocketActor } from './lineActors.ts';

/** Seconds asked for; the registrar may grant less. */
const askedSeconds = 300;
/** After its end a binding is shown as registered at most this much longer, ms (promised: 10 s). */
const toleranceMilliseconds = 5_000;
const pingEvery = 15_000;
const renewalRetry = 2_000;
/** A tick that comes this much late means that the computer slept or the clock jumped, ms. */
const tickEvery = 2_000;
const jump = 5_000;

export type LineInput = {
  /** null: the profile has no line (话机未配置). */
  driver: LineDriver | null;
  /** Outbound proxies in order of preference. */
  proxies: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
  /** 0..1, for the jitter. */
  random: () => number;
};

export type LineEvent =
  | { type: 'line.signIn' }
  | { type: 'line.signOut' }
  /** A person pressed Retry. */
  | { type: 'line.tryNow' }
  | { type: 'line.woke' }
  | { type: 'line.networkChanged' }
  | { type: 'line.wentOffline' }
  | { type: 'line.becameVisible' }
  /** The socket closed by itself (from the driver). */
  | { type: 'line.lost' };

export type LineContext = Omit<LineInput, 'driver'> & {
  driver: LineDriver | null;
  /** When the present state was entered, ms since the epoch. */
  since: number;
  /** When the proxy was last heard, ms since the epoch; null: not yet. */
  lastHeardAt: number | null;
  /** Why the line is not there, for a person; null while all is well. */
  problem: Text | null;
  /** Failures since the line was last registered. */
  failures: number;
  /** When the binding ends, ms since the epoch; null: there is none. */
  expiresAt: number | null;
  grantedSeconds: number;
  tickedAt: number;
  /** Signed in again while signing out. */
  again: boolean;
};

const unknownProblem: Text = {
  zh: '话机出现意外故障,正在自动重试;若一直如此,请联系技术支持。',
  en: 'The line failed unexpectedly. We keep trying; if it lasts, call support.',
};
const lostProblem: Text = {
  zh: '与电话服务器的连接断了,正在自动恢复;通话中的声音若还在,可以继续说。',
  en: 'The connection to the phone server was lost and is being restored. If you still hear the customer, go on talking.',
};
const sentence = (error: unknown): Text => (error instanceof Problem ? error.sentence : unknownProblem);

/** Only reached where a driver exists: `notConfigured` has no way out. */
function driverOf(context: LineContext): LineDriver {
  if (!context.driver) throw new Error('a line without a driver');
  return context.driver;
}

export const lineMachine = setup({
  types: { context: {} as LineContext, input: {} as LineInput, events: {} as LineEvent }, // as: the idiom of XState for types
  actors: {
    connect: connectActor,
    register: registerActor,
    ping: pingActor,
    signOut: signOutActor,
    watchSocket: watchSocketActor,
  },
  actions: {
    enter: assign({ since: ({ context }) => context.now() }),
    heard: assign({ lastHeardAt: ({ context }) => context.now(), problem: null }),
    bound: assign({
      failures: 0,
      problem: null,
      lastHeardAt: ({ context }) => context.now(),
      grantedSeconds: (_, params: { grantedSeconds: number }) => params.grantedSeconds,
      expiresAt: ({ context }, params: { grantedSeconds: number }) => context.now() + params.grantedSeconds * 1000,
    }),
    failed: assign({
      failures: ({ context }) => context.failures + 1,
      problem: (_, params: { error: unknown }) => sentence(params.error),
    }),
    explain: assign({ problem: (_, params: { error: unknown }) => sentence(params.error) }),
    hangUpSocket: ({ context }) => context.driver?.disconnect(),
    forgetBinding: assign({ expiresAt: null }),
    lost: assign({ failures: 0, problem: lostProblem }),
    lostAgain: assign({ failures: ({ context }) => context.failures + 1, problem: lostProblem }),
    startOver: assign({ failures: 0 }),
    tick: assign({ tickedAt: ({ context }) => context.now() }),
    doubt: raise({ type: 'line.woke' }),
  },
  guards: {
    hasLine: ({ context }) => context.driver !== null && context.proxies.length > 0,
    refusedCredentials: (_, params: { error: unknown }) =>
      params.error instanceof Problem && params.error.code === 'LINE_CREDENTIALS',
    jumped: ({ context }) => Math.abs(context.now() - context.tickedAt - tickEvery) > jump,
    signedInAgain: ({ context }) => context.again,
    ranOut: ({ context }) => context.expiresAt !== null && context.now() >= context.expiresAt,
  },
  delays: {
    backOff: ({ context }) => backOff(context.failures, context.proxies.length, context.random),
    pingEvery,
    renewalRetry,
    tickEvery,
    renewalDue: ({ context }) => context.grantedSeconds * 800,
    bindingEnd: ({ context }) => context.grantedSeconds * 1000 + toleranceMilliseconds,
  },
}).createMachine({
  id: 'line',
  description: 'The station’s SIP registration; sole owner of reconnection.',
  context: ({ input }) => ({
    driver: input.driver,
    proxies: input.proxies,
    now: input.now,
    random: input.random,
    since: input.now(),
    lastHeardAt: null,
    problem: null,
    failures: 0,
    expiresAt: null,
    grantedSeconds: askedSeconds,
    tickedAt: input.now(),
    again: false,
  }),
  initial: 'choosing',
  states: {
    choosing: {
      description: 'Passed through at once: is there a line in the profile?',
      always: [{ guard: 'hasLine', target: 'signedOut' }, { target: 'notConfigured' }],
    },
    notConfigured: {
      description: '话机未配置: the profile has no line. Never falls back to the practice PBX.',
      entry: [
        'enter',
        assign({
          problem: {
            zh: '本终端没有配置话机;请联系管理员,或用桌面电话拨打。',
            en: 'This station has no line configured. Ask your administrator, or dial on a desk phone.',
          },
        }),
      ],
    },
    signedOut: {
      description: 'Nobody is signed in; no socket is open.',
      entry: ['enter', 'forgetBinding', assign({ problem: null, failures: 0 })],
      on: { 'line.signIn': 'connecting' },
    },
    connecting: {
      description: 'Opens a socket to the proxy whose turn it is.',
      entry: ['enter', 'forgetBinding'],
      invoke: {
        src: 'connect',
        input: ({ context }) => ({
          driver: driverOf(context),
          proxy: context.proxies[context.failures % context.proxies.length] ?? '',
        }),
        onDone: 'registering',
        onError: { target: 'waiting', actions: { type: 'failed', params: ({ event }) => ({ error: event.error }) } },
      },
      on: { 'line.signOut': 'signingOut' },
    },
    registering: {
      description: 'The socket is open; the registrar is asked to bind us.',
      entry: 'enter',
      invoke: [
        {
          src: 'register',
          input: ({ context }) => ({ driver: driverOf(context), seconds: askedSeconds }),
          onDone: { target: 'registered', actions: { type: 'bound', params: ({ event }) => event.output } },
          onError: [
            {
              guard: { type: 'refusedCredentials', params: ({ event }) => ({ error: event.error }) },
              target: 'refused',
              actions: { type: 'explain', params: ({ event }) => ({ error: event.error }) },
            },
            { target: 'waiting', actions: { type: 'failed', params: ({ event }) => ({ error: event.error }) } },
          ],
        },
        {
          src: 'watchSocket',
          input: ({ context }) => ({ driver: driverOf(context) }),
          onError: { target: 'waiting', actions: { type: 'failed', params: ({ event }) => ({ error: event.error }) } },
        },
      ],
      on: {
        'line.signOut': 'signingOut',
        'line.lost': { target: 'waiting', actions: 'lostAgain' },
      },
    },
    registered: {
      description: 'The registrar holds our binding: calls can come and go.',
      type: 'parallel',
      entry: 'enter',
      invoke: {
        src: 'watchSocket',
        input: ({ context }) => ({ driver: driverOf(context) }),
        onError: { target: 'waiting', actions: { type: 'explain', params: ({ event }) => ({ error: event.error }) } },
      },
      on: {
        'line.signOut': 'signingOut',
        'line.lost': { target: 'waiting', actions: 'lost' },
      },
      states: {
        binding: {
          initial: 'fresh',
          states: {
            fresh: {
              description: 'Bound; renewed at 80 % of what was granted, or at once when there is reason to doubt.',
              after: { renewalDue: 'renewing', bindingEnd: { target: '#line.waiting', actions: 'lost' } },
              on: {
                'line.woke': [{ guard: 'ranOut', target: '#line.waiting', actions: 'lost' }, 'renewing'],
                'line.networkChanged': 'renewing',
                'line.becameVisible': 'renewing',
              },
            },
            renewing: {
              description: 'Asks for the binding again; the old one still counts until it runs out.',
              invoke: {
                src: 'register',
                input: ({ context }) => ({ driver: driverOf(context), seconds: askedSeconds }),
                onDone: { target: 'fresh', actions: { type: 'bound', params: ({ event }) => event.output } },
                onError: [
                  {
                    guard: { type: 'refusedCredentials', params: ({ event }) => ({ error: event.error }) },
                    target: '#line.refused',
                    actions: { type: 'explain', params: ({ event }) => ({ error: event.error }) },
                  },
                  { guard: 'ranOut', target: '#line.waiting', actions: 'lost' },
                  {
                    target: 'doubtful',
                    actions: { type: 'explain', params: ({ event }) => ({ error: event.error }) },
                  },
                ],
              },
            },
            doubtful: {
              description: 'A renewal failed; the binding still lasts, and is asked for again in 3 s.',
              always: { guard: 'ranOut', target: '#line.waiting', actions: 'lost' },
              after: { renewalRetry: 'renewing' },
              on: { 'line.woke': 'renewing', 'line.networkChanged': 'renewing', 'line.tryNow': 'renewing' },
            },
          },
        },
        clock: {
          initial: 'ticking',
          states: {
            ticking: {
              description: 'Notices that the computer slept or the clock jumped, should nobody tell.',
              entry: 'tick',
              after: {
                tickEvery: [
                  { guard: 'jumped', target: 'ticking', reenter: true, actions: 'doubt' },
                  { target: 'ticking', reenter: true },
                ],
              },
            },
          },
        },
        socket: {
          initial: 'quiet',
          states: {
            quiet: {
              description: 'The socket answered lately.',
              after: { pingEvery: 'pinging' },
              on: {
                'line.woke': 'checking',
                'line.networkChanged': 'checking',
                'line.wentOffline': 'checking',
                'line.becameVisible': 'checking',
              },
            },
            pinging: {
              description: 'OPTIONS is out: a half-open socket tells nobody that it is dead.',
              invoke: {
                src: 'ping',
                input: ({ context }) => ({ driver: driverOf(context), limit: limits.ping }),
                onDone: { target: 'quiet', actions: 'heard' },
                onError: { target: '#line.waiting', actions: 'lost' },
              },
              on: { 'line.woke': 'checking', 'line.networkChanged': 'checking', 'line.wentOffline': 'checking' },
            },
            checking: {
              description: 'After sleep or a change of network: the same question, with little patience.',
              invoke: {
                src: 'ping',
                input: ({ context }) => ({ driver: driverOf(context), limit: limits.check }),
                onDone: { target: 'quiet', actions: 'heard' },
                onError: { target: '#line.waiting', actions: 'lost' },
              },
            },
          },
        },
      },
    },
    waiting: {
      description: 'Waits a while before the next proxy is tried; tried at once when something changed.',
      entry: ['enter', 'forgetBinding', 'hangUpSocket'],
      after: { backOff: 'connecting' },
      on: {
        'line.tryNow': 'connecting',
        'line.woke': { target: 'connecting', actions: 'startOver' },
        'line.networkChanged': { target: 'connecting', actions: 'startOver' },
        'line.becameVisible': 'connecting',
        'line.signOut': 'signingOut',
      },
    },
    refused: {
      description: 'The registrar refuses the account: trying on would lock it. A person tries again.',
      entry: ['enter', 'forgetBinding', 'hangUpSocket'],
      on: { 'line.tryNow': { target: 'connecting', actions: 'startOver' }, 'line.signOut': 'signingOut' },
    },
    signingOut: {
      description: 'Gives the binding back, at most 1 s, and closes the socket.',
      entry: ['enter', assign({ again: false })],
      invoke: {
        src: 'signOut',
        input: ({ context }) => ({ driver: driverOf(context) }),
        onDone: [{ guard: 'signedInAgain', target: 'connecting' }, { target: 'signedOut' }],
        onError: 'signedOut',
      },
      on: {
        'line.signIn': { actions: assign({ again: true }) },
        'line.signOut': { actions: assign({ again: false }) },
      },
    },
  },
});

/** The line in a word, for the strip and the board. */
export type LineState = 'NOT_CONFIGURED' | 'SIGNED_OUT' | 'CONNECTING' | 'REGISTERED' | 'FAULT' | 'REFUSED';

const words: Record<
  'choosing' | 'notConfigured' | 'signedOut' | 'connecting' | 'registering' | 'waiting' | 'refused' | 'signingOut',
  LineState
> = {
  choosing: 'SIGNED_OUT',
  notConfigured: 'NOT_CONFIGURED',
  signedOut: 'SIGNED_OUT',
  connecting: 'CONNECTING',
  registering: 'CONNECTING',
  waiting: 'FAULT',
  refused: 'REFUSED',
  signingOut: 'SIGNED_OUT',
};

/** From a snapshot's value to the word. */
export function lineState(value: keyof typeof words | { registered: unknown }): LineState {
  return typeof value === 'object' ? 'REGISTERED' : words[value];
}
