import { describe, expect, it } from 'vitest';
import { caseSchema } from '#shared/case/case.ts';
import { preNoticeLines } from '#shared/case/noticeLines.ts';
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

it('an attempt that went on in the call of another says so, for the caps', () => {
  const own = started(attempt, 'HF-1');
  const next = { ...own, body: { ...own.body, continues: later } } as typeof own; // as: kind and body belong together
  const pastOf = (fact: Fact) => shown(fact, ended(attempt, 'HF-1'), recorded(attempt, 'HF-1')).attempts.at(-1);
  expect(pastOf(next)).toMatchObject({ attempt, continued: true });
  expect(pastOf(own)?.continued).toBeUndefined();
});

describe('a number named in a call', () => {
  const told = (number: string): Fact => ({
    kind: 'contact.changed',
    caseId: 'HF-1',
    body: { attempt, contact: 'told-1', number: { number, source: 'BORROWER', role: 'EMPLOYER', owner: '某公司' } },
  });

  it('is a contact of its own, confirmed by nobody, and the number on record stays', () => {
    const before = caseOf('HF-1').contacts;
    const { contacts } = shown(told('02600000023'));
    expect(contacts.slice(0, -1)).toEqual(before);
    expect(contacts.at(-1)).toEqual({
      id: 'told-1',
      label: '通话中提供',
      number: '02600000023',
      role: 'EMPLOYER',
      owner: '某公司',
      status: 'UNCONFIRMED',
      sources: [{ source: 'BORROWER', number: '02600000023', at: '2026-03-02T02:00:00.000Z' }],
    });
    expect(shown(recorded(attempt), told('02600000023'), takenBack(1)).contacts).toEqual(before);
  });

  it('is well called when somebody said so, a known number too', () => {
    const named = told('02600000023');
    const slot = { part: 'MORNING' as const };
    const mobile: Fact = {
      kind: 'contact.changed',
      caseId: 'HF-1',
      body: { attempt, contact: 'mobile', slot: { words: '晚上七点以后' } },
    };
    const { contacts } = shown(
      { ...named, body: { ...named.body, slot } } as Fact,
      mobile,
      status(attempt, 'UNCONFIRMED'),
    ); // as: the kind of body is the same
    expect(contacts.map((contact) => contact.slot)).toEqual([{ words: '晚上七点以后' }, slot]);
    expect(contacts[0]?.status).toBe('UNCONFIRMED');
  });

  it('makes no case that cannot be read: at most twenty contacts', () => {
    const numbers = Array.from({ length: 25 }, (_, n) => told(`026000000${String(n).padStart(2, '0')}`));
    const facts = numbers.map((fact, n): Fact => ({ ...fact, body: { ...fact.body, contact: `told-${n}` } }) as Fact); // as: the kind of body is the same
    expect(caseSchema.parse(shown(...facts)).contacts).toHaveLength(20);
  });
});

describe('an SMS notice before the first call', () => {
  const asked: Fact = {
    kind: 'notice.requested',
    caseId: 'HF-1',
    body: { contact: 'mobile', template: 'BEFORE_FIRST_CALL' },
  };
  const lines = (one: { history: readonly { at: string; text: { zh: string } }[] }) =>
    one.history.map(({ at, text }) => `${at} ${text.zh}`);

  it('stands in the history from when it was asked for, once, and the server’s word about it comes first', () => {
    const before = lines(caseOf('HF-1'));
    const one = shown(asked, asked);
    expect(lines(one)).toEqual([...before, '2026-03-02T02:00:00.000Z 已请求短信预告']);
    expect(caseSchema.parse(one)).toEqual(one);
    expect(lines(caseWithHistory(caseOf('HF-1'), historyOf(entriesOf(asked), 1)))).toEqual(before);
    const sent = [{ at: '2026-03-02T02:00:03.000Z', text: preNoticeLines.sent }];
    const leased = { ...caseOf('HF-1'), history: sent };
    expect(caseWithHistory(leased, historyOf(entriesOf(asked), 0)).history).toEqual(sent);
  });
});

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
