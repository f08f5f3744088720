import { describe, expect, it } from 'vitest';
import { readCaseFile } from '#shared/case/importFile.ts';
import { Problem } from '#shared/problem.ts';
import { sampleCase, sampleContact } from '../policy/sampleCase.ts';

const read = (value: unknown) => readCaseFile(JSON.stringify(value));

describe('a file of cases', () => {
  it('is a list, or a list under "cases", with or without a byte order mark', () => {
    const one = sampleCase();
    expect(read([one])).toEqual({ cases: [one], problems: [] });
    expect(read({ cases: [one] }).cases).toEqual([one]);
    expect(readCaseFile(`\uFEFF${JSON.stringify([one])}`).cases).toHaveLength(1);
    expect(read([])).toEqual({ cases: [], problems: [] });
  });

  it('one malformed case is named with its place and costs the others nothing', () => {
    const bad = { ...sampleCase({ id: 'BAD-1' }), kind: 'SOMETHING', deadline: 'tomorrow' };
    const { cases, problems } = read([sampleCase(), bad, 42, sampleCase({ id: 'GOOD-2' })]);
    expect(cases.map((c) => c.id)).toEqual(['DEMO-01-A', 'GOOD-2']);
    expect(problems.map((p) => [p.index, p.caseId, p.path])).toEqual([
      [1, 'BAD-1', 'kind'],
      [1, 'BAD-1', 'deadline'],
      [2, undefined, ''],
    ]);
    for (const { sentence } of problems) expect(sentence.zh).not.toContain('SOMETHING');
  });

  it('a number nobody can dial and ids that stand twice are problems', () => {
    const contacts = [sampleContact(), sampleContact({ number: '8888' })];
    const { cases, problems } = read([sampleCase({ contacts }), sampleCase(), sampleCase()]);
    expect(problems.map((p) => [p.index, p.path])).toEqual([
      [0, 'contacts.1.id'],
      [0, 'contacts.1.number'],
      [1, 'id'],
      [2, 'id'],
    ]);
    expect(cases).toEqual([]);
  });

  it.each([
    ['{', 'import.notJson'],
    ['{"people": []}', 'import.noList'],
    ['"text"', 'import.noList'],
    [`[${'1,'.repeat(5000)}1]`, 'import.tooMany'],
  ])('a text of no use is refused in words (%#)', (text, code) => {
    expect(() => readCaseFile(text)).toThrow(Problem);
    expect(() => readCaseFile(text)).toThrow(code);
  });
});
