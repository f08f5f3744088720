/**
 * What a station knows of the server's time, over a restart: a shift that begins while the bank is away judges calling hours and the end of an
 * offline sign-in by it, not by a machine's clock that is wrong.
 */
import type { Clock, KnownOffset } from '#shared/clock.ts';
import type { StationDatabase } from './database.ts';

/** What moved by less is not written again (ms), unless it was written long ago (ms): an answer comes every few seconds. */
const sameMs = 1_000;
const longAgoMs = 10 * 60_000;

/** `clock` recalls what was kept, and what it learns from now on is kept. What cannot be read or written is no obstacle. */
export async function keepClock(database: StationDatabase, clock: Pick<Clock, 'recall' | 'onLearned'>): Promise<void> {
  const row = await database.state.get('clock').catch(() => undefined);
  let kept: KnownOffset | undefined;
  if (row?.name === 'clock' && Number.isFinite(row.offset) && Number.isFinite(row.learnedAt)) {
    kept = row;
    clock.recall(row);
  }
  clock.onLearned((known) => {
    const isSame = kept !== undefined && Math.abs(known.offset - kept.offset) < sameMs;
    const isFresh = kept !== undefined && Math.abs(known.learnedAt - kept.learnedAt) < longAgoMs;
    if (isSame && isFresh) return;
    kept = known;
    void database.state.put({ name: 'clock', ...known }).catch(() => undefined);
  });
}
