/** The heartbeat: what the board shows of this agent. Lost ones do not matter, the next one says it all. */
import type { Presence } from '#shared/server/api.ts';
import type { BankClient } from './bankClient.ts';
import { createSleeper, type Wait } from './timing.ts';

export type PresenceParts = {
  client: Pick<BankClient, 'presence'>;
  /** What is so now; null while nobody is signed in at the server. */
  read: () => Promise<Presence | null>;
  /** From the station's profile. */
  heartbeatSeconds: number;
  wait: Wait;
};

/**
 * A change is told this much later (ms), with those that follow it: the dial and the entry that a key waits for have the disk and the
 * page for themselves until then, and nobody sees a quarter of a second on a board.
 */
export const settleMs = 250;

/** `say` tells a change soon (a call began, a break ended); the function of `start` stops it. */
export function createPresence({ client, read, heartbeatSeconds, wait }: PresenceParts) {
  const sleeper = createSleeper(wait);
  /** Whether the server can be reached is the connection's to know; what cannot be read now is read at the next beat. */
  const sayOnce = async (): Promise<void> => {
    const presence = await read();
    if (presence !== null) await client.presence(presence);
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      await wait(settleMs, signal);
      if (signal.aborted) return;
      sleeper.forget();
      await sayOnce().catch(() => undefined);
      await sleeper.sleep(heartbeatSeconds * 1_000, signal);
    }
  };
  return {
    start(): () => void {
      const controller = new AbortController();
      void run(controller.signal);
      return () => controller.abort();
    },
    say: (): void => sleeper.wake(),
  };
}
