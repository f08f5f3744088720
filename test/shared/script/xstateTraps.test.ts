/** What XState does by itself, seen by running it: the reasons for the care in scriptMachine.ts. */
import { describe, expect, it } from 'vitest';
import { createMachine, initialTransition, setup, transition } from 'xstate';
import { scriptMachine } from '#shared/script/scriptMachine.ts';
import { borrowerScript } from './support/calls.ts';

describe('traps of XState', () => {
  it('ignores silently what no transition takes, so take has to look', () => {
    const machine = createMachine({ initial: 'a', states: { a: { on: { go: 'b' } }, b: {} } });
    const [before] = initialTransition(machine);
    expect(transition(machine, before, { type: 'nonsense' })[0]).toBe(before);
  });

  it('lets a root transition move a machine that is done, so an outcome is no final state', () => {
    const machine = createMachine({
      initial: 'a',
      states: { a: { on: { end: 'z' } }, z: { type: 'final' } },
      on: { back: '.a' },
    });
    const [done] = transition(machine, initialTransition(machine)[0], { type: 'end' });
    const [after] = transition(machine, done, { type: 'back' });
    expect([after.status, after.value]).toEqual(['done', 'a']);
    for (const state of Object.values(scriptMachine(borrowerScript).states)) expect(state.type).not.toBe('final');
  });

  it('reads a dot in a target as a path, so state ids have none', () => {
    expect(() => {
      const machine = createMachine({
        initial: 'start',
        states: { start: { on: { go: 'employer.name' } }, 'employer.name': {} },
      });
      transition(machine, initialTransition(machine)[0], { type: 'go' });
    }).toThrow();
    for (const id of Object.keys(scriptMachine(borrowerScript).states)) expect(id).not.toContain('.');
  });

  it('runs in eventless circles for ever unless it is told a limit', () => {
    expect(createMachine({}).options.maxIterations).toBe(Number.POSITIVE_INFINITY);
    expect(scriptMachine(borrowerScript).options.maxIterations).toBe(1000);
    const circle = createMachine({
      initial: 'a',
      states: { a: { on: { go: 'b' } }, b: { always: 'c' }, c: { always: 'b' } },
      options: { maxIterations: 100 },
    });
    expect(() => transition(circle, initialTransition(circle)[0], { type: 'go' })).toThrow(/[Ii]nfinite loop/);
  });

  it('notices an unknown guard only when it is reached, so guards are named in setup and checked by types', () => {
    const untyped = { initial: 'a', states: { a: { on: { go: { guard: 'typo', target: 'b' } } }, b: {} } };
    const machine = setup({}).createMachine(untyped as never); // the types would refuse it
    const [start] = initialTransition(machine);
    expect(() => transition(machine, start, { type: 'go' })).toThrow(/typo/);
  });
});
