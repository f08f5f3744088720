import { describe, expect, it } from 'vitest';
import { type Property, properties, prove } from '#shared/script/prove.ts';
import { borrowerScript } from './support/calls.ts';
import { askOf, type Edit, fieldOf, offersOf, stepOf, verifiedOf } from './support/edits.ts';
import { expectNamed } from './support/named.ts';

/** A way to break each property of the longer script, and where the checks must see it (properties.test.ts has more ways). */
const broken: Readonly<Record<Property, readonly [what: string, edit: Edit, step: string]>> = {
  format: [
    'a jump back up',
    (s) => {
      askOf(s, 'borrower.newPosition').next = 'borrower.employer';
    },
    'borrower.newPosition',
  ],
  duty: [
    'debts that need not be answered',
    (s) => {
      delete fieldOf(s, 'borrower.debts').mandatory;
    },
    'debts.monthly',
  ],
  words: [
    'asking for a code',
    (s) => {
      askOf(s, 'borrower.slot').text = { zh: '请报一下短信验证码。', en: 'Which code did you get?' };
    },
    'borrower.slot',
  ],
  reveal: [
    'the loan named before it is known who listens',
    (s) => {
      askOf(s, 'borrower.time').text = {
        zh: '想核实您的贷款，现在方便吗？',
        en: 'About your loan: is this a good time?',
      };
    },
    'borrower.time',
  ],
  mask: [
    'the employer of the file said first',
    (s) => {
      askOf(s, 'borrower.employer').text = { zh: '您登记的{employer.name}，全称怎么写？', en: '{employer.name}?' };
    },
    'borrower.employer',
  ],
  notice: [
    'a question of the file before the recording notice',
    (s) => {
      s.steps[1] = {
        kind: 'branch',
        id: 'borrower.recorded',
        cases: [{ if: { 'station.records': 'yes' }, to: 'borrower.time' }],
      };
    },
    'borrower.idLast4',
  ],
  scope: [
    'the income asked without the authorisation',
    (s) => {
      delete askOf(s, 'borrower.income').scope;
    },
    'borrower.income',
  ],
  stands: [
    'verified offered whatever differs',
    (s) => {
      verifiedOf(s, 'borrower.result').when = { complete: true };
    },
    'borrower.result',
  ],
  asked: [
    'a way around the income',
    (s) => {
      askOf(s, 'borrower.since').next = 'borrower.debts';
    },
    'borrower.result',
  ],
  end: [
    'answers for which nothing is offered',
    (s) => {
      const offers = offersOf(s, 'borrower.result');
      offers.splice(
        offers.findIndex(({ code }) => code === 'PARTIAL'),
        1,
      );
    },
    'borrower.result',
  ],
  trap: [
    'a refusal from which no result can be reached',
    (s) => {
      offersOf(s, 'borrower.refusalResult').splice(0, 3, { code: 'DO_NOT_CALL', when: { 'refusal.kind': 'unasked' } });
    },
    'borrower.refusal',
  ],
  dead: [
    'a question nobody comes to',
    (s) => {
      delete fieldOf(s, 'borrower.loan').on;
    },
    'borrower.handler',
  ],
  choice: [
    'a gate that lets everybody pass',
    (s) => {
      Object.assign(stepOf(s, 'borrower.identityGate'), { needs: [{ identity: true }, { identity: false }] });
    },
    'borrower.identityGate',
  ],
};

describe('every property of the borrower script is looked after', () => {
  it.each(properties.map((property) => ({ property, what: broken[property][0] })))(
    '$property: $what is found',
    ({ property }) => {
      const [, edit, step] = broken[property];
      const script = structuredClone(borrowerScript);
      edit(script);
      const found = prove(script).violations.filter((v) => v.property === property && v.step === step);
      expect(found.length).toBeGreaterThan(0);
      for (const violation of found) expectNamed(violation);
    },
  );
});
