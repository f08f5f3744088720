/**
 * The line (话机): the station's registration, and the sole owner of reconnection.
 *
 *   notConfigured (final for this profile)
 *
 *   signedOut ─signIn─► connecting ─► registering ─► registered ─signOut─► signingOut ─► signedOut
 *                          ▲  │         ▲  │  │          │
 *                          │  │         └──┼──┼──────────┤ the registrar lost our binding, the socket lives
 *                          │  └──failed────┘  │          │
 *                          │      │           │          ├─ socket lost, silent, binding run out ─► waiting
 *                          │      ▼           ▼          └─ slept long ─► connecting
 *                          └── waiting     refused (credentials: no hammering; a person or a new password tries again)
 *                             (back-off with jitter, the next proxy)
 *
 *   unbound    beside `waiting`: the registrar says no while a call lies on a socket that lives; it is kept, and asked again over it
 *
 * What is promised:
 *  - *registered* is never shown more than 10 s longer than the registrar holds the binding, for whatever reason it lost it: the binding itself is
 *    asked for every 6 s with 3 s to answer, and made again there and then where the registrar does not tell; renewed at 80 % of what was
 *    granted, and left when it has run out by the clock;
 *  - a half-open socket, which no close event tells of, is noticed by the same question within 10 s, within 1.5 s after a change of network;
 *    after more than 15 s of sleep it is replaced unasked;
 *  - the first proxy of the profile is preferred: every new loss starts with it, and a line on a lesser one goes back by itself when no call runs;
 *  - a call outlives all of it: nothing here ends a call, and a refused password leaves the socket open, opens it again too, so that a hang-up
 *    reaches the customer.
 *
 * `after` timers stand still while the computer sleeps, so nothing is concluded from a timer alone: `expiresAt` and the ticks are compared with
 * `wall`. A hidden page's timers are slowed down to one a minute: hand in the clock of steadyClock.ts.
 */
import { assign, or, stateIn } from 'xstate';
import { limits } from './lineActors.ts';
import { askedSeconds, driverOf, lineSetup } from './lineSetup.ts';
import { lineTexts } from './lineTexts.ts';
import { registered } from './registered.ts';

