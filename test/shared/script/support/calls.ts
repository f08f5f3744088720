/** Calls as a person makes them: words against a file, step by step through the real machine. */
import { answerFrom, compareAnswer, derivedAnswer, fileTopicOf, type Given } from '#shared/script/compare.ts';
import { alphabet, stepNamed } from '#shared/script/flow.ts';
import type { Script } from '#shared/script/format.ts';
import { givenBefore } from '#shared/script/given.ts';
import type { Answer, AnswerClass, Move, StepId, Topic } from '#shared/script/move.ts';
import { currentStep, type ScriptSnapshot, startScript, take } from '#shared/script/scriptMachine.ts';
import { scriptFor } from '#shared/script/scripts.ts';

export const borrowerScript = scriptFor('PRELOAN_BORROWER')!.script;
export const employerScript = scriptFor('EMPLOYER')!.script;

export const ordinaryDay = givenBefore({
  earlierAttempts: 0,
  stationRecords: true,
  employerInquiry: true,
  incomeInquiry: true,
  borrowerSaid: false,
});

/** What a customer answers at a step, one entry per field: a typed value, or anything else that can be given. */
export type Answers = Readonly<Record<StepId, readonly (string | Given)[]>>;
export type File = Readonly<Record<Topic, string>>;

export function moveAt(script: Script, step: StepId, answers: Answers, file: File): Move {
  const found = stepNamed(script, step);
  if (found?.kind === 'say') return { type: 'said', step };
  const given = answers[step];
  if (found?.kind !== 'ask' || !given) throw new Error(`nobody answers ${step}`);
  const made: Answer[] = [];
  for (const [n, field] of found.fields.entries()) {
    const entered = given[n] ?? { skipped: true };
    const value = typeof entered === 'string' ? { value: entered } : entered;
    made.push(
      derivedAnswer(field, made, '2026-11') ?? answerFrom(field, compareAnswer(field, value, file[fileTopicOf(field)])),
    );
  }
  return { type: 'answered', step, answers: made };
}

/** The whole call, until an outcome or the step named. Answers the moves too, for a replay. */
export function play(
  script: Script,
  answers: Answers,
  file: File,
  given: Readonly<Record<Topic, AnswerClass>> = ordinaryDay,
  until?: StepId,
): { snapshot: ScriptSnapshot; moves: Move[] } {
  let snapshot = startScript(script, given);
  const moves: Move[] = [];
  for (;;) {
    const step = currentStep(snapshot, script);
    if (!step || step.kind === 'outcome' || step.id === until) return { snapshot, moves };
    const move = moveAt(script, step.id, answers, file);
    snapshot = take(script, snapshot, move);
    moves.push(move);
  }
}

/** A move by classes only, as the checks explore it. */
export function classMove(script: Script, step: StepId, as: readonly AnswerClass[]): Move {
  const found = stepNamed(script, step);
  if (found?.kind !== 'ask') return { type: 'said', step };
  return {
    type: 'answered',
    step,
    answers: found.fields.map((field, n): Answer => ({ about: field.about, as: as[n] ?? alphabet(field)[0]! })),
  };
}

/** DEMO-01: everything as the file says. */
export const cleanFile: File = {
  'person.name': '甄样例',
  'person.title': '女士',
  'person.idLast4': '001X',
  'person.home': '星港市虚构区演示路1号',
  'person.birthMonth': '1990-01',
  'application.purpose': 'ownHome',
  'loan.amount': '1200000',
  'loan.term': '300',
  'property.estate': '星港市月亮湾花园',
  'property.size': '89',
  'property.price': '2000000',
  'employer.name': '纸鹤航天文具（虚构）有限公司',
  'employer.address': '星港市虚构区折纸路8号',
  'employer.department': '设计部',
  'employer.position': '产品设计师',
  'employer.since': '2019-03',
  'employer.phone': '02600000001',
  'income.monthly': '15000',
  'income.payday': '10',
  'debts.monthly': '0',
  'downpayment.source': '自有资金',
};

