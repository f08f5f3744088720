import type { Text } from './text.ts';

/** Where the trouble lies, so that a caller can decide without reading codes. */
export type ProblemCategory = 'input' | 'access' | 'network' | 'server' | 'device' | 'storage' | 'phone';

/**
 * Something a caller can handle and a person can be told about. Bugs are plain Errors and crash loudly.
 * `sentence` says what happened and what to do, and never holds a name, a number or a secret.
 */
export class Problem extends Error {
  readonly code: string;
  readonly category: ProblemCategory;
  readonly sentence: Text;

  constructor(code: string, category: ProblemCategory, sentence: Text, cause?: unknown) {
    super(`${code}: ${sentence.en}`, cause === undefined ? undefined : { cause });
    this.name = 'Problem';
    this.code = code;
    this.category = category;
    this.sentence = sentence;
  }
}

/** Closes a switch over a union: a member nobody handles does not compile. */
export function assertNever(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
}
