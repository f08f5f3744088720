import { describe, expect, it } from 'vitest';
import { fieldsOf } from '#shared/script/flow.ts';
import { bundledScripts } from '#shared/script/scripts.ts';
import { valueWords } from '../../../renderer/station/verdicts.ts';

const borrower = bundledScripts.find(({ script }) => script.kind === 'PRELOAN_BORROWER')!.script;
const field = (topic: string) => fieldsOf(borrower).find(({ about }) => about === topic);

describe('a value of the file in words', () => {
  it.each([
    ['loan.amount', '900000', '900,000 元', '900,000 yuan'],
    ['loan.term', '240', '240 个月（20 年）', '240 months'],
    ['employer.since', '2018-07', '2018年7月', '2018-07'],
    ['employer.name', '月背土豆食品（虚构）有限公司', '月背土豆食品（虚构）有限公司', '月背土豆食品（虚构）有限公司'],
  ])('%s is read as people write it', (topic, value, zh, en) => {
    expect(field(topic)).toBeDefined();
    expect(valueWords(field(topic), value, 'zh')).toBe(zh);
    expect(valueWords(field(topic), value, 'en')).toBe(en);
  });

  it('what cannot be read stays as it is', () => {
    expect(valueWords(field('loan.amount'), '约九十', 'zh')).not.toBe('');
    expect(valueWords(field('employer.since'), '早年', 'zh')).toBe('早年');
    expect(valueWords(undefined, '240', 'zh')).toBe('240');
  });
});