export const cleanBorrower: Answers = {
  'borrower.opening': [{ choice: 'himself' }],
  'borrower.recording': [{ choice: 'yes' }],
  'borrower.time': [{ choice: 'yes' }],
  'borrower.idLast4': ['001x'],
  'borrower.home': ['虚构区演示路'],
  'borrower.purpose': ['购买自住房'],
  'borrower.signer': [{ choice: 'self' }],
  'borrower.loan': ['120万元', '25年'],
  'borrower.property': ['月亮湾花园', '89平米', '两百万'],
  'borrower.employer': ['纸鹤航天文具有限公司'],
  'borrower.workplace': ['虚构区折纸路，三楼'],
  'borrower.position': ['设计部', '产品设计师', '画新文具的外观图', { choice: 'concrete' }],
  'borrower.since': ['2019年3月'],
  'borrower.income': ['税前一万五左右', { choice: 'bank' }, '10号'],
  'borrower.debts': ['没有'],
  'borrower.downpayment': ['自有资金'],
  'borrower.employerPhone': ['026-0000-0001', '余虚构', { choice: 'morning' }],
  'borrower.slot': ['工作日中午'],
  'borrower.understanding': [{ choice: 'clear' }, { skipped: true }],
  'borrower.observed': [{ skipped: true }],
};

export const cleanEmployer: Answers = {
  'employer.name': ['纸鹤航天文具有限公司', '余虚构'],
  'employer.respondent': [{ choice: 'hr' }, { choice: 'yes' }],
  'employer.status': [{ choice: 'employed' }],
  'employer.position': ['设计部', '产品设计师'],
  'employer.since': ['2019年4月'],
  'employer.duties': ['画新文具的外观图', { choice: 'concrete' }],
  'employer.compared': [{ choice: 'alike' }],
  'employer.income': ['一万五'],
  'employer.office': ['虚构区折纸路8号', '三百人'],
  'employer.secondLine': [{ choice: 'landline' }, { skipped: true }],
  'employer.observed': [{ skipped: true }, { skipped: true }, { skipped: true }, { skipped: true }],
};

/** DEMO-03: changed jobs two months ago and says so. */
export const changedJobFile: File = {
  ...cleanFile,
  'person.name': '范更新',
  'person.title': '先生',
  'person.idLast4': '0036',
  'person.home': '星港市虚构区流水巷3号',
  'loan.amount': '900000',
  'loan.term': '240',
  'property.estate': '星港市土豆苑',
  'employer.name': '月背土豆食品（虚构）有限公司',
  'employer.address': '星港市虚构区地窖路3号',
  'employer.department': '物流部',
  'employer.position': '主管',
  'employer.since': '2018-07',
  'employer.phone': '02600000003',
  'income.monthly': '11000',
  'income.payday': '5',
};

export const changedJobBorrower: Answers = {
  ...cleanBorrower,
  'borrower.idLast4': ['0036'],
  'borrower.home': ['虚构区流水巷'],
  'borrower.loan': ['90万', '二十年'],
  'borrower.property': ['土豆苑', '89', '200万'],
  'borrower.employer': ['云朵牙刷机械'],
  'borrower.employerDiffers': ['月背土豆食品有限公司', { choice: 'changedJob' }],
  'borrower.newJob': ['2026年9月', { choice: 'yes' }, { choice: 'yes' }],
  'borrower.newWorkplace': ['虚构区牙刷路3号'],
  'borrower.newPosition': ['物流部', '主管', '安排发货', { choice: 'concrete' }, '2026年9月'],
  'borrower.income': ['一万三', { choice: 'bank' }, '5号'],
  'borrower.employerPhone': ['026-0000-0023', '乔如果', { choice: 'afternoon' }],
  'borrower.employerPhoneTwice': ['026-0000-0023'],
};
