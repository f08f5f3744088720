/**
 * What the line machine invokes: one act of the driver each. An act that is left before its end gives the socket up, so that no half-open
 * connection survives the state that wanted it.
 */
import { fromCallback, fromPromise } from 'xstate';
import type { BindingCheck, LineDriver } from '../phone/phone.ts';

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

export const registerActor = fromPromise<{ grantedSeconds: number }, { driver: LineDriver; seconds: number }>(
  ({ input }) => input.driver.register(input.seconds, limits.register),
);

/** Asks the registrar for our binding; where it cannot tell (`verifiable` false), any answer to OPTIONS has to do. */
export const lookActor = fromPromise<BindingCheck, { driver: LineDriver; verifiable: boolean; limit: number }>(
  async ({ input }) => {
    if (input.verifiable) return input.driver.check(input.limit);
    await input.driver.ping(input.limit);
    return { held: 'UNKNOWN' };
  },
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
