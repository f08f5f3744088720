import { describe, expect, it } from 'vitest';
import type { EntryHeader, Fact } from '#shared/journal/entry.ts';
import { handledCases, handledWith, nextCase, worklist } from '../../../renderer/casework/worklist.ts';
import { demoCase, start } from './bench.ts';

const minute = 60_000;
const at = (minutes: number) => new Date(start + minutes * minute).toISOString();
const caseId = 'DEMO-01-B';
const attempt = '00000000-0000-4000-8000-000000000001';
const disposition = (code?: string): Fact => ({
  kind: 'disposition.recorded',
  caseId,
  body: {
    attempt,
    callResult: { rule: 'proposal.answered', confirmed: code ? 'ANSWERED' : 'NO_ANSWER' },
    ...(code ? { disposition: { code, evidence: {} } } : {}),
    flags: [],
    note: '',
    by: 'AGENT',
  },
});
const retry = (minutes: number): Fact => ({
  kind: 'followUp.requested',
  caseId,
  body: { attempt, followUp: { kind: 'RETRY', due: at(minutes), rule: 'retry.noAnswer' } },
});
const appointment = (minutes: number): Fact => ({
  kind: 'appointment.made',
  caseId,
  body: { attempt, appointment: { at: at(minutes), exact: true, askedBy: 'RESPONDENT' } },
});
const entry = (seq: number, fact: Fact) => ({
  header: { seq, hash: String(seq).padStart(64, '0') } as EntryHeader, // as: all that is read of it
  fact,
});
const takenBack = (seq: number): Fact => ({
  kind: 'amended',
  caseId,
  body: { seq, hash: String(seq).padStart(64, '0'), what: 'TAKEN_BACK', reason: '' },
});
const cases = [demoCase('DEMO-01-B'), demoCase('DEMO-07'), demoCase('DEMO-08')];

describe('what the journal says was handled', () => {
  it('a final result takes the case out; one that is called again leaves it open', () => {
    expect(handledCases([entry(1, disposition('VERIFIED'))]).get(caseId)?.finished).toBe(true);
    expect(handledCases([entry(1, disposition('BREAK_OFF'))]).get(caseId)?.finished).toBe(false);
    expect(handledCases([entry(1, disposition('SOMETHING_NEW'))]).get(caseId)?.finished).toBe(false);
    expect(handledCases([entry(1, disposition())]).get(caseId)?.finished).toBe(false);
  });

  it('a result taken back counts for nothing, with all that was recorded beside it; its successor counts', () => {
    const undone = [entry(1, disposition()), entry(2, retry(90)), entry(3, takenBack(1))];
    expect(handledCases(undone).get(caseId)).toBeUndefined();
    const again = [...undone, entry(4, disposition('CALLBACK_AGREED')), entry(5, appointment(120))];
    expect(handledCases(again).get(caseId)).toEqual({
      finished: false,
      notBefore: start + 120 * minute,
      appointment: { at: at(120), exact: true },
    });
  });

  it('a later attempt replaces what an earlier one asked for', () => {
    const handled = handledCases([entry(1, disposition()), entry(2, retry(90)), entry(3, disposition('VERIFIED'))]);
    expect(handled.get(caseId)).toEqual({ finished: true, notBefore: null, appointment: null });
  });

  it('a final result finishes the case whatever a later attempt came to, as the server counts; taken back it does not', () => {
    const missed = [entry(1, disposition('VERIFIED')), entry(2, disposition())];
    expect(handledCases(missed).get(caseId)?.finished).toBe(true);
    expect(handledCases([...missed, entry(3, takenBack(1))]).get(caseId)?.finished).toBe(false);
  });

  it('facts without a case or about something else change nothing', () => {
    const before = handledWith(new Map(), [disposition()]);
    expect(handledWith(before, [{ kind: 'break.ended', body: {} }])).toEqual(before);
  });
});

describe('the next case', () => {
  it('is the most urgent that may be worked now, and not the one just worked', () => {
    expect(nextCase(cases, new Map(), start, null)?.id).toBe('DEMO-01-B');
    expect(nextCase(cases, new Map(), start, 'DEMO-01-B')?.id).toBe('DEMO-07');
    expect(nextCase([], new Map(), start, null)).toBeNull();
    expect(nextCase([demoCase('DEMO-07')], new Map(), start, 'DEMO-07')).toBeNull();
  });

  it('waits for a retry, and comes back when its time is there', () => {
    const handled = handledWith(new Map(), [disposition(), retry(90)]);
    expect(worklist(cases, handled, start).find((item) => item.case.id === caseId)?.group).toBe('WAITING');
    expect(nextCase(cases, handled, start, null)?.id).toBe('DEMO-07');
    expect(nextCase(cases, handled, start + 90 * minute, null)?.id).toBe(caseId);
  });

  it('is never a finished one', () => {
    const handled = handledWith(new Map(), [disposition('VERIFIED')]);
    expect(worklist(cases, handled, start).map((item) => item.case.id)).toEqual(['DEMO-07', 'DEMO-08']);
  });

  it('is an appointment first when its time is near, once: after the call at that time the retry decides', () => {
    const agreed = { at: at(10), exact: true, askedBy: 'RESPONDENT' } as const;
    const due = demoCase('DEMO-08', { appointment: agreed });
    expect(nextCase([...cases.slice(0, 2), due], new Map(), start, null)?.id).toBe('DEMO-08');
    const called = demoCase('DEMO-08', {
      appointment: agreed,
      attempts: [
        { attempt, at: at(10), contact: 'mobile', direction: 'out', callResult: 'NO_ANSWER', talkedSeconds: 0 },
      ],
    });
    const handled = new Map([['DEMO-08', { finished: false, notBefore: start + 200 * minute, appointment: null }]]);
    const list = worklist([...cases.slice(0, 2), called], handled, start + 11 * minute);
    expect(list.map((item) => item.case.id)).toEqual(['DEMO-01-B', 'DEMO-07', 'DEMO-08']);
    expect(list.at(-1)).toMatchObject({ group: 'WAITING', case: { appointment: agreed } });
  });
});
