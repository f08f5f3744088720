import { describe, expect, it } from 'vitest';
import { findAll, questionOf } from '../../../renderer/station/finder.ts';
import type { Shift } from '../../../renderer/station/shift.ts';
import { initialState } from '../../../renderer/station/state.ts';
import { type Bench, bench, demoCase, start } from '../casework/bench.ts';

/** A station whose agent works on this bench. */
const stationOf = ({ actor }: Bench) => ({
  ...initialState(start),
  person: { account: 'A017', name: '坐席', role: 'agent', team: 'T1' } as never, // as: only account and role are read
  shift: { casework: actor } as unknown as Shift, // as: all that finding needs
});
const ids = (b: Bench, query = '') => findAll(stationOf(b), query, 'zh').map(({ id }) => id);
const confirmed = async (b: Bench) => {
  await b.answer('borrower.opening', { 'contact.person': { as: 'himself' } });
  await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
  await b.answer('borrower.time', { 'contact.convenient': { as: 'yes' } });
  await b.answer('borrower.idLast4', { 'person.idLast4': { text: '001X' } });
  await b.answer('borrower.home', { 'person.home': { text: '星港市虚构区演示路1号' } });
};

describe('Ctrl+K', () => {
  it('finds the sentence to answer a customer with, by any of its words, its placeholders filled', async () => {
    const b = bench();
    const [found] = findAll(stationOf(b), '诈骗', 'zh');
    expect(found).toMatchObject({ id: 'question:genuine', label: { zh: '怎么证明是银行？是不是诈骗？' } });
    expect(found?.hint?.zh).toContain('报回访编号DEMO-01-B核实');
    expect(questionOf(stationOf(b), 'question:who')?.answer.zh).toContain('工号是A017');
    expect(ids(b, '签出')).toEqual(['signOut']);
    expect(ids(b, 'DEMO-01-B')).toEqual(['case:DEMO-01-B']);
  });

  it('in a call all that may be answered stands there at once, before the commands; else only what was looked for', async () => {
    const b = bench();
    expect(ids(b).filter((id) => id.startsWith('question:'))).toEqual([]);
    await b.talk();
    expect(ids(b)[0]).toBe('question:who');
    expect(ids(b)).toContain('signOut');
  });

  it('answers nothing that names the loan before the identity is confirmed, or once somebody else listens', async () => {
    const b = bench();
    await b.talk();
    expect(ids(b, '合同')).not.toContain('question:contract');
    expect(questionOf(stationOf(b), 'question:contract')).toBeUndefined();
    await confirmed(b);
    expect(ids(b, '合同')).toContain('question:contract');
    await b.send({ type: 'exit.chosen', step: 'borrower.purpose', exit: 'thirdParty' });
    expect(ids(b)).not.toContain('question:contract');
  });

  it('at an employer answers what a third party may hear, and no more', async () => {
    const b = bench([demoCase('DEMO-01-E')]);
    await b.talk();
    await b.send({ type: 'step.committed', step: 'employer.opening' });
    await b.answer('employer.name', {
      'employer.name': { text: '纸鹤航天文具（虚构）有限公司' },
      'respondent.name': { text: '前台' },
    });
    expect(ids(b)).toContain('question:whyEmployer');
    expect(ids(b)).not.toContain('question:employerTold');
    expect(ids(b)).not.toContain('question:contract');
  });
});
