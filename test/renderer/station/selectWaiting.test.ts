import { describe, expect, it } from 'vitest';
import type { Case, PastAttempt } from '#shared/case/case.ts';
import type { MissedCall } from '../../../renderer/casework/missedCalls.ts';
import type { Handled } from '../../../renderer/casework/worklist.ts';
import type { Station } from '../../../renderer/station/openStation.ts';
import { nothingWaits, readWaiting, selectWaiting } from '../../../renderer/station/selectWaiting.ts';
import { demoCase, start } from '../casework/bench.ts';

const hour = 3_600_000;
const handledBy = (changes: Partial<Handled>): Handled => ({
  finished: false,
  notBefore: null,
  appointment: null,
  ...changes,
});
const agreed = (id: string, at: number, changes: Partial<Case> = {}): Case =>
  demoCase(id, {
    appointment: { at: new Date(at).toISOString(), exact: true, askedBy: 'RESPONDENT' },
    ...changes,
  });
const rang = (caseId: string | null, number: string, due: number): MissedCall => ({
  attempts: ['00000000-0000-4000-8000-000000000001'],
  caseId,
  contact: null,
  number,
  at: due - 600_000,
  due,
});
const inZh = (due: { nearest: { at: number; who: { zh: string } }[] }) =>
  due.nearest.map(({ at, who }) => [(at - start) / hour, who.zh]);

describe('what waits at sign-in', () => {
  it('is nothing where nothing is due', () => {
    expect(selectWaiting([demoCase('DEMO-01-B', { appointment: undefined })], new Map(), [], start)).toEqual(
      nothingWaits,
    );
  });

  it('appointments until midnight and overdue ones are counted, the nearest three named and masked', () => {
    // 10:05 in China: the day ends in 13 h 55 min.
    const cases = [
      agreed('DEMO-01-B', start + 2 * hour),
      agreed('DEMO-02-B', start - 20 * hour),
      agreed('DEMO-03-B', start + 13 * hour),
      agreed('DEMO-07', start + 13.9 * hour),
      agreed('DEMO-04', start + 14 * hour),
    ];
    const { appointments, promised } = selectWaiting(cases, new Map(), [], start);
    expect(appointments.count).toBe(4);
    expect(appointments.nearest.map(({ at }) => (at - start) / hour)).toEqual([-20, 2, 13]);
    expect(appointments.nearest[1]?.who.zh).toMatch(/^甄\*/);
    expect(JSON.stringify(appointments)).not.toContain(demoCase('DEMO-01-B').respondent.name);
    expect(promised.count).toBe(0);
  });

  it('an appointment that was kept and a case that is finished wait no more', () => {
    const kept: PastAttempt = {
      attempt: '00000000-0000-4000-8000-000000000002',
      at: new Date(start - hour).toISOString(),
      contact: 'mobile',
      direction: 'out',
      callResult: 'NO_ANSWER',
      talkedSeconds: 0,
    };
    const cases = [agreed('DEMO-01-B', start - hour, { attempts: [kept] }), agreed('DEMO-07', start + hour)];
    const handled = new Map([['DEMO-07', handledBy({ finished: true, notBefore: start })]]);
    expect(selectWaiting(cases, handled, [], start)).toEqual(nothingWaits);
  });

  it('promised are calls to be made again and missed ones, each person once, unknown ones by their masked number', () => {
    const cases = ['DEMO-01-B', 'DEMO-07', 'DEMO-04'].map((id) => demoCase(id, { appointment: undefined }));
    const handled = new Map([
      ['DEMO-01-B', handledBy({ notBefore: start + 3 * hour })],
      ['DEMO-07', handledBy({ notBefore: start + 2 * hour })],
      ['DEMO-04', handledBy({ notBefore: start + 24 * hour })],
    ]);
    const missed = [
      rang('DEMO-07', '15400000007', start - hour),
      rang(null, '15412340023', start),
      rang(null, '', start + hour),
    ];
    const { appointments, promised } = selectWaiting(cases, handled, missed, start);
    expect([appointments.count, promised.count]).toEqual([0, 4]);
    expect(inZh(promised)).toEqual([
      [-1, expect.stringMatching(/\*/)],
      [0, expect.stringMatching(/^154\*+0023$/)],
      [1, '未显示号码'],
    ]);
    expect(JSON.stringify(promised)).not.toContain('15412340023');
  });

  it('a case whose lease is over waits for somebody else', async () => {
    const cached = ['DEMO-01-B', 'DEMO-07'].map((id, n) => ({
      case: agreed(id, start + hour),
      epoch: 1,
      until: new Date(start + (n === 0 ? hour : -hour)).toISOString(),
    }));
    const station = {
      leases: { cases: () => cached, casesWithJournal: async () => cached },
      journal: { entriesOfCases: async () => new Map(), entriesFrom: async () => [] },
    } as unknown as Station; // as: all that is read of it
    const { appointments } = await readWaiting(station, { now: () => start, wallNow: () => start });
    expect([appointments.count, inZh(appointments)]).toEqual([1, [[1, expect.stringMatching(/^甄/)]]]);
  });
});
