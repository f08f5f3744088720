/**
 * What the line machine invokes: one act of the driver each. An act that is left before its end gives the socket up, so that no half-open
 * connection survives the state that wanted it.
 */
import { fromCallback, fromPromise } from 'xstate';
import type { LineDriver } from '../phone/phone.ts';

/** Limits of one act, ms. */
export const limits = { connect: 4_000, register: 4_000, ping: 5_000, check: 2_000 } as const;

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

/** The shorter limit when there is reason to doubt the socket: after sleep, after a change of network. */
export const pingActor = fromPromise<void, { driver: LineDriver; limit: number }>(({ input }) =>
  input.driver.ping(input.limit),
);

export const signOutActor = fromPromise<void, { driver: LineDriver }>(async ({ input }) => {
  await input.driver.unregister().catch(() => undefined); // best effort: the binding also runs out by itself
  input.driver.disconnect();
});

/** Tells the machine when the socket closes by itself. */
export const watchSocketActor = fromCallback<{ type: 'line.lost' }, { driver: LineDriver }>(({ input, sendBack }) =>
  input.driver.onClosed(() => sendBack({ type: 'line.lost' })),
);
