import { expect, it } from 'vitest';
import type { EntryBody, Fact } from '#shared/journal/entry.ts';
import type { Journal } from '../../../renderer/journal/journal.ts';
import { callKinds, countCalls } from '../../../renderer/station/callsToday.ts';
import { by, ended, handClock, recorded, skipped, started, station } from '../journal/support.ts';

const recent = (journal: Journal, now: number) => journal.entriesFrom(now - 24 * 3_600_000, new Set(callKinds));
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

it('the calls of today are counted once each, over a restart, whatever became of their cases', async () => {
  const clock = handClock('2026-03-01T15:30:00.000Z'); // 23:30 in China
  const { journal } = await station(undefined, clock);
  const now = clock.now;
  await journal.append([started(idOf(1)), ended(idOf(1)), recorded(idOf(1))], by);
  clock.advance(3_600_000); // half past midnight
  await journal.append([started(idOf(2), 'HF-1'), ended(idOf(2)), recorded(idOf(2)), skipped(1)], by);
  await journal.append([started(idOf(3), 'HF-2')], { agent: 'agent-2' });
  const incoming = started(idOf(4));
  await journal.append([{ ...incoming, body: { ...incoming.body, direction: 'in' } } as typeof incoming], by); // as: kind and body belong together
  const next = started(idOf(6), 'HF-3');
  await journal.append([{ ...next, body: { ...next.body, continues: idOf(2) } } as typeof next], by); // as above; in the call of the second
  const count = countCalls(await recent(journal, now()), by.agent, now);
  expect(count.today()).toBe(1);
  count.recorded([started(idOf(5), 'HF-9'), ended(idOf(5), 'HF-9')]);
  expect(count.today()).toBe(2);
  clock.advance(24 * 3_600_000);
  expect(count.today()).toBe(0);
});

it('a day of more entries than one page is counted to its beginning', async () => {
  const { journal, clock } = await station();
  await journal.append([started(idOf(1))], by);
  await journal.append(
    Array.from({ length: 700 }, (_, n) => skipped(n)),
    by,
  );
  expect(countCalls(await recent(journal, clock.now()), by.agent, clock.now).today()).toBe(1);
});

it.each<[EntryBody<'attempt.ended'>['ended'], string | undefined, number]>([
  [{ reason: 'NO_MICROPHONE', by: 'STATION' }, undefined, 0],
  [{ reason: 'LINE_LOST', by: 'NETWORK' }, undefined, 0],
  [{ reason: 'FAILED', by: 'STATION' }, undefined, 0],
  [{ reason: 'LINE_LOST', by: 'NETWORK' }, 'call-id-1', 1],
  [{ reason: 'REFUSED', by: 'NETWORK', sipStatus: 486 }, undefined, 1], // told by the agent of a desk phone
  [{ reason: 'INTERRUPTED', by: 'STATION' }, undefined, 1], // it may have rung
])('ended as %o with the Call-ID %s it makes %i calls, now and after a restart', async (end, callId, calls) => {
  const { journal, clock } = await station();
  const whole = ended(idOf(1));
  const { callId: _none, ...body } = whole.body as EntryBody<'attempt.ended'>; // as: kind and body belong together
  const facts: Fact[] = [
    started(idOf(1)),
    { ...whole, kind: 'attempt.ended', body: { ...body, ended: end, ...(callId === undefined ? {} : { callId }) } },
  ];
  const before = countCalls([], by.agent, clock.now);
  before.recorded(facts);
  await journal.append(facts, by);
  const after = countCalls(await recent(journal, clock.now()), by.agent, clock.now);
  expect([before.today(), after.today()]).toEqual([calls, calls]);
});
