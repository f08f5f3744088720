import { describe, expect, it } from 'vitest';
import { shownLevel } from '../../../renderer/components/levelMeter.tsx';

describe('a level meter', () => {
  it('shows a beep of a moment for the half second until the next one', () => {
    let shown = shownLevel(0, 0.6);
    expect(shown).toBe(0.6);
    for (let look = 0; look < 5; look += 1) shown = shownLevel(shown, 0);
    expect(shown).toBeCloseTo(0.5, 1);
  });

  it('falls to nothing in the end, and never leaves its scale', () => {
    let shown = shownLevel(0, 7);
    expect(shown).toBe(1);
    for (let look = 0; look < 60; look += 1) shown = shownLevel(shown, 0);
    expect(shown).toBe(0);
  });
});
