/**
 * What the line machine invokes: one act of the driver each. An act that is left before its end gives the socket up, so that no half-open
 * connection survives the state that wanted it.
 */
import { fromCallback, fromPromise } from 'xstate';
import { Problem } from '#shared/problem.ts';
import type { BindingCheck, Granted, LineDriver } from '../phone/phone.ts';

/**
 * Limits of one act, ms. `look`: the regular question; `doubt`: when there is reason to doubt the socket (sleep, change of network). A look waits for
 * the REGISTER of a move: what that may take leaves it time for its own answer, or a better proxy that is silent would cost the good line.
 */
export const limits = { connect: 3_000, register: 4_000, look: 3_000, doubt: 1_500, move: 2_000 } as const;

export const connectActor = fromPromise<void, { driver: LineDriver; proxy: string }>(async ({ input, signal }) => {
  let settled = false;
  signal.addEventListener('abort', () => {
    if (!settled) input.driver.disconnect();
  });
  try {
    await input.driver.connect(input.proxy, limits.connect);
  } finally {
    settled = true;
  }
});

export const registerActor = fromPromise<Granted, { driver: LineDriver; seconds: number }>(({ input }) =>
  input.driver.register(input.seconds, limits.register),
);

/** RENEWED: nobody could tell, so it was made again, for `grantedSeconds`. */
export type Looked = Omit<BindingCheck, 'held'> & Partial<Granted> & { held: BindingCheck['held'] | 'RENEWED' };
export type LookInput = { driver: LineDriver; verifiable: boolean; seconds: number; limit: number };

/**
 * Asks the registrar for our binding. Where it does not tell (`verifiable` false, or the question is refused) the binding is made again, for
 * nothing else proves that it is held; rejects as `register` then. `limit` is of each request; who invokes it sets that of both.
 */
export const lookActor = fromPromise<Looked, LookInput>(async ({ input, signal }) => {
  const { driver, limit } = input;
  if (input.verifiable) {
    const checked = await driver.check(limit).catch((error: unknown) => {
      // What a refused account means for the binding, REGISTER itself finds out.
      if (error instanceof Problem && error.code === 'LINE_CREDENTIALS') return { held: 'UNKNOWN' as const };
      throw error;
    });
    if (checked.held !== 'UNKNOWN') return checked;
    signal.throwIfAborted();
  }
  return { held: 'RENEWED', ...(await driver.register(input.seconds, limit)) };
});

/** Any answer at all proves that the socket lives. */
export const pingActor = fromPromise<void, { driver: LineDriver; limit: number }>(({ input }) =>
  input.driver.ping(input.limit),
);

export type Moved = { proxy: number; grantedSeconds: number };

/** Goes over to the first of the `better` proxies that takes us; rejects with the last one's reason. */
export const moveActor = fromPromise<Moved, { driver: LineDriver; better: readonly string[]; seconds: number }>(
  async ({ input, signal }) => {
    let reason: unknown;
    for (const [proxy, url] of input.better.entries()) {
      if (signal.aborted) break;
      try {
        const { grantedSeconds } = await input.driver.move(url, input.seconds, limits.move);
        return { proxy, grantedSeconds };
      } catch (error) {
        reason = error;
      }
    }
    throw reason;
  },
);

export const signOutActor = fromPromise<void, { driver: LineDriver }>(async ({ input }) => {
  await input.driver.unregister().catch(() => undefined); // best effort: the binding also runs out by itself
  input.driver.disconnect();
});

/** Tells the machine when the socket closes by itself. */
export const watchSocketActor = fromCallback<{ type: 'line.lost' }, { driver: LineDriver }>(({ input, sendBack }) =>
  input.driver.onClosed(() => sendBack({ type: 'line.lost' })),
);
