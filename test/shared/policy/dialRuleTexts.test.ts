import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dialRuleText } from '#shared/policy/dialRuleTexts.ts';

const sources = ['dialGuard.ts', 'contactRules.ts'].map((file) =>
  readFileSync(join(import.meta.dirname, '../../../shared/policy', file), 'utf8'),
);
/** The findings that are recorded (renderer/casework/acts.ts). */
const recorded = [...sources.join('\n').matchAll(/'((?:source|number|contact|demo|line)\.\w+)'/g)].map(
  ([, rule]) => rule!,
); // the pattern's one group

it('every finding that can be recorded has words, in both languages and without its id; a newer one has none', () => {
  expect(new Set(recorded).size).toBeGreaterThan(12);
  for (const rule of recorded) {
    const words = dialRuleText(rule);
    expect(words?.zh, rule).toMatch(/[\u4e00-\u9fff]/);
    expect(words?.en, rule).not.toContain(rule);
  }
  expect(dialRuleText('of.a.newer.program')).toBeUndefined();
});
