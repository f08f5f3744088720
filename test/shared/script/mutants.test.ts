import { describe, expect, it } from 'vitest';
import type { Script } from '#shared/script/format.ts';
import { type ClassMove, prove, type Violation } from '#shared/script/prove.ts';
import { borrowerScript, employerScript } from './support/calls.ts';
import { mutantsOf } from './support/mutate.ts';
import { type Judge, judgeOf, walk } from './support/oracle.ts';

/** `npm run soak` draws its own. */
const seed = Number(process.env.HUIFANG_SEED ?? 2026);

/** Walks the call of a violation with the independent judge: does it break there what the checks say it breaks? */
function confirmed(judge: Judge, violation: Violation): boolean {
  let known: Record<string, string> = { ...violation.given };
  let at = judge.settle(0, known, () => {});
  const step = (move: ClassMove) => {
    if (at < 0 || judge.at(at).id !== move.step) return -1;
    if ('exit' in move) {
      const exit = judge.exits(at, known).find((e) => e.id === move.exit);
      known = { ...known, 'call.leaving': move.exit };
      return exit?.to === undefined ? -1 : judge.settle(judge.position[exit.to] ?? -1, known, () => {});
    }
    known = { ...judge.learn(at, move.as, known) };
    return judge.settle(judge.after(at, move.as), known, () => {});
  };
  for (const move of violation.call) at = step(move);
  return at >= 0 && judge.wrongAt(at, known).includes(`${violation.property} ${violation.step}`);
}

const perCall = ['reveal', 'mask', 'notice', 'scope', 'stands', 'asked', 'end'];

function judgeMutants(original: Script, count: number, calls: number) {
  const missed: string[] = [];
  const falseAlarms: string[] = [];
  let breakable = 0;
  for (const { operator, what, script } of mutantsOf(original, count, seed)) {
    const proof = prove(script);
    const judge = judgeOf(script);
    const { found, routes } = walk(judge, calls, 7);
    if (found.size > 0) {
      breakable++;
      if (proof.ok) missed.push(`${operator}, ${what}: ${[...found.keys()].join('; ')}`);
      // where the format is in order, the same fault is found, not just any
      if (!proof.violations.some((v) => v.property === 'format'))
        for (const key of found.keys())
          if (key !== 'trap' && !proof.violations.some((v) => `${v.property} ${v.step}` === key))
            missed.push(`${operator}, ${what}: ${key}`);
    }
    for (const v of proof.violations) {
      if (perCall.includes(v.property) && v.call.length > 0 && !confirmed(judge, v))
        falseAlarms.push(`${operator}, ${what}: ${v.property} ${v.step}`);
      if (v.property === 'dead' && routes.has(v.step)) falseAlarms.push(`${operator}, ${what}: dead ${v.step}`);
    }
  }
  return { missed, falseAlarms, breakable };
}

describe('mutants', () => {
  const size = Number(process.env.SCRIPT_MUTANTS ?? 1);
  it('every employer mutant that random calls can break is caught, with no false alarm', () => {
    const { missed, falseAlarms, breakable } = judgeMutants(employerScript, 28 * size, 250);
    expect(missed).toEqual([]);
    expect(falseAlarms).toEqual([]);
    expect(breakable).toBeGreaterThan(8 * size);
  }, 600_000);

  it('every borrower mutant that random calls can break is caught, with no false alarm', () => {
    const { missed, falseAlarms, breakable } = judgeMutants(borrowerScript, 4 * size, 250);
    expect(missed).toEqual([]);
    expect(falseAlarms).toEqual([]);
    expect(breakable).toBeGreaterThan(0);
  }, 600_000);

  it('the judge finds nothing wrong with the scripts as they are', () => {
    for (const script of [borrowerScript, employerScript])
      expect([...walk(judgeOf(script), 500, 11).found.keys()]).toEqual([]);
  });
});
