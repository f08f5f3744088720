/**
 * One clock for all calls. Each source is asked for one packet of 20 ms per slot; slots are fixed points of the
 * monotonic clock, so that being late never adds up. setInterval(20) drifts to 48 packets a second and fills a
 * listener's buffer with 400 ms; a timer per call costs more and is no better.
 *
 * After a stall of more than 200 ms the missed slots are skipped, not sent in a burst.
 */
export type Source = (slot: number) => void;
export type Pacer = { add: (source: Source) => () => void };

const SLOT_MS = 20;
const MOST_SLOTS_AT_ONCE = 10;

/** The timer runs only while there are sources, so that an idle exchange leaves none behind. */
export function createPacer(): Pacer {
  const sources = new Set<Source>();
  let timer: NodeJS.Timeout | undefined;
  let due = 0;
  let slot = 0;

  const arm = (): void => {
    timer = setTimeout(tick, Math.max(1, Math.ceil(due - performance.now())));
  };
  const tick = (): void => {
    const now = performance.now();
    if (now - due > MOST_SLOTS_AT_ONCE * SLOT_MS) {
      const missed = Math.floor((now - due) / SLOT_MS);
      due += missed * SLOT_MS;
      slot += missed;
    }
    while (due <= now) {
      slot += 1;
      due += SLOT_MS;
      for (const source of [...sources]) source(slot);
    }
    if (sources.size > 0) arm();
    else timer = undefined;
  };

  return {
    add: (source) => {
      sources.add(source);
      if (timer === undefined) {
        due = Math.ceil(performance.now() / SLOT_MS) * SLOT_MS;
        arm();
      }
      return () => {
        sources.delete(source);
        if (sources.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
  };
}
