/** Invented cases in any number, for measuring. The same seed gives the same cases. */
import type { Case } from '#shared/case/case.ts';
import { addDays, dayOf, instantOf } from '#shared/policy/calendar.ts';
import { demoTeam } from './accounts.ts';

const surnames = [...'赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜'];
const givenNames = ['样例', '测试', '虚构', '演示', '假设', '练习', '范本', '模拟'];

/** Mulberry32: small, and good enough to mix invented data. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `count` pre-loan borrower cases of as many persons, due within a week of `now`. 154-0000-NNNN belongs to no operator. */
export function generateCases(count: number, seed: number, now: Date = new Date()): Case[] {
  const next = random(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!;
  const today = dayOf(now);
  return Array.from({ length: count }, (_, index) => {
    const name = `${pick(surnames)}${pick(givenNames)}`;
    const id = `GEN-${seed}-${String(index + 1).padStart(6, '0')}`;
    const number = `154-0000-${String(index % 10_000).padStart(4, '0')}`;
    const person = { name, title: next() < 0.5 ? ('MR' as const) : ('MS' as const) };
    return {
      id,
      revision: 1,
      kind: 'PRELOAN_BORROWER',
      person: `P-${id}`,
      application: `APP-${id}`,
      team: demoTeam,
      isDemo: true,
      respondent: person,
      borrower: person,
      branch: '星港市演示支行',
      accountManager: '顾经理',
      loanType: 'PERSONAL_HOME',
      handling: 'IN_HOUSE',
      authorisation: {
        version: '2026-01',
        date: addDays(today, -10),
        scope: ['EMPLOYER', 'INCOME', 'CREDIT', 'PROPERTY'],
      },
      createdAt: instantOf(addDays(today, -1), 9 * 60).toISOString(),
      deadline: instantOf(addDays(today, Math.floor(next() * 7)), 18 * 60).toISOString(),
      contacts: [
        {
          id: 'mobile',
          label: '手机',
          number,
          role: 'BORROWER',
          owner: name,
          status: 'OK',
          sources: [
            { source: 'APPLICATION_FORM', number },
            { source: 'FORM_IMAGE', number },
          ],
        },
      ],
      file: {
        'person.idLast4': String(Math.floor(next() * 10_000)).padStart(4, '0'),
        'person.home': `星港市虚构区演示路${index + 1}号`,
        'employer.name': `${pick(givenNames)}贸易（虚构）有限公司`,
        'employer.position': '职员',
        'employer.since': `20${10 + Math.floor(next() * 15)}-0${1 + Math.floor(next() * 9)}`,
        'income.monthly': String(5000 + Math.floor(next() * 200) * 100),
        'loan.amount': String(300_000 + Math.floor(next() * 300) * 10_000),
        'loan.term': String(120 + Math.floor(next() * 20) * 12),
        'property.estate': '星港市样例花园',
      },
      attempts: [],
      history: [],
      linkedCases: [],
    };
  });
}
