import { describe, expect, it } from 'vitest';
import { bundledScripts } from '#shared/script/scripts.ts';
import { stepWords } from '../../../renderer/app/text/steps.ts';

describe('a step in words', () => {
  it('no step that a person stands at shows its id', () => {
    const steps = bundledScripts.flatMap(({ script }) => script.steps);
    const spoken = steps.filter(({ kind }) => kind === 'say' || kind === 'ask' || kind === 'outcome');
    expect(spoken.length).toBeGreaterThan(40);
    for (const { id } of spoken) {
      const { zh, en } = stepWords(id);
      expect([zh, en]).not.toContain(id);
      expect(zh.length * en.length).toBeGreaterThan(0);
      expect(zh + en).not.toMatch(/[{}]/);
    }
  });

  it('a step of a script that is not here keeps its id', () => {
    expect(stepWords('guarantor.opening')).toEqual({ zh: 'guarantor.opening', en: 'guarantor.opening' });
  });
});
