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

/** `say` sends at once (a call began, a break ended); the function of `start` stops it. */
export function createPresence({ client, read, heartbeatSeconds, wait }: PresenceParts) {
  const sleeper = createSleeper(wait);
  const run = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      sleeper.forget();
      const presence = await read();
      // Whether the server can be reached is the connection's to know; the request told it.
      if (presence !== null) await client.presence(presence).catch(() => undefined);
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
