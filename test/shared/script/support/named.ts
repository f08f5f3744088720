import { expect } from 'vitest';
import type { Violation } from '#shared/script/prove.ts';

const chinese = /[一-鿿]/;

/** A violation says in both languages what is wrong, and by which call it comes to that. */
export function expectNamed({ message, call, callInWords, given }: Violation): void {
  for (const words of [message, ...callInWords]) {
    expect(words.zh).toMatch(chinese);
    expect(words.en).toMatch(/[A-Za-z]/);
    expect(words.en).not.toMatch(chinese);
  }
  // Some are seen in the script itself, without any call.
  if (call.length + callInWords.length > 0) expect(callInWords).toHaveLength(call.length + Object.keys(given).length);
}
