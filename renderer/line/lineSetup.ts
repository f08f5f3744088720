/** What the states of the line are made of: context, events, actors, actions, guards and times. The states: lineMachine.ts, registered.ts. */
import { assign, raise, setup } from 'xstate';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import type { Granted, LineDriver } from '../phone/phone.ts';
import { backOff, patientRounds, returnDelay } from './backOff.ts';
import {
  connectActor,
  limits,
  lookActor,
  type Moved,
  moveActor,
  pingActor,
  registerActor,
  signOutActor,
  watchSocketActor,
} from './lineActors.ts';
import { lineTexts } from './lineTexts.ts';

/** Seconds asked for; the registrar may grant less. */
export const askedSeconds = 300;
/** ms. The question and its limit (3 s) stay under the 10 s in which a half-open socket and a lost binding are promised to be noticed. */
const lookEvery = 6_000;
const tickEvery = 2_000;
/** A tick that comes this much late means that the computer slept or the clock jumped, ms … */
const jump = 5_000;
/** … and after this much the old socket is not even asked. */
const longSleep = 15_000;
/** A belt around the driver's own limits, whose timers a hidden page slows down, ms. */
const grace = 500;
/** So often in a row somebody else may take the binding before we stop pulling, too. */
const mostMisses = 3;

export type LineInput = {
  /** null: the profile has no line (话机未配置). */
  driver: LineDriver | null;
  /** Outbound proxies in order of preference. */
  proxies: readonly string[];
  /** The time as shown to people and as `credentialsEndAt` counts it, ms since the epoch; may stand still while the computer sleeps. */
  now: () => number;
  /** A clock that does not stand still while the computer sleeps, ms; `now` unless given. Sleep and the end of a binding are judged by it. */
  wall?: () => number;
  /** 0..1, for the jitter. */
  random: () => number;
  /** When the password of the account ends, ms since the epoch; null or left out: it does not. */
  credentialsEndAt?: number | null;
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
  /** The driver was given a new password (`setPassword`); `endAt` as `credentialsEndAt`. */
  | { type: 'line.credentialsRenewed'; endAt: number | null }
  /** The socket closed by itself (from the driver). */
  | { type: 'line.lost' }
  /** Said by one region to the others: look whether socket and binding are there; ask for the binding again. */
  | { type: 'line.doubted' }
  | { type: 'line.renew' };

export type LineContext = {
  driver: LineDriver | null;
  proxies: readonly string[];
  now: () => number;
  wall: () => number;
  random: () => number;
  /** When the present state was entered, ms since the epoch. */
  since: number;
  /** When the proxy was last heard, ms since the epoch; null: not yet. */
  lastHeardAt: number | null;
  /** Why the line is not there, for a person; null while all is well. */
  problem: Text | null;
  /** Failures since the line was last registered. */
  failures: number;
  /** Which of `proxies` the socket goes to, or went to last. */
  proxy: number;
  /** Tries to go back to a better proxy since the best one was last kept for long. */
  returns: number;
  /** When the binding ends by `wall`, ms; null: there is none. */
  expiresAt: number | null;
  grantedSeconds: number;
  /** Whether the registrar lists our binding when asked; what a first look finds out. */
  verifiable: 'UNKNOWN' | 'YES' | 'NO';
  /** Its last answer to a REGISTER named our binding as we had written it: then a list without it is true. */
  listed: boolean;
  /** Looks in a row that did not find our binding. */
  misses: number;
  /** This socket carried a binding once: a call may lie on it. */
  carried: boolean;
  credentialsEndAt: number | null;
  tickedAt: number;
  /** Signed in again while signing out. */
  again: boolean;
};

const code = (error: unknown): string | undefined => (error instanceof Problem ? error.code : undefined);
const sentence = (error: unknown): Text => (error instanceof Problem ? error.sentence : lineTexts.unknown);

/** Only reached where a driver exists: `notConfigured` has no way out. */
export function driverOf(context: LineContext): LineDriver {
  if (!context.driver) throw new Error('a line without a driver');
  return context.driver;
}

const late = (context: LineContext): number => context.wall() - context.tickedAt - tickEvery;

export const lineSetup = setup({
  types: { context: {} as LineContext, input: {} as LineInput, events: {} as LineEvent }, // as: the idiom of XState for types
  actors: {
    connect: connectActor,
    register: registerActor,
    look: lookActor,
    ping: pingActor,
    move: moveActor,
    signOut: signOutActor,
    watchSocket: watchSocketActor,
  },
  actions: {
    enter: assign({ since: ({ context }) => context.now(), tickedAt: ({ context }) => context.wall() }),
    bound: assign({
      failures: 0,
      carried: true,
      listed: (_, params: Granted) => params.listed === true,
      // That somebody else has the account is true until the registrar was seen to keep our binding.
      problem: ({ context }) => (context.problem === lineTexts.taken ? context.problem : null),
      lastHeardAt: ({ context }) => context.now(),
      grantedSeconds: (_, params: Granted) => params.grantedSeconds,
      expiresAt: ({ context }, params: Granted) => context.wall() + params.grantedSeconds * 1000,
    }),
    /** The registrar listed us; it may hold us for less than it granted. */
    confirmed: assign({
      verifiable: 'YES',
      misses: 0,
      problem: null,
      lastHeardAt: ({ context }) => context.now(),
      expiresAt: ({ context }, params: { seconds: number | undefined }) =>
        params.seconds === undefined || context.expiresAt === null
          ? context.expiresAt
          : Math.min(context.expiresAt, context.wall() + params.seconds * 1000),
    }),
    moved: assign({
      proxy: (_, params: Moved) => params.proxy,
      failures: 0,
      problem: null,
      lastHeardAt: ({ context }) => context.now(),
      grantedSeconds: (_, params: Moved) => params.grantedSeconds,
      expiresAt: ({ context }, params: Moved) => context.wall() + params.grantedSeconds * 1000,
    }),
    /** Just registered and yet not listed, twice: this registrar does not list, so the list proves nothing. */
    cannotVerify: assign({ verifiable: 'NO', misses: 0, problem: null, lastHeardAt: ({ context }) => context.now() }),
    bindingGone: assign({ misses: ({ context }) => context.misses + 1, problem: lineTexts.bindingGone }),
    /** The registrar lists somebody else in our place: so it does list, and the account is used twice. */
    takenOnce: assign({ verifiable: 'YES', misses: ({ context }) => context.misses + 1, problem: lineTexts.taken }),
    taken: assign({
      misses: ({ context }) => context.misses + 1,
      failures: ({ context }) => (patientRounds + context.misses - mostMisses) * context.proxies.length,
      problem: lineTexts.taken,
    }),
    failed: assign({
      failures: ({ context }) => context.failures + 1,
      problem: (_, params: { error: unknown }) => sentence(params.error),
    }),
    tookTooLong: assign({ failures: ({ context }) => context.failures + 1, problem: lineTexts.silent }),
    explain: assign({ problem: (_, params: { error: unknown }) => sentence(params.error) }),
    /** A password past its end and a wrong one are refused by the same status: the end tells them apart. */
    explainRefusal: assign({
      problem: ({ context }, params: { error: unknown }) =>
        context.credentialsEndAt !== null && context.now() >= context.credentialsEndAt
          ? lineTexts.expired
          : sentence(params.error),
    }),
    keepCredentialsEnd: assign({
      credentialsEndAt: ({ context, event }) =>
        event.type === 'line.credentialsRenewed' ? event.endAt : context.credentialsEndAt,
    }),
    /** Another proxy may be another registrar: whether it lists is found out anew. */
    chooseProxy: assign({
      proxy: ({ context }) => context.failures % context.proxies.length,
      verifiable: ({ context }) => (context.verifiable === 'NO' ? 'UNKNOWN' : context.verifiable),
    }),
    hangUpSocket: ({ context }) => context.driver?.disconnect(),
    forgetBinding: assign({ expiresAt: null }),
    lost: assign({ failures: 0, problem: lineTexts.lost }),
    keptSocket: assign({
      failures: ({ context }) => Math.max(context.proxies.length, context.failures + 1),
      problem: (_, params: { error: unknown }) => sentence(params.error),
    }),
    newSocket: assign({ carried: false }),
    lostAgain: assign({ failures: ({ context }) => context.failures + 1, problem: lineTexts.lost }),
    countFailure: assign({ failures: ({ context }) => context.failures + 1 }),
    startOver: assign({ failures: 0 }),
    countReturn: assign({ returns: ({ context }) => context.returns + 1 }),
    forgetReturns: assign({ returns: 0 }),
    tick: assign({ tickedAt: ({ context }) => context.wall() }),
    doubt: raise({ type: 'line.doubted' }),
    renew: raise({ type: 'line.renew' }),
  },
  guards: {
    hasLine: ({ context }) => context.driver !== null && context.proxies.length > 0,
    refusedCredentials: (_, params: { error: unknown }) => code(params.error) === 'LINE_CREDENTIALS',
    /** The registrar said no over a socket that lives, and a call lies on it (or no other proxy is left to try): so that one is kept. */
    keepsSocket: ({ context }, params: { error: unknown }) =>
      code(params.error) === 'LINE_NOT_REGISTERED' &&
      context.driver?.inCall() === true &&
      (context.carried || context.failures + 1 >= context.proxies.length),
    notRegistered: (_, params: { error: unknown }) => code(params.error) === 'LINE_NOT_REGISTERED',
    unreachable: (_, params: { error: unknown }) => code(params.error) === 'LINE_UNREACHABLE',
    jumped: ({ context }) => Math.abs(late(context)) > jump,
    sleptLong: ({ context }) => late(context) > longSleep,
    signedInAgain: ({ context }) => context.again,
    ranOut: ({ context }) => context.expiresAt !== null && context.wall() >= context.expiresAt,
    isBound: (_, params: { held: string }) => params.held === 'BOUND',
    isUnbound: (_, params: { held: string }) => params.held === 'NOT_BOUND',
    /** Somebody else is listed, by a registrar that does not rewrite what it lists. */
    isOthers: ({ context }, params: { held: string; others?: boolean }) =>
      params.held === 'NOT_BOUND' && params.others === true && context.listed,
    neverListed: ({ context }, params: { held: string }) =>
      params.held === 'NOT_BOUND' && context.verifiable !== 'YES' && context.misses > 0,
    isTaken: ({ context }, params: { held: string }) => params.held === 'NOT_BOUND' && context.misses >= mostMisses,
    atPreferred: ({ context }) => context.proxy === 0,
    inCall: ({ context }) => context.driver?.inCall() === true,
  },
  delays: {
    backOff: ({ context }) => backOff(context.failures, context.proxies.length, context.random),
    lookEvery,
    rebindEvery: ({ context }) =>
      Math.min(lookEvery, backOff(context.failures, context.proxies.length, context.random)),
    lookLimit: limits.look + grace,
    doubtLimit: limits.doubt + grace,
    connectLimit: limits.connect + grace,
    registerLimit: limits.register + grace,
    renewalRetry: 2_000,
    tickEvery,
    renewalDue: ({ context }) => context.grantedSeconds * 800,
    returnDelay: ({ context }) => returnDelay(context.returns, context.random),
    callOver: 5_000,
    settled: 300_000,
  },
});