export const lineMachine = lineSetup.createMachine({
  id: 'line',
  description: 'The station’s SIP registration; sole owner of reconnection.',
  context: ({ input }) => {
    const wall = input.wall ?? input.now;
    return {
      ...{ driver: input.driver, proxies: input.proxies, now: input.now, wall, random: input.random },
      ...{ since: input.now(), lastHeardAt: null, problem: null, failures: 0, proxy: 0, returns: 0, expiresAt: null },
      ...{ grantedSeconds: askedSeconds, verifiable: 'UNKNOWN', misses: 0, listed: false, carried: false },
      ...{ credentialsEndAt: input.credentialsEndAt ?? null, tickedAt: wall(), again: false },
    };
  },
  initial: 'choosing',
  on: { 'line.credentialsRenewed': { actions: 'keepCredentialsEnd' } },
  states: {
    choosing: {
      description: 'Passed through at once: is there a line in the profile?',
      always: [{ guard: 'hasLine', target: 'signedOut' }, { target: 'notConfigured' }],
    },
    notConfigured: {
      description: '话机未配置: the profile has no line. Never falls back to the practice PBX.',
      entry: ['enter', assign({ problem: lineTexts.notConfigured })],
    },
    signedOut: {
      description: 'Nobody is signed in; no socket is open.',
      entry: ['enter', 'forgetBinding', assign({ problem: null, failures: 0 })],
      on: { 'line.signIn': 'connecting' },
    },
    connecting: {
      description: 'Opens a socket to the proxy whose turn it is.',
      entry: ['enter', 'forgetBinding', 'chooseProxy', 'newSocket'],
      invoke: {
        src: 'connect',
        input: ({ context }) => ({ driver: driverOf(context), proxy: context.proxies[context.proxy] ?? '' }),
        onDone: 'registering',
        onError: { target: 'waiting', actions: { type: 'failed', params: ({ event }) => ({ error: event.error }) } },
      },
      after: { connectLimit: { target: 'waiting', actions: 'tookTooLong' } },
      on: { 'line.signOut': 'signingOut' },
    },
    registering: {
      description: 'The socket is open; the registrar is asked to bind us.',
      entry: ['enter', 'forgetBinding'],
      invoke: [
        {
          src: 'register',
          input: ({ context }) => ({ driver: driverOf(context), seconds: askedSeconds }),
          onDone: { target: 'registered', actions: { type: 'bound', params: ({ event }) => event.output } },
          onError: [
            {
              guard: { type: 'refusedCredentials', params: ({ event }) => ({ error: event.error }) },
              target: 'refused',
              actions: { type: 'explainRefusal', params: ({ event }) => ({ error: event.error }) },
            },
            {
              guard: { type: 'keepsSocket', params: ({ event }) => ({ error: event.error }) },
              target: 'unbound',
              actions: { type: 'keptSocket', params: ({ event }) => ({ error: event.error }) },
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
      after: { registerLimit: { target: 'waiting', actions: 'tookTooLong' } },
      on: {
        'line.signOut': 'signingOut',
        'line.lost': { target: 'waiting', actions: 'lostAgain' },
      },
    },
    registered,
    unbound: {
      description:
        'The registrar does not take us, but the proxy answers and a call lies on this socket: it is kept, and asked again over it.',
      entry: ['enter', 'forgetBinding'],
      invoke: {
        src: 'watchSocket',
        input: ({ context }) => ({ driver: driverOf(context) }),
        onError: { target: 'waiting', actions: { type: 'failed', params: ({ event }) => ({ error: event.error }) } },
      },
      after: { rebindEvery: 'registering' },
      on: {
        'line.tryNow': 'registering',
        'line.woke': 'registering',
        'line.networkChanged': 'registering',
        'line.credentialsRenewed': { target: 'registering', actions: 'keepCredentialsEnd' },
        'line.signOut': 'signingOut',
        'line.lost': { target: 'waiting', actions: 'lost' },
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
      initial: 'ticking',
      states: {
        ticking: {
          description: 'Nobody may tell that the computer slept: then it does not sit out a long back-off.',
          entry: 'tick',
          after: {
            tickEvery: [
              { guard: 'sleptLong', target: '#line.connecting', actions: 'startOver' },
              { target: 'ticking', reenter: true },
            ],
          },
        },
      },
    },
    refused: {
      description:
        'The registrar refuses the account: trying on would lock it. A person or a new password tries again.',
      entry: ['enter', 'forgetBinding'],
      on: {
        'line.tryNow': { target: 'connecting', actions: 'startOver' },
        'line.credentialsRenewed': [
          {
            guard: or([stateIn({ refused: 'reachable' }), stateIn({ refused: 'looking' })]),
            target: 'registering',
            actions: ['startOver', 'keepCredentialsEnd'],
          },
          { target: 'connecting', actions: ['startOver', 'keepCredentialsEnd'] },
        ],
        'line.signOut': 'signingOut',
      },
      initial: 'reachable',
      states: {
        reachable: {
          description:
            'The socket stays: a call that is running is hung up over it, and the new password is tried on it.',
          invoke: {
            src: 'watchSocket',
            input: ({ context }) => ({ driver: driverOf(context) }),
          },
          after: { lookEvery: 'looking' },
          on: {
            'line.lost': { target: 'away', actions: 'countFailure' },
            'line.networkChanged': 'doubting',
            'line.woke': 'doubting',
          },
        },
        looking: {
          description:
            'Is the socket still one? OPTIONS needs no account, and a hang-up said into a half-open socket is said again on the next.',
          invoke: [
            { src: 'watchSocket', input: ({ context }) => ({ driver: driverOf(context) }) },
            {
              src: 'ping',
              input: ({ context }) => ({ driver: driverOf(context), limit: limits.look }),
              onDone: 'reachable',
              onError: 'reopening',
            },
          ],
          after: { lookLimit: 'reopening' },
          on: {
            'line.lost': { target: 'away', actions: 'countFailure' },
            'line.networkChanged': 'doubting',
            'line.woke': 'doubting',
          },
        },
        doubting: {
          description:
            'The network changed: a socket that still answers is kept, for the customer’s hang-up comes by it.',
          invoke: [
            { src: 'watchSocket', input: ({ context }) => ({ driver: driverOf(context) }) },
            {
              src: 'ping',
              input: ({ context }) => ({ driver: driverOf(context), limit: limits.doubt }),
              onDone: 'reachable',
              onError: 'reopening',
            },
          ],
          after: { doubtLimit: 'reopening' },
          on: { 'line.lost': { target: 'away', actions: 'countFailure' } },
        },
        away: {
          description: 'The socket is lost; nobody may be asked to register, but a hang-up has to reach the customer.',
          after: { backOff: 'reopening' },
          on: { 'line.networkChanged': 'reopening', 'line.woke': 'reopening', 'line.becameVisible': 'reopening' },
        },
        reopening: {
          description: 'Opens a socket and leaves it at that.',
          invoke: {
            src: 'connect',
            input: ({ context }) => ({ driver: driverOf(context), proxy: context.proxies[context.proxy] ?? '' }),
            onDone: 'reachable',
            onError: { target: 'away', actions: 'countFailure' },
          },
          after: { connectLimit: { target: 'away', actions: 'countFailure' } },
        },
      },
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
  'choosing' | 'notConfigured' | 'signedOut' | 'connecting' | 'registering' | 'unbound' | 'signingOut',
  LineState
> = {
  choosing: 'SIGNED_OUT',
  notConfigured: 'NOT_CONFIGURED',
  signedOut: 'SIGNED_OUT',
  connecting: 'CONNECTING',
  registering: 'CONNECTING',
  unbound: 'FAULT',
  signingOut: 'SIGNED_OUT',
};

/** From a snapshot's value to the word. */
export function lineState(
  value: keyof typeof words | { registered: unknown } | { waiting: unknown } | { refused: unknown },
): LineState {
  if (typeof value !== 'object') return words[value];
  if ('refused' in value) return 'REFUSED';
  return 'registered' in value ? 'REGISTERED' : 'FAULT';
}
