/**
 * The state in which calls can come and go. Four regions watch over it, each one thing:
 *
 *   binding   renewed at 80 % of what was granted, asked for again while it lasts
 *   proof     is the socket alive, and does the registrar really hold our binding?   every 6 s, and at once when there is reason to doubt;
 *             where it does not tell, the binding is made again
 *   clock     did the computer sleep, did the clock jump, has the binding run out?   every 2 s; `after` timers alone prove nothing
 *   place     on a lesser proxy: now and then back to a better one, when no call is running
 *
 * A region leaves the whole state only through `waiting` (the socket is gone), `connecting` (it is not worth asking), `registering` (only the
 * binding is gone), `unbound` (… and the registrar says no in mid-call) or `refused`.
 */
import { type Looked, limits } from './lineActors.ts';
import { askedSeconds, driverOf, lineSetup } from './lineSetup.ts';

type LookDone = { output: Looked };
type LookFailed = { error: unknown };

const binding = lineSetup.createStateConfig({
  initial: 'fresh',
  states: {
    fresh: {
      description: 'Bound; renewed at 80 % of what was granted.',
      after: { renewalDue: 'renewing' },
      on: {
        'line.renew': 'renewing',
        'line.credentialsRenewed': { target: 'renewing', actions: 'keepCredentialsEnd' },
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
            actions: { type: 'explainRefusal', params: ({ event }) => ({ error: event.error }) },
          },
          { target: 'doubtful', actions: { type: 'explain', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
      after: { registerLimit: 'doubtful' },
      on: { 'line.credentialsRenewed': { target: 'renewing', reenter: true, actions: 'keepCredentialsEnd' } },
    },
    doubtful: {
      description: 'A renewal failed; the binding still lasts, and is asked for again in 2 s.',
      after: { renewalRetry: 'renewing' },
      on: {
        'line.renew': 'renewing',
        'line.tryNow': 'renewing',
        'line.woke': 'renewing',
        'line.networkChanged': 'renewing',
        'line.credentialsRenewed': { target: 'renewing', actions: 'keepCredentialsEnd' },
      },
    },
  },
});

/** What follows from a look at socket and binding; the same for both kinds of look. */
const found = [
  {
    guard: { type: 'isBound', params: ({ event }: { event: LookDone }) => event.output },
    target: 'quiet',
    actions: {
      type: 'confirmed',
      params: ({ event }: { event: LookDone }) => ({ seconds: event.output.seconds }),
    },
  },
  {
    guard: { type: 'isTaken', params: ({ event }: { event: LookDone }) => event.output },
    target: '#line.waiting',
    actions: 'taken',
  },
  {
    guard: { type: 'isOthers', params: ({ event }: { event: LookDone }) => event.output },
    target: '#line.registering',
    actions: 'takenOnce',
  },
  {
    // From now on REGISTER is the question; the first one at once, for until it is answered nothing is known.
    guard: { type: 'neverListed', params: ({ event }: { event: LookDone }) => event.output },
    target: 'looking',
    reenter: true,
    actions: 'cannotVerify',
  },
  {
    guard: { type: 'isUnbound', params: ({ event }: { event: LookDone }) => event.output },
    target: '#line.registering',
    actions: 'bindingGone',
  },
  {
    // What is left is RENEWED.
    target: 'quiet',
    actions: {
      type: 'bound',
      params: ({ event }: { event: LookDone }) => ({
        grantedSeconds: event.output.grantedSeconds ?? askedSeconds,
        ...(event.output.listed !== undefined && { listed: event.output.listed }),
      }),
    },
  },
] as const;
/** The socket is dead, or the binding could be neither seen nor made again: then nobody may believe in it any longer. */
const notFound = [
  {
    guard: { type: 'refusedCredentials', params: ({ event }: { event: LookFailed }) => ({ error: event.error }) },
    target: '#line.refused',
    actions: { type: 'explainRefusal', params: ({ event }: { event: LookFailed }) => ({ error: event.error }) },
  },
  {
    guard: { type: 'keepsSocket', params: ({ event }: { event: LookFailed }) => ({ error: event.error }) },
    target: '#line.unbound',
    actions: { type: 'keptSocket', params: ({ event }: { event: LookFailed }) => ({ error: event.error }) },
  },
  {
    guard: { type: 'notRegistered', params: ({ event }: { event: LookFailed }) => ({ error: event.error }) },
    target: '#line.waiting',
    actions: { type: 'failed', params: ({ event }: { event: LookFailed }) => ({ error: event.error }) },
  },
  { target: '#line.waiting', actions: 'lost' },
] as const;

const proof = lineSetup.createStateConfig({
  initial: 'quiet',
  on: {
    'line.woke': [{ guard: 'sleptLong', target: '#line.connecting', actions: 'lost' }, '.checking'],
    'line.networkChanged': '.checking',
    'line.wentOffline': '.checking',
    'line.becameVisible': '.checking',
    'line.doubted': '.checking',
  },
  states: {
    quiet: {
      description: 'Socket and binding were there lately.',
      after: { lookEvery: 'looking' },
    },
    looking: {
      description:
        'Asks the registrar for our binding, or makes it again: a half-open socket tells nobody that it is dead, OPTIONS cannot see a lost binding.',
      invoke: {
        src: 'look',
        input: ({ context }) => ({
          driver: driverOf(context),
          verifiable: context.verifiable !== 'NO',
          seconds: askedSeconds,
          limit: limits.look,
        }),
        onDone: found,
        onError: notFound,
      },
      after: { lookLimit: { target: '#line.waiting', actions: 'lost' } },
    },
    checking: {
      description: 'After sleep or a change of network: the same question, with little patience.',
      invoke: {
        src: 'look',
        input: ({ context }) => ({
          driver: driverOf(context),
          verifiable: context.verifiable !== 'NO',
          seconds: askedSeconds,
          limit: limits.doubt,
        }),
        onDone: found,
        onError: notFound,
      },
      after: { doubtLimit: { target: '#line.waiting', actions: 'lost' } },
    },
  },
});

const clock = lineSetup.createStateConfig({
  initial: 'ticking',
  states: {
    ticking: {
      description: 'Compares clocks: notices sleep, a jump and the end of the binding, should nobody tell.',
      entry: 'tick',
      after: {
        tickEvery: [
          // After so long a sleep the socket is dead or worth little: a new one takes a tenth of a second, the question up to 1.5 s.
          { guard: 'sleptLong', target: '#line.connecting', actions: 'lost' },
          { guard: 'ranOut', target: '#line.waiting', actions: 'lost' },
          // The end of the binding was reckoned by the clock that jumped: so it is asked for again, too.
          { guard: 'jumped', target: 'ticking', reenter: true, actions: ['doubt', 'renew'] },
          { target: 'ticking', reenter: true },
        ],
      },
    },
  },
});

const place = lineSetup.createStateConfig({
  initial: 'deciding',
  states: {
    deciding: {
      description: 'Passed through at once: is this the preferred proxy?',
      always: [{ guard: 'atPreferred', target: 'preferred' }, { target: 'lesser' }],
    },
    preferred: {
      description: 'On the preferred proxy; after 5 min there, earlier trouble with it is forgotten.',
      after: { settled: { actions: 'forgetReturns' } },
    },
    lesser: {
      description: 'On a lesser proxy; a better one is tried after half a minute, later less often.',
      after: { returnDelay: [{ guard: 'inCall', target: 'afterCall' }, { target: 'moving' }] },
    },
    afterCall: {
      description: 'It is time to go back, but a call is running: it keeps its proxy.',
      after: { callOver: [{ guard: 'inCall', target: 'afterCall', reenter: true }, { target: 'moving' }] },
    },
    moving: {
      description: 'Registers with a better proxy over a second socket; the first one is kept until that is done.',
      entry: 'countReturn',
      invoke: {
        src: 'move',
        input: ({ context }) => ({
          driver: driverOf(context),
          better: context.proxies.slice(0, context.proxy),
          seconds: askedSeconds,
        }),
        onDone: { target: 'deciding', actions: { type: 'moved', params: ({ event }) => event.output } },
        onError: [
          {
            guard: { type: 'unreachable', params: ({ event }) => ({ error: event.error }) },
            target: 'lesser',
          },
          // The binding may lie with the better proxy now, whose socket was given up: it is fetched back.
          { target: 'lesser', actions: 'renew' },
        ],
      },
    },
  },
});

export const registered = lineSetup.createStateConfig({
  description: 'The registrar holds our binding: calls can come and go.',
  type: 'parallel',
  entry: 'enter',
  invoke: {
    src: 'watchSocket',
    input: ({ context }) => ({ driver: driverOf(context) }),
    onError: { target: '#line.waiting', actions: { type: 'explain', params: ({ event }) => ({ error: event.error }) } },
  },
  on: {
    'line.signOut': '#line.signingOut',
    'line.lost': { target: '#line.waiting', actions: 'lost' },
  },
  states: { binding, proof, clock, place },
});
