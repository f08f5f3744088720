import type { Case, Contact, PastAttempt } from '#shared/case/case.ts';

export const shanghai = (text: string) => new Date(`${text}:00+08:00`);

/** A contact whose sources agree, unless the test says otherwise. */
export function sampleContact(changes: Partial<Contact> = {}): Contact {
  const number = changes.number ?? '154-0000-0001';
  return {
    id: 'mobile',
    label: '手机',
    number,
    role: 'BORROWER',
    owner: '甄样例',
    status: 'OK',
    sources: [
      { source: 'APPLICATION_FORM', number },
      { source: 'FORM_IMAGE', number },
    ],
    ...changes,
  };
}

export function sampleCase(changes: Partial<Case> = {}): Case {
  return {
    id: 'DEMO-01-A',
    revision: 1,
    kind: 'PRELOAN_BORROWER',
    person: 'person-1',
    application: 'application-1',
    team: 'team-1',
    isDemo: true,
    respondent: { name: '甄样例', title: 'MS' },
    borrower: { name: '甄样例', title: 'MS' },
    branch: '星港支行',
    accountManager: '客户经理甲',
    loanType: 'PERSONAL_HOME',
    handling: 'IN_HOUSE',
    authorisation: { version: '1', date: '2026-11-01', scope: ['EMPLOYER', 'INCOME'] },
    createdAt: '2026-11-18T01:00:00Z',
    deadline: '2026-11-23T09:30:00Z',
    contacts: [sampleContact()],
    file: { 'employer.name': '纸鹤航天文具（虚构）有限公司' },
    attempts: [],
    history: [],
    linkedCases: [],
    ...changes,
  };
}

let attempts = 0;
/** An outgoing attempt at a Shanghai time. */
export function attempt(at: string, callResult: string, changes: Partial<PastAttempt> = {}): PastAttempt {
  attempts += 1;
  return {
    attempt: `attempt-${attempts}`,
    at: shanghai(at).toISOString(),
    contact: 'mobile',
    direction: 'out',
    callResult,
    talkedSeconds: 0,
    ...changes,
  };
}
