import { describe, expect, it } from 'vitest';
import type { EntryHeader, Fact } from '#shared/journal/entry.ts';
import { caseWithHistory, historyOf } from '../../../renderer/journal/caseHistory.ts';
import type { Entry } from '../../../renderer/journal/reading.ts';
import { caseOf, ended, recorded, started } from './support.ts';

const attempt = '00000000-0000-4000-8000-000000000001';
const later = '00000000-0000-4000-8000-000000000002';
const status = (of: string, to: 'INVALID' | 'UNCONFIRMED' | 'DO_NOT_CALL'): Fact => ({
  kind: 'contact.changed',
  caseId: 'HF-1',
  body: { attempt: of, contact: 'mobile', status: to },
});
const appointment = (of: string, hour: number): Fact => ({
  kind: 'appointment.made',
  caseId: 'HF-1',
  body: { attempt: of, appointment: { at: `2026-03-02T${hour}:00:00+08:00`, exact: true, askedBy: 'RESPONDENT' } },
});
const takenBack = (seq: number): Fact => ({
  kind: 'amended',
  caseId: 'HF-1',
  body: { seq, hash: String(seq).padStart(64, '0'), what: 'TAKEN_BACK', reason: 'within five seconds' },
});
/** As one station recorded them, numbered from 1. */
const entriesOf = (...facts: Fact[]): Entry[] =>
  facts.map((fact, n) => ({
    order: n + 1,
    // as: all that is read of it
    header: { journal: 'here', seq: n + 1, at: '2026-03-02T02:00:00.000Z' } as EntryHeader,
    fact,
    state: { type: 'waiting' },
  }));
const shown = (...facts: Fact[]) => caseWithHistory(caseOf('HF-1'), historyOf(entriesOf(...facts), 0));

describe('a result taken back', () => {
  it('takes the changed contact and the appointment recorded with it along', () => {
    const one = shown(
      started(attempt),
      ended(attempt),
      recorded(attempt),
      status(attempt, 'DO_NOT_CALL'),
      appointment(attempt, 15),
      takenBack(3),
    );
    expect([one.contacts[0]?.status, one.appointment, one.attempts]).toEqual(['UNCONFIRMED', undefined, []]);
  });

  it('leaves standing what its successor and other attempts say', () => {
    const one = shown(
      started(attempt),
      ended(attempt),
      recorded(attempt),
      status(attempt, 'DO_NOT_CALL'),
      appointment(later, 14),
      takenBack(3),
      recorded(attempt),
      status(attempt, 'INVALID'),
    );
    expect(one.contacts[0]?.status).toBe('INVALID');
    expect(one.appointment?.at).toBe('2026-03-02T14:00:00+08:00');
    expect(one.attempts).toHaveLength(1);
  });
});
