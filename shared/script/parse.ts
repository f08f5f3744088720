/**
 * Amounts, dates, terms and numbers as people say them. Every function answers undefined for what it does not
 * understand: a typing slip must become a question to the agent, never a difference to the file.
 */

/** Full-width to half-width, no spaces, lower case: 「１．５ 万」 and "1.5万" are the same. */
export const plain = (said: string): string => said.normalize('NFKC').replace(/\s/g, '').toLowerCase();

const digits: Readonly<Record<string, string>> = {
  零: '0',
  〇: '0',
  一: '1',
  壹: '1',
  幺: '1',
  二: '2',
  贰: '2',
  两: '2',
  三: '3',
  叁: '3',
  四: '4',
  肆: '4',
  五: '5',
  伍: '5',
  六: '6',
  陆: '6',
  七: '7',
  柒: '7',
  八: '8',
  捌: '8',
  九: '9',
  玖: '9',
  点: '.',
};
const units: readonly (readonly [RegExp, number])[] = [
  [/亿/, 100_000_000],
  [/[万萬w]/, 10_000],
  [/[千仟k]/, 1_000],
  [/[百佰]/, 100],
  [/[十拾]/, 10],
];

/** A whole or decimal number in digits, Chinese numerals or both: 一万五, 1.5万, 两千三, 十, 12,000. Never negative. */
export function parseNumber(said: string): number | undefined {
  const text = plain(said).replace(/(\d),(?=\d{3}(?!\d))/g, '$1');
  // 二三十 and 一万二三 are "twenty or thirty": two answers, not one
  if (/[亿万千百十]/.test(text) && /[一二两三四五六七八九]{2}/.test(text)) return undefined;
  const numerals = [...text].map((letter) => digits[letter] ?? letter).join('');
  return numeralValue(numerals);
}

function numeralValue(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  for (const [unit, size] of units) {
    const at = text.search(unit);
    if (at < 0) continue;
    const head = at === 0 ? (size === 10 ? 1 : undefined) : numeralValue(text.slice(0, at).replace(/^0(?=[^.\d])/, ''));
    const rest = restOf(text.slice(at + 1), size);
    if (head === undefined || rest === undefined || (rest > 0 && !Number.isInteger(head))) return undefined;
    return Math.round((head * size + rest) * 100) / 100;
  }
  return undefined;
}

/** What follows a unit: 一万五 means 15,000, 一万零五 means 10,005, 一万五百 means 10,500. */
function restOf(text: string, size: number): number | undefined {
  if (text === '') return 0;
  if (/^[1-9]$/.test(text)) return (Number(text) * size) / 10;
  const value = numeralValue(text.replace(/^0+(?=.)/, ''));
  return value !== undefined && value < size ? value : undefined;
}

/** Yuan. 一万五, 1.5万, 120万元, 3000元, ¥12,000, 税前一万五左右. */
export function parseMoney(said: string): number | undefined {
  const bare = plain(said)
    .replace(/^(大概|大约|差不多|约|税前|每月|月薪|月入|共|合计|人民币|rmb|[¥¥])+/, '')
    .replace(/(左右|上下|多一点|整|人民币|元整|块钱|元|块|圆|rmb|yuan)+$/, '');
  if (/^(没有|无)$/.test(bare)) return 0;
  return parseNumber(bare);
}

/** "15,000 元": what the agent sees after typing, to notice a slip before it counts. */
export const formatMoney = (yuan: number): string => `${yuan.toLocaleString('en-US', { maximumFractionDigits: 2 })} 元`;

/** A date as year and month, "2019-03". 2019年3月, 19年3月, 2019-03, 2019.3, 201903, 二零一九年三月. */
export function parseMonth(said: string): string | undefined {
  const match =
    /^(\d{4})(\d{2})$/.exec(plain(said)) ??
    /^([\d零〇一二三四五六七八九]{4}|[\d零〇一二三四五六七八九]{2})(?:年|[-./])([\d一二三四五六七八九十]{1,2})月?(?:份|初|底)?(?:[-./]?\d{1,2}[日号]?)?$/.exec(
      plain(said),
    );
  const yearText = [...(match?.[1] ?? '')].map((letter) => digits[letter] ?? letter).join('');
  const month = parseNumber(match?.[2] ?? '');
  if (yearText === '' || month === undefined || month < 1 || month > 12) return undefined;
  const short = Number(yearText);
  const year = yearText.length === 4 ? short : short < 50 ? 2000 + short : 1900 + short;
  if (year < 1930 || year > 2099) return undefined;
  return `${year}-${String(month).padStart(2, '0')}`;
}

/** Months counted from year 0, so that two dates can be subtracted. `month` is "2019-03". */
export const monthNumber = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7));

/** Months. 25年, 300个月, 25年6个月, 两年半, 300期; a bare number counts as months from 36 on, below that it is unclear. */
export function parseTerm(said: string): number | undefined {
  const text = plain(said);
  const match = /^(?:(.+?)年(半)?)?(?:(.+?)(?:个月|月|期))?$/.exec(text);
  const bare = parseNumber(text);
  if (bare !== undefined) return Number.isInteger(bare) && bare >= 36 && bare <= 600 ? bare : undefined;
  if (!match || (match[1] === undefined && match[3] === undefined)) return undefined;
  const years = match[1] === undefined ? 0 : parseNumber(match[1]);
  const months = match[3] === undefined ? 0 : parseNumber(match[3]);
  if (years === undefined || months === undefined) return undefined;
  const total = years * 12 + months + (match[2] ? 6 : 0);
  return Number.isInteger(total) && total >= 1 && total <= 600 ? total : undefined;
}

/** "300 个月(25 年)". */
export const formatTerm = (months: number): string =>
  months % 12 === 0 ? `${months} 个月（${months / 12} 年）` : `${months} 个月`;

/** Day of the month, 1 to 31. 10号, 每月十号, 15日, 月底. */
export function parseDay(said: string): number | undefined {
  const text = plain(said).replace(/^每(个)?月/, '');
  if (/^月[底末]$/.test(text)) return 30;
  const day = parseNumber(text.replace(/[号日]$/, ''));
  return day !== undefined && Number.isInteger(day) && day >= 1 && day <= 31 ? day : undefined;
}

/** Days between two days of the month, whichever way round is shorter: pay days 1 and 30 are neighbours. */
export const daysApart = (a: number, b: number): number => Math.min(Math.abs(a - b), Math.abs(30 - Math.abs(a - b)));

/** A count or a size: 89平米, 120㎡, 300人. */
export const parseCount = (said: string): number | undefined =>
  parseNumber(plain(said).replace(/(左右|多)?(平方米|平米|平方|平|m2|人|个|名|多人)?(左右)?$/, ''));

/** The digits of a telephone number of 7 to 12 digits, without +86, blanks and dashes. */
export function parsePhone(said: string): string | undefined {
  const text = plain(said).replace(/[-()]/g, '');
  const number = [...text]
    .map((letter) => digits[letter] ?? letter)
    .join('')
    .replace(/^(\+|00)86/, '');
  return /^\d{7,12}$/.test(number) ? number : undefined;
}

/** Last four characters of an identity number: digits, the last may be X. */
export function parseLastFour(said: string): string | undefined {
  const text = [...plain(said)]
    .map((letter) => digits[letter] ?? letter)
    .join('')
    .toUpperCase();
  return /^\d{3}[\dX]$/.test(text) ? text : undefined;
}
