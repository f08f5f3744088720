/**
 * A typed answer and the file's value → the answer's class. The only place where values meet; everything after it
 * (machine, replay, checks) sees classes. What cannot be read as what was asked is a Problem with a sentence, never a
 * difference: a typing slip must not raise a red flag.
 */
import { assertNever, Problem } from '../problem.ts';
import type { Text } from '../text.ts';
import { alphabet } from './flow.ts';
import type { AnswerKind, Field } from './format.ts';
import { isPrivate } from './kinds.ts';
import type { Answer, AnswerClass, Topic } from './move.ts';
import { compareAddresses, compareNames, compareWords, type Likeness } from './names.ts';
import {
  daysApart,
  formatMoney,
  formatTerm,
  monthNumber,
  parseCount,
  parseDay,
  parseLastFour,
  parseMoney,
  parseMonth,
  parsePhone,
  parseTerm,
  plain,
} from './parse.ts';

/** Changes whenever the same answer could get another class; recorded with each answer, so that the server knows. */
export const comparatorVersion = 1;

/** What the agent entered. A choice may carry the customer's words beside it. */
export type Given =
  | { readonly value: string }
  | { readonly choice: AnswerClass; readonly value?: string }
  | { readonly unknown: true }
  | { readonly refused: true }
  | { readonly skipped: true };

export type Verdict = {
  readonly as: AnswerClass;
  /** The normalised value; absent for private topics and where nothing was said. */
  readonly value?: string;
  /** What to show beside the field: "15,000 元". */
  readonly echo?: string;
};

/** The file's topic a field is compared with. */
export const fileTopicOf = (field: Field): Topic => field.compare?.with ?? field.about;

/** A value as read: its canonical writing, what to show, and its distance to another value of the same kind. */
type Reading = { readonly value: string; readonly echo?: string; readonly off: (file: string) => number | undefined };

const likeness: Readonly<Record<Likeness, number>> = { same: 0, like: 1, different: Number.POSITIVE_INFINITY };

/**
 * Throws a Problem (answer.unreadable) for a value that is not of the field's kind, and a plain Error for a class the
 * field does not have. A file value that cannot be read counts as silent: the answer is then only noted.
 */
export function compareAnswer(field: Field, given: Given, fileValue: string | undefined): Verdict {
  if ('unknown' in given) return verdict(field, 'unknown');
  if ('refused' in given) return verdict(field, 'refused');
  if ('skipped' in given) return verdict(field, 'skipped');
  if ('choice' in given) return verdict(field, given.choice, given.value?.trim() || undefined);
  const said = read(field, given.value);
  if (!said) throw unreadable(field.answer);
  const { compare } = field;
  const off = compare && fileValue !== undefined ? said.off(fileValue) : undefined;
  if (!compare || off === undefined) return verdict(field, 'noted', said.value, said.echo);
  if (compare.denied && Number(said.value) === 0 && off > 0) return verdict(field, 'denied', said.value, said.echo);
  const as =
    off <= (compare.within ?? 0) ? 'match' : compare.near !== undefined && off <= compare.near ? 'near' : 'mismatch';
  return verdict(field, as, said.value, said.echo);
}

function verdict(field: Field, as: AnswerClass, value?: string, echo?: string): Verdict {
  if (!alphabet(field).includes(as)) throw new Error(`${field.about} is never answered "${as}"`);
  const kept = value === undefined || isPrivate(field.about) ? {} : { value: value.slice(0, 500) };
  return { as, ...kept, ...(echo === undefined ? {} : { echo }) };
}

/** The verdict as it goes into a move. */
export const answerFrom = (field: Field, { as, value }: Verdict): Answer =>
  value === undefined ? { about: field.about, as } : { about: field.about, as, value };

/** What follows from the answers before it on the same screen; nobody is asked. `month`: of the call, "2026-11". */
export function derivedAnswer(
  { about, derived }: Field,
  answers: readonly Answer[],
  month: string,
): Answer | undefined {
  if (!derived) return undefined;
  const said = answers.find((answer) => answer.about === derived.from)?.value;
  if (said === undefined) return { about, as: 'unknown' };
  return { about, as: monthNumber(month) - monthNumber(said) < derived.monthsUnder ? 'short' : 'settled' };
}

