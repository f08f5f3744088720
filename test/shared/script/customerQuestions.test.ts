import { describe, expect, it } from 'vitest';
import { customerQuestions, fitsQuestion } from '#shared/script/customerQuestions.ts';
import { placeholdersIn, secretsIn, textProblems } from '#shared/script/words.ts';

describe('what customers ask back', () => {
  it('no answer offers, leads or asks for a secret, and none gives away more than it names', () => {
    for (const { id, answer, reveals } of customerQuestions) {
      expect([id, textProblems(answer, false)]).toEqual([id, []]);
      const given = new Set([...secretsIn(answer.zh), ...secretsIn(answer.en)]);
      expect([id, [...given]]).toEqual([id, reveals === undefined ? [] : [reveals]]);
      for (const sentence of [answer.zh, answer.en])
        for (const name of placeholdersIn(sentence)) expect(['agentId', 'caseRef', 'minutes']).toContain(name);
    }
    expect(new Set(customerQuestions.map(({ id }) => id)).size).toBe(customerQuestions.length);
  });

  it('at an employer nothing is answered that names a loan', () => {
    expect(customerQuestions.filter(({ asker, reveals }) => asker !== 'customer' && reveals === 'loan')).toEqual([]);
  });

  it.each([
    ['诈骗', 'genuine'],
    ['scam', 'genuine'],
    ['PZ', 'genuine'],
    ['多久', 'howLong'],
    ['单位吗', 'employerTold'],
    ['ｒｅｆｕｓｅ', 'refuse'],
  ])('«%s» finds %s', (typed, id) => {
    expect(customerQuestions.filter((question) => fitsQuestion(question, typed)).map((found) => found.id)).toContain(
      id,
    );
  });
});
