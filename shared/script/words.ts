/**
 * The words of a script, looked at as words: what a text gives away, what is never said to anyone, and what leads.
 * This is a word list, not understanding: it finds what an author forgot to mark, and people must still read the texts.
 */
import type { Text } from '../text.ts';
import { isSpoken } from './flow.ts';
import { type Script, type Secret, type Step, secrets } from './format.ts';

const vocabulary: Readonly<Record<Secret, RegExp>> = {
  loan: /贷款|借款|按揭|房贷|还款|抵押|首付|担保|金额|审批|\bloans?\b|mortgage|repay|down payment|instal|approv|\{(loan|property|application|downpayment|debts)\./i,
  income: /收入|工资|月薪|income|salary|\{income\./i,
  person: /\{person\.name\}/,
  recording: /录音|recorded/i,
};
const offers = /利率优惠|理财|信用卡|优惠活动|限时|special offer|credit card|invest|promotion/i;
const secretData = /密码|验证码|CVV|卡号|转账|password|verification code|\bcodes?\b|card number|transfer (of )?money/i;
const warning = /不会|切勿|never|do not/i;
const leading = /对吧|对不对|是不是在|isn't it|correct\?$/i;

/** The sentence spoken at a step, both languages; empty where nothing is spoken. */
const spokenAt = (step: Step): string => (isSpoken(step) && step.text ? `${step.text.zh}\n${step.text.en}` : '');

/** What this sentence gives away by its words. */
export const secretsIn = (sentence: string): readonly Secret[] =>
  secrets.filter((secret) => vocabulary[secret].test(sentence));

/** What a step gives away: what its author marked, and what the vocabulary finds. */
export function revealedBy(step: Step): readonly Secret[] {
  if (!isSpoken(step)) return [];
  const found = secretsIn(spokenAt(step));
  return secrets.filter((secret) => step.reveals?.includes(secret) || found.includes(secret));
}

const placeholder = /\{([^}]+)\}/g;
export function placeholdersIn(sentence: string): readonly string[] {
  return [...new Set([...sentence.matchAll(placeholder)].map((match) => match[1] ?? ''))];
}
export const placeholdersAt = (step: Step): readonly string[] => placeholdersIn(spokenAt(step));

/** Puts values into the braces of a text. What has no value is shown as a gap, so that nobody reads braces aloud. */
export function fillPlaceholders(text: Text, values: Readonly<Record<string, string>>): Text {
  const fill = (sentence: string) =>
    sentence.replace(placeholder, (_, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : '____'));
  return { zh: fill(text.zh), en: fill(text.en) };
}

/** What must never be said, whatever the state of the call: product offers, asking for secrets, leading questions. */
export function textProblems(text: Text, isQuestion: boolean): Text[] {
  const problems: Text[] = [];
  for (const [language, sentence] of Object.entries(text)) {
    const report = (zh: string, en: string) => problems.push({ zh: `${zh}(${language})`, en: `${en} (${language})` });
    if (offers.test(sentence)) report('推销产品', 'offers a product');
    if (isQuestion && leading.test(sentence)) report('诱导回答', 'leads the answer');
    for (const part of sentence.split(/[。;;.!?？]/))
      if (secretData.test(part) && (isQuestion || !warning.test(part)))
        report('在提醒之外提到密码、验证码等', 'names a secret outside of a warning');
  }
  return problems;
}

export function wordProblems(script: Script): { step: string; message: Text }[] {
  const look = (step: string, text: Text, isQuestion: boolean) =>
    textProblems(text, isQuestion).map((message) => ({ step, message }));
  return [
    ...script.steps.flatMap((step) =>
      isSpoken(step) && step.text ? look(step.id, step.text, step.kind === 'ask') : [],
    ),
    ...script.exits.flatMap((exit) => (exit.text ? look(`exit ${exit.id}`, exit.text, false) : [])),
  ];
}
