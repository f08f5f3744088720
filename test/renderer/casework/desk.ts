/** An employer's desk that answered about one employee while others of theirs are held: for what goes on in the same call. */
import type { Case } from '#shared/case/case.ts';
import { type Bench, bench, demoCase } from './bench.ts';

export const first = demoCase('DEMO-01-E');
/** A colleague of the first one: the same desk, another person's case. */
export const colleague = (id: string, changes: Partial<Case> = {}) =>
  demoCase('DEMO-01-E', {
    id,
    person: `person-of-${id}`,
    borrower: { name: '全虚构', title: 'MR' },
    linkedCases: [],
    ...changes,
  });
export const second = colleague('DEMO-21-E');
export const third = colleague('DEMO-22-E');

/** The firm is the one on file; who answers there, and whether they can say anything of its people. */
export async function isThere(b: Bench, role: 'hr' | 'switchboard', competent: 'yes' | 'no') {
  await b.answer('employer.opening');
  await b.answer('employer.name', {
    'employer.name': { text: '纸鹤航天文具有限公司' },
    'respondent.name': { text: '余虚构' },
  });
  await b.answer('employer.respondent', { 'respondent.role': { as: role }, 'respondent.competent': { as: competent } });
}

/** Whoever answers names another firm, which has had the number for long. */
export async function namesAnotherFirm(b: Bench) {
  await b.answer('employer.opening');
  await b.answer('employer.name', {
    'employer.name': { text: '海龟修表（虚构）有限公司' },
    'respondent.name': { text: '前台' },
  });
  await b.answer('employer.numberAge', { 'employer.numberAge': { as: 'long' } });
  await b.answer('employer.otherOrganisation');
}

/** Whoever answers knows nothing of this employee: the shortest way to a result after which the desk is asked about another one. */
export async function unaware(b: Bench) {
  await isThere(b, 'switchboard', 'no');
  await b.answer('employer.transfer', { 'respondent.transfer': { as: 'no' } });
  await b.answer('employer.unaware');
  await b.send({ type: 'outcome.chosen', code: 'RESPONDENT_UNAWARE', sub: null });
}

/** The first employee's result is written and the desk is still on the line. */
export async function deskWaits(others: readonly Case[] = [second], changes: Parameters<typeof bench>[1] = {}) {
  const b = bench([first, ...others], changes);
  await b.send({ type: 'case.chosen', caseId: first.id });
  await b.talk();
  await unaware(b);
  return b;
}