function read(field: Field, entered: string): Reading | undefined {
  const text = entered.normalize('NFKC').trim();
  if (text === '') return undefined;
  const numeric = (
    parse: (said: string) => number | undefined,
    distance: (said: number, file: number) => number,
    echo?: (value: number) => string,
  ): Reading | undefined => {
    const said = parse(text);
    if (said === undefined) return undefined;
    return {
      value: String(said),
      ...(echo ? { echo: echo(said) } : {}),
      off: (file) => {
        const value = parse(file);
        return value === undefined ? undefined : distance(said, value);
      },
    };
  };
  const exact = (parse: (said: string) => string | undefined): Reading | undefined => {
    const said = parse(text);
    if (said === undefined) return undefined;
    return {
      value: said,
      off: (file) => {
        const value = parse(file);
        return value === undefined ? undefined : value === said ? 0 : Number.POSITIVE_INFINITY;
      },
    };
  };
  const worded = (like: (said: string, file: string) => Likeness): Reading => ({
    value: text,
    off: (file) => (plain(file) === '' ? undefined : likeness[like(text, file)]),
  });

  switch (field.answer) {
    case 'money':
      return numeric(parseMoney, percentApart, formatMoney);
    case 'number':
      return numeric(parseCount, (a, b) => Math.abs(a - b));
    case 'term':
      return numeric(parseTerm, (a, b) => Math.abs(a - b), formatTerm);
    case 'day':
      return numeric(parseDay, daysApart, (day) => `${day} 日`);
    case 'month': {
      const month = parseMonth(text);
      if (month === undefined) return undefined;
      return {
        value: month,
        echo: month,
        off: (file) => {
          const value = parseMonth(file);
          return value === undefined ? undefined : Math.abs(monthNumber(month) - monthNumber(value));
        },
      };
    }
    case 'phone':
      return exact(parsePhone);
    case 'lastFour':
      return exact(parseLastFour);
    case 'option':
      return exact((said) => optionOf(field, said));
    case 'name':
      return worded(compareNames);
    case 'address':
      return worded(compareAddresses);
    case 'text':
      return worded(compareWords);
    case 'choice':
      return undefined; // a choice is chosen, not typed
    default:
      return assertNever(field.answer);
  }
}

/** In percent of the file's value; rounded so that 10 % more is exactly 10, whatever the amount. */
function percentApart(said: number, file: number): number {
  if (file === 0) return said === 0 ? 0 : Number.POSITIVE_INFINITY;
  return Math.round((Math.abs(said - file) / Math.abs(file)) * 1e8) / 1e6;
}

/** An option by its word or by its name in either language. */
function optionOf(field: Field, said: string): string | undefined {
  return Object.entries(field.options ?? {}).find(([word, name]) =>
    [word, name.zh, name.en].some((known) => plain(known) === plain(said)),
  )?.[0];
}

const examples: Readonly<Record<AnswerKind, Text>> = {
  money: { zh: '请输入金额，例如 15000、一万五、1.5万。', en: 'Enter an amount, for example 15000, 1.5万 or 一万五.' },
  number: { zh: '请输入数字，例如 89。', en: 'Enter a number, for example 89.' },
  term: { zh: '请输入期限，例如 25年 或 300个月。', en: 'Enter a term, for example 25年 or 300个月.' },
  day: { zh: '请输入 1 到 31 之间的日期，例如 10号。', en: 'Enter a day from 1 to 31, for example 10.' },
  month: { zh: '请输入年月，例如 2019年3月 或 2019-03。', en: 'Enter year and month, for example 2019-03.' },
  phone: { zh: '请输入 7 到 12 位电话号码。', en: 'Enter a telephone number of 7 to 12 digits.' },
  lastFour: { zh: '请输入四位，最后一位可以是 X。', en: 'Enter four characters; the last may be X.' },
  option: { zh: '请选择一个选项。', en: 'Choose one of the options.' },
  choice: { zh: '请选择一个选项。', en: 'Choose one of the choices.' },
  name: { zh: '请输入单位全称。', en: 'Enter the full name.' },
  address: { zh: '请输入地址。', en: 'Enter the address.' },
  text: { zh: '请输入客户的回答。', en: 'Enter what the customer said.' },
};

const unreadable = (kind: AnswerKind): Problem =>
  new Problem('answer.unreadable', 'input', {
    zh: `没有看懂输入的内容。${examples[kind].zh}`,
    en: `This could not be read. ${examples[kind].en}`,
  });
