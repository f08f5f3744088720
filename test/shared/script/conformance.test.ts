import { describe, expect, it } from 'vitest';
import type { Script } from '#shared/script/format.ts';
import type { Move } from '#shared/script/move.ts';
import { type ClassMove, type Explored, nameOf, prove } from '#shared/script/prove.ts';
import {
  currentStep,
  facts,
  offeredOutcomes,
  pathOf,
  replay,
  type ScriptSnapshot,
  startScript,
  take,
} from '#shared/script/scriptMachine.ts';
import { borrowerScript, classMove, employerScript } from './support/calls.ts';
import { random } from './support/random.ts';

const moveOf = (script: Script, move: ClassMove): Move =>
  'exit' in move ? { type: 'exited', step: move.step, exit: move.exit } : classMove(script, move.step, move.as);

/** Every explored move (or a seeded share of them) and every way back from there, on the real machine. */
function differences(script: Script, share: number): { differ: string[]; moves: number; waysBack: number } {
  const r = random(2026);
  const some: Explored[] = [];
  prove(script, { onMove: (tell) => r() < share && some.push(tell()) });
  const differ: string[] = [];
  let waysBack = 0;
  for (const { given, path, move, to, offered } of some) {
    const moves = [...path, move].map((m) => moveOf(script, m));
    const stands: ScriptSnapshot[] = [startScript(script, given)];
    for (const m of moves) stands.push(take(script, stands.at(-1)!, m));
    const last = stands.at(-1)!;
    const words = `${moves.map((m) => m.step).join(' → ')}`;
    if (currentStep(last, script)?.id !== to) differ.push(`${words}: ${currentStep(last, script)?.id}, not ${to}`);
    if (offeredOutcomes(script, last).map(nameOf).join() !== offered.join()) differ.push(`${words}: other offers`);
    for (const [n, m] of moves.entries()) {
      waysBack++;
      const back = take(script, last, { type: 'back', step: m.step, reason: '更正' });
      const shorter = stands[n]!;
      if (back.value !== shorter.value || pathOf(back).length !== n) differ.push(`${words}: back to ${m.step}`);
      if (n % 7 === 0 && JSON.stringify(facts(script, back)) !== JSON.stringify(facts(script, shorter)))
        differ.push(`${words}: other facts back at ${m.step}`);
    }
  }
  return { differ, moves: some.length, waysBack };
}

describe('the machine does what the checks explored', () => {
  it('a seeded share of the explored moves of the employer script, and every way back from it', () => {
    const { differ, moves, waysBack } = differences(employerScript, Number(process.env.SCRIPT_CONFORMANCE ?? 0.12));
    expect(differ).toEqual([]);
    expect(moves).toBeGreaterThan(250);
    expect(waysBack).toBeGreaterThan(1500);
  }, 600_000);

  it('a seeded share of the moves of the borrower script, and every way back from them', () => {
    const { differ, moves } = differences(borrowerScript, Number(process.env.SCRIPT_CONFORMANCE ?? 0.002));
    expect(differ).toEqual([]);
    expect(moves).toBeGreaterThan(60);
  }, 600_000);

  it('a move the machine does not take stops a replay', () => {
    const given = {
      'station.records': 'yes',
      'consent.employerInquiry': 'granted',
      'consent.incomeInquiry': 'granted',
    };
    expect(() => replay(employerScript, given, [{ type: 'said', step: 'employer.close' }])).toThrow();
  });
});
