import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/problem.ts';
import { answerFrom, comparatorVersion, compareAnswer, type Given } from '#shared/script/compare.ts';
import { alphabet, fieldsOf } from '#shared/script/flow.ts';
import type { Field } from '#shared/script/format.ts';
import { borrowerScript, employerScript } from './support/calls.ts';
import { int, random } from './support/random.ts';

const fieldAbout = (topic: string): Field =>
  fieldsOf(borrowerScript).find((field) => field.about === topic && field.compare)!;
const said = (topic: string, value: string, file?: string) => compareAnswer(fieldAbout(topic), { value }, file);

describe('an answer against the file', () => {
  it('carries its class, its normalised value and what to echo', () => {
    expect(said('income.monthly', '一万五', '15000')).toEqual({ as: 'match', value: '15000', echo: '15,000 元' });
    expect(said('loan.term', '25年', '300')).toEqual({ as: 'match', value: '300', echo: '300 个月（25 年）' });
    expect(said('employer.since', '19年3月', '2019-03')).toEqual({ as: 'match', value: '2019-03', echo: '2019-03' });
    expect(comparatorVersion).toBe(1);
  });

  it.each([
    ['income.monthly', '16500', '15000', 'match'],
    ['income.monthly', '16501', '15000', 'near'],
    ['income.monthly', '18000', '15000', 'near'],
    ['income.monthly', '18001', '15000', 'mismatch'],
    ['loan.amount', '1200001', '1200000', 'mismatch'],
    ['property.price', '2100000', '2000000', 'match'],
    ['employer.since', '2019-04', '2019-03', 'match'],
    ['employer.since', '2019-06', '2019-03', 'near'],
    ['employer.since', '2019-07', '2019-03', 'mismatch'],
    ['income.payday', '30', '1', 'match'],
    ['income.payday', '15', '10', 'mismatch'],
    ['debts.monthly', '没有', '4200', 'denied'],
    ['debts.monthly', '0', '0', 'match'],
    ['debts.monthly', '2000', '4200', 'mismatch'],
    ['employer.phone', '026 0000 0001', '02600000001', 'match'],
    ['application.purpose', '购买自住房', 'ownHome', 'match'],
    ['application.purpose', 'rental', '购买自住房', 'mismatch'],
    ['downpayment.source', 'own', '自有资金', 'match'],
    ['downpayment.source', 'family', '自有资金', 'mismatch'],
    ['downpayment.source', 'own', '本人存款及父母赠与', 'noted'],
    ['employer.name', '演示有限公司', '演示(北京)有限公司', 'near'],
  ])('%s: "%s" against "%s" is %s', (topic, value, file, as) => expect(said(topic, value, file).as).toBe(as));

  it('exactly 10 % more is a match for every amount, whatever binary fractions say', () => {
    const wrong: number[] = [];
    for (let file = 1000; file <= 100_000; file += 10)
      if (said('income.monthly', String(file + file / 10), String(file)).as !== 'match') wrong.push(file);
    expect(wrong).toEqual([]);
  });

  it('a typing slip is a Problem with an example, never a difference', () => {
    for (const [topic, value] of [
      ['income.monthly', '一万二三'],
      ['loan.term', '很久'],
      ['employer.since', '去年'],
      ['employer.phone', '没有'],
      ['application.purpose', '不知道'],
      ['employer.name', '  '],
    ] as const)
      expect(() => said(topic, value, '1'), topic).toThrow(Problem);
    try {
      said('income.monthly', '好多', '1');
      expect.unreachable();
    } catch (problem) {
      expect(problem instanceof Problem && problem.sentence.zh).toContain('一万五');
    }
  });

  it('a silent or unreadable file notes the answer and accuses nobody', () => {
    expect(said('income.monthly', '15000', undefined).as).toBe('noted');
    expect(said('income.monthly', '15000', 'n/a').as).toBe('noted');
    expect(said('employer.name', '某公司', '').as).toBe('noted');
  });

  it('identity answers leave their class and nothing else', () => {
    expect(said('person.idLast4', '001x', '001X')).toEqual({ as: 'match' });
    expect(said('person.home', '虚构区演示路', '星港市虚构区演示路1号')).toEqual({ as: 'match' });
    expect(answerFrom(fieldAbout('person.idLast4'), { as: 'mismatch' })).toEqual({
      about: 'person.idLast4',
      as: 'mismatch',
    });
  });

  it('a choice may carry words, unknown and refused carry none, and foreign classes are a bug', () => {
    const source = fieldsOf(borrowerScript).find((field) => field.about === 'application.signer')!;
    expect(compareAnswer(source, { choice: 'self', value: ' 和妻子一起 ' }, undefined)).toEqual({
      as: 'self',
      value: '和妻子一起',
    });
    expect(compareAnswer(source, { refused: true }, undefined)).toEqual({ as: 'refused' });
    expect(() => compareAnswer(source, { choice: 'lottery' }, undefined)).toThrow(/never answered/);
    expect(() => compareAnswer(source, { skipped: true }, undefined)).toThrow(/never answered/);
  });

  it('whatever is entered at whatever field, the class is one the machine knows', () => {
    const r = random(5);
    const entries = [
      '15000',
      '一万五',
      '2019年3月',
      '25年',
      '10号',
      '0001',
      '02600000001',
      '演示路',
      '某公司',
      'ownHome',
    ];
    const files = [undefined, '', '15000', '2019-03', '300', '10', '001X', '星港市演示路1号', '演示有限公司'];
    let classified = 0;
    for (const field of [...fieldsOf(borrowerScript), ...fieldsOf(employerScript)])
      for (let n = 0; n < 60; n++) {
        const given: Given =
          field.answer === 'choice'
            ? { choice: Object.keys(field.choices!)[int(r, Object.keys(field.choices!).length)]! }
            : { value: entries[int(r, entries.length)]! };
        try {
          expect(alphabet(field)).toContain(compareAnswer(field, given, files[int(r, files.length)]).as);
          classified++;
        } catch (problem) {
          if (!(problem instanceof Problem)) throw problem;
        }
      }
    expect(classified).toBeGreaterThan(1000);
  });
});
