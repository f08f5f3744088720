import { describe, expect, it } from 'vitest';
import { compareAddresses, compareNames, compareWords } from '#shared/script/names.ts';
import {
  daysApart,
  formatMoney,
  parseCount,
  parseDay,
  parseLastFour,
  parseMoney,
  parseMonth,
  parsePhone,
  parseTerm,
} from '#shared/script/parse.ts';

describe('amounts as people say them', () => {
  it.each([
    ['一万五', 15000],
    ['1.5万', 15000],
    ['1万5', 15000],
    ['一万五千', 15000],
    ['一万零五', 10005],
    ['一万零五百', 10500],
    ['两千三', 2300],
    ['两百万', 2000000],
    ['120万元', 1200000],
    ['一百二十万', 1200000],
    ['3000元', 3000],
    ['12,000', 12000],
    ['1,200,000', 1200000],
    ['¥15000', 15000],
    ['15k', 15000],
    ['十五', 15],
    ['三百五', 350],
    ['1.2亿', 120000000],
    ['一点五万', 15000],
    ['税前一万五左右', 15000],
    ['1.5万', 15000],
    ['3000.50', 3000.5],
    ['没有', 0],
    ['0', 0],
  ])('%s is %d yuan', (said, yuan) => expect(parseMoney(said)).toBe(yuan));

  it.each(['', '一万二三', '10万-12万', 'n/a', '-3000', '万', '1.2.3', '12,00', '三十多'])(
    '"%s" is a slip, not an amount',
    (said) => expect(parseMoney(said)).toBeUndefined(),
  );

  it('is echoed so that a slip is seen before it counts', () => {
    expect(formatMoney(15000)).toBe('15,000 元');
    expect(formatMoney(parseMoney('120万元')!)).toBe('1,200,000 元');
  });
});

describe('dates, terms, days', () => {
  it.each([
    ['2019年3月', '2019-03'],
    ['19年3月', '2019-03'],
    ['2019-03', '2019-03'],
    ['2019-3', '2019-03'],
    ['2019.3', '2019-03'],
    ['2019/03', '2019-03'],
    ['201903', '2019-03'],
    ['二零一九年三月', '2019-03'],
    ['一九年十二月', '2019-12'],
    ['85年6月', '1985-06'],
    ['2019年3月15日', '2019-03'],
    ['2019-03-15', '2019-03'],
  ])('%s is %s', (said, month) => expect(parseMonth(said)).toBe(month));

  it.each(['2019', '2019年', '2019-13', '去年', '三月', '1819-03', '2019-00'])('"%s" is no year and month', (said) =>
    expect(parseMonth(said)).toBeUndefined(),
  );

  it.each([
    ['25年', 300],
    ['二十五年', 300],
    ['300个月', 300],
    ['300期', 300],
    ['25年6个月', 306],
    ['两年半', 30],
    ['300', 300],
  ])('a term of %s is %d months', (said, months) => expect(parseTerm(said)).toBe(months));

  it.each(['25', '很久', '', '0年', '99年'])('a term of "%s" is unclear', (said) =>
    expect(parseTerm(said)).toBeUndefined(),
  );

  it.each([
    ['10号', 10],
    ['每月十号', 10],
    ['15日', 15],
    ['月底', 30],
    ['31', 31],
  ])('pay day %s is %d', (said, day) => expect(parseDay(said)).toBe(day));

  it('the 1st and the 30th are neighbours', () => {
    expect(daysApart(1, 30)).toBe(1);
    expect(daysApart(1, 31)).toBe(0);
    expect(daysApart(5, 10)).toBe(5);
    expect(daysApart(28, 2)).toBe(4);
    expect(parseDay('32')).toBeUndefined();
  });

  it('sizes, numbers of telephones and identity digits are read, or refused', () => {
    expect(parseCount('89平米')).toBe(89);
    expect(parseCount('三百多人')).toBe(300);
    expect(parseCount('很大')).toBeUndefined();
    expect(parsePhone('026-0000-0001')).toBe('02600000001');
    expect(parsePhone('+86 154 0000 0001')).toBe('15400000001');
    expect(parsePhone('12345')).toBeUndefined();
    expect(parseLastFour('001x')).toBe('001X');
    expect(parseLastFour('零零一X')).toBe('001X');
    expect(parseLastFour('01X')).toBeUndefined();
    expect(parseLastFour('X001')).toBeUndefined();
  });
});

describe('names of organisations', () => {
  it.each([
    ['纸鹤航天文具有限公司', '纸鹤航天文具(虚构)有限公司', 'same'],
    ['纸鹤航天文具', '纸鹤航天文具(虚构)有限公司', 'same'],
    ['万能证明科技(虚构)有限公司', '万能证明科技(虚构)有限公司', 'same'],
    ['演示(上海)有限公司', '演示(北京)有限公司', 'different'],
    ['演示(上海)有限公司', '演示(上海市)股份有限公司', 'same'],
    ['演示有限公司', '演示(北京)有限公司', 'like'],
    ['星港万能证明科技', '万能证明科技(虚构)有限公司', 'like'],
    ['云朵牙刷机械', '月背土豆食品(虚构)有限公司', 'different'],
    ['万能科技公司', '万能证明科技(虚构)有限公司', 'different'],
    ['有限公司', '万能证明科技有限公司', 'different'],
  ] as const)('%s against %s: %s', (said, file, likeness) => expect(compareNames(said, file)).toBe(likeness));
});

describe('addresses and words', () => {
  it.each([
    ['虚构区演示路', '星港市虚构区演示路1号', 'same'],
    ['星港市虚构区演示路1号', '星港市虚构区演示路1号', 'same'],
    ['演示路', '星港市虚构区演示路1号', 'same'],
    ['面具区演示路', '星港市虚构区演示路1号', 'different'],
    ['虚构区', '星港市虚构区演示路1号', 'different'],
    ['路', '星港市虚构区演示路1号', 'different'],
    ['流水巷三号', '星港市虚构区流水巷3号', 'same'],
  ] as const)('%s against %s: %s', (said, file, likeness) => expect(compareAddresses(said, file)).toBe(likeness));

  it('free words match when one holds the other, and one letter is not enough', () => {
    expect(compareWords('月亮湾花园', '星港市月亮湾花园')).toBe('same');
    expect(compareWords('设计师', '产品设计师')).toBe('same');
    expect(compareWords('设', '产品设计师')).toBe('different');
    expect(compareWords('会计', '产品设计师')).toBe('different');
  });
});
