import type { PowerSaveBlocker } from 'electron';

export type Awake = { keep(awake: boolean): void };

/** Keeps screen and machine awake while asked to: nobody touches a key in a long call, and a machine that sleeps drops it. */
export function createAwake(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>): Awake {
  let held: number | undefined;
  return {
    keep(awake) {
      if (awake) held ??= blocker.start('prevent-display-sleep');
      else if (held !== undefined) {
        blocker.stop(held);
        held = undefined;
      }
    },
  };
}
