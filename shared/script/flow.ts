/** Where a script leads: the classes an answer can have, the step after it, the exits offered beside it. */
import { assertNever } from '../problem.ts';
import type { Ask, Exit, Field, Say, Script, Step } from './format.ts';
import type { AnswerClass, StepId, Topic } from './move.ts';

/** The classes an answer to this field can have, the pleasant one first: a finite alphabet for machine and prover. */
export function alphabet(field: Field): readonly AnswerClass[] {
  const known = alphabets.get(field);
  if (known) return known;
  const { compare } = field;
  const letters = [
    ...(compare ? ['match', ...(compare.near ? ['near'] : []), 'mismatch', ...(compare.denied ? ['denied'] : [])] : []),
    ...(compare || field.answer !== 'choice' ? ['noted'] : []), // nothing to compare with, or the file is silent
    ...Object.keys(field.choices ?? {}),
    ...(field.observed ? [] : field.derived ? ['unknown'] : ['unknown', 'refused']),
    ...(field.optional ? ['skipped'] : []),
  ];
  alphabets.set(field, letters);
  return letters;
}
const alphabets = new WeakMap<Field, readonly AnswerClass[]>();

/** Classes that tell us nothing: a mandatory field answered so leaves the call incomplete. */
export const emptyAnswers: readonly AnswerClass[] = ['unknown', 'refused', 'skipped'];

export const isSpoken = (step: Step): step is Ask | Say => step.kind === 'ask' || step.kind === 'say';

/** What is learned at this step. */
export function topicsOf(step: Step): readonly Topic[] {
  if (step.kind === 'ask') return step.fields.map((field) => field.about);
  return step.kind === 'say' && step.about ? [step.about] : [];
}

export const fieldsOf = (script: Script): readonly Field[] =>
  script.steps.flatMap((step) => (step.kind === 'ask' ? step.fields : []));

const indexes = new WeakMap<Script, ReadonlyMap<StepId, number>>();
/** Position of each step in reading order. */
export function positions(script: Script): ReadonlyMap<StepId, number> {
  let index = indexes.get(script);
  if (!index) {
    index = new Map(script.steps.map((step, at) => [step.id, at]));
    indexes.set(script, index);
  }
  return index;
}

export function stepNamed(script: Script, id: StepId): Step | undefined {
  const at = positions(script).get(id);
  return at === undefined ? undefined : script.steps[at];
}

/** The step after this one when no answer says otherwise; undefined when the list ends (a format problem). */
export function defaultNext(script: Script, at: number): StepId | undefined {
  const step = script.steps[at];
  return (step && isSpoken(step) ? step.next : undefined) ?? script.steps[at + 1]?.id;
}

/** Where the answers of one screen lead, one class per field: the first field that names a step for its class decides. */
export function nextStep(script: Script, at: number, classes: readonly AnswerClass[]): StepId | undefined {
  const step = script.steps[at];
  if (step?.kind === 'ask')
    for (const [n, field] of step.fields.entries()) {
      const to = field.on?.[classes[n] ?? ''];
      if (to !== undefined) return to;
    }
  return defaultNext(script, at);
}

/** Every step that this one can lead to directly, exits excluded. */
export function successors(script: Script, at: number): readonly StepId[] {
  const step = script.steps[at];
  if (!step) return [];
  const below = script.steps[at + 1]?.id;
  const targets = (): (StepId | undefined)[] => {
    switch (step.kind) {
      case 'say':
        return [defaultNext(script, at)];
      case 'ask':
        return [defaultNext(script, at), ...step.fields.flatMap((field) => Object.values(field.on ?? {}))];
      case 'gate':
        return [below, step.else];
      case 'branch':
        return [below, ...step.cases.map((c) => c.to)];
      case 'outcome':
        return [];
      default:
        return assertNever(step);
    }
  };
  return [...new Set(targets().filter((id) => id !== undefined))];
}

/** Exits and asides that exist at a step; whether their `while` holds is for the caller to see. */
export function exitsAt(script: Script, at: number): readonly Exit[] {
  const step = script.steps[at];
  if (!step || !isSpoken(step)) return [];
  return script.exits.filter((exit) => exit.to === undefined || (positions(script).get(exit.to) ?? -1) > at);
}
