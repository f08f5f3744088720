/** What a command of the bank's command line gets, and how it says what is wrong. */
import { createInterface } from 'node:readline/promises';
import { Problem } from '#shared/problem.ts';
import type { Bank } from '../bank.ts';

export type Command = {
  /** e.g. `accounts add ACCOUNT NAME ROLE TEAM` */
  usage: string;
  what: string;
  run(bank: Bank, args: readonly string[], flags: Flags): Promise<void>;
};
export type Flags = Readonly<Record<string, string | boolean | undefined>>;

export function usageProblem(usage: string): Problem {
  return new Problem('USAGE', 'input', { zh: `用法：npm run bank -- ${usage}`, en: `Usage: npm run bank -- ${usage}` });
}

export function notFound(what: string): Problem {
  return new Problem('NOT_FOUND', 'input', { zh: `没有找到：${what}`, en: `Not found: ${what}` });
}

/** Secrets come by standard input: a command line can be read by every user of the machine. */
export async function readSecret(prompt: string): Promise<string> {
  const reader = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  if (process.stdin.isTTY) process.stderr.write(`${prompt} `);
  for await (const line of reader) {
    reader.close();
    if (line.trim() !== '') return line.trim();
    break;
  }
  throw new Problem('NO_SECRET', 'input', {
    zh: '没有从标准输入读到内容。',
    en: 'Nothing was read from standard input.',
  });
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
