/**
 * Conditions compiled to formulas, and what remains of a formula once part of the answers is known.
 *
 *   formula   = true | false | topic ∈ classes | at least n of […] | not …
 *   remainder = the formula after putting in every answer that can no longer change
 *
 * Two ways through a script that stand at the same step and leave the same remainders can never be told apart again by
 * anything the script or the duties of its kind will read. That is the whole idea of the checks (explore.ts).
 */

import { flags as flagTable, isFlagCode } from './flags.ts';
import { alphabet, emptyAnswers, fieldsOf } from './flow.ts';
import type { Condition, Script } from './format.ts';
import { type Duties, duties, granted } from './kinds.ts';
import type { AnswerClass, Topic } from './move.ts';

export type Formula =
  | boolean
  | { readonly topic: Topic; readonly among: readonly AnswerClass[] }
  | { readonly atLeast: number; readonly of: readonly Formula[] }
  | { readonly not: Formula };

/** The latest answer about each topic; a topic not in it is "unasked". */
export type Knowledge = ReadonlyMap<Topic, AnswerClass>;

export const all = (of: readonly Formula[]): Formula => ({ atLeast: of.length, of });
export const any = (of: readonly Formula[]): Formula => ({ atLeast: 1, of });
export const is = (topic: Topic, ...among: AnswerClass[]): Formula => ({ topic, among });
export const wasAsked = (topic: Topic): Formula => ({ not: is(topic, 'unasked') });

export function holds(formula: Formula, known: Knowledge): boolean {
  if (typeof formula === 'boolean') return formula;
  if ('topic' in formula) return formula.among.includes(known.get(formula.topic) ?? 'unasked');
  if ('not' in formula) return !holds(formula.not, known);
  let missing = formula.atLeast;
  for (const part of formula.of) if (missing > 0 && holds(part, known)) missing--;
  return missing <= 0;
}

/** Puts in the answers that are settled (their topics will not be asked again) and simplifies. */
export function remainder(formula: Formula, settled: (topic: Topic) => AnswerClass | undefined): Formula {
  if (typeof formula === 'boolean') return formula;
  if ('topic' in formula) {
    const as = settled(formula.topic);
    return as === undefined ? formula : formula.among.includes(as);
  }
  if ('not' in formula) {
    const inner = remainder(formula.not, settled);
    if (typeof inner === 'boolean') return !inner;
    return inner === formula.not ? formula : { not: inner };
  }
  let missing = formula.atLeast;
  let changed = false;
  const open: Formula[] = [];
  for (const part of formula.of) {
    const rest = remainder(part, settled);
    if (rest !== part) changed = true;
    if (rest === true) missing--;
    else if (rest !== false) open.push(rest);
  }
  if (missing <= 0) return true;
  if (open.length < missing) return false;
  const [only] = open;
  if (open.length === 1 && only !== undefined) return only;
  return changed || open.length !== formula.of.length ? { atLeast: missing, of: open } : formula;
}

const keys = new WeakMap<object, string>();
/** Equal keys mean equal formulas; the order of parts does not matter. */
export function keyOf(formula: Formula): string {
  if (typeof formula === 'boolean') return formula ? '1' : '0';
  const known = keys.get(formula);
  if (known !== undefined) return known;
  const key =
    'topic' in formula
      ? `${formula.topic}=${formula.among.join('|')}`
      : 'not' in formula
        ? `!${keyOf(formula.not)}`
        : `${formula.atLeast}(${formula.of.map(keyOf).sort().join(',')})`;
  keys.set(formula, key);
  return key;
}

const topics = new WeakMap<object, ReadonlySet<Topic>>();
export function topicsIn(formula: Formula): ReadonlySet<Topic> {
  if (typeof formula === 'boolean') return new Set();
  let found = topics.get(formula);
  if (!found) {
    found =
      'topic' in formula
        ? new Set([formula.topic])
        : 'not' in formula
          ? topicsIn(formula.not)
          : new Set(formula.of.flatMap((part) => [...topicsIn(part)]));
    topics.set(formula, found);
  }
  return found;
}

/** Facts every script has; a script may name more. */
export const builtInFacts = [
  'notice', // the recording notice stands, or nothing is recorded
  'identity', // we know whom we talk to
  'complete', // every mandatory point within the authorisation has an answer
  'differs', // something is not as the file says
  'near', // something is nearly as the file says
  'flagged', // at least one red flag
  'suspicious', // red flags that together weigh two or more
] as const;

/** Facts are never stored: they are read off the answers, every time. */
export type Facts = {
  readonly formulas: ReadonlyMap<string, Formula>;
  /** As the script means it: "complete" is what the script marks as mandatory. */
  compile(condition: Condition | undefined): Formula;
  /** As the kind means it: "complete" is the kind's list of duties. */
  compileDuty(condition: Condition): Formula;
  /** The kind's duty of one topic: answered, or outside of the authorisation. */
  fulfilled(topic: Topic): Formula;
};

const compiled = new WeakMap<Script, Facts>();
export function factsOf(script: Script): Facts {
  let found = compiled.get(script);
  if (!found) {
    found = compileFacts(script, duties[script.kind]);
    compiled.set(script, found);
  }
  return found;
}

function compileFacts(script: Script, kind: Duties): Facts {
  const fields = fieldsOf(script);
  const answered = (topic: Topic): Formula => {
    const letters = new Set(fields.filter((field) => field.about === topic).flatMap(alphabet));
    return is(topic, ...[...letters].filter((as) => !emptyAnswers.includes(as)));
  };
  const within = (scope: Topic | undefined, duty: Formula): Formula =>
    scope === undefined ? duty : any([duty, { not: is(scope, granted) }]);

  const formulas = new Map<string, Formula>();
  const compileWith =
    (factOf: (name: string) => Formula) =>
    (condition: Condition | undefined): Formula => {
      if (condition === undefined) return true;
      const rows = [condition].flat().map((row) =>
        all(
          Object.entries(row).map(([name, wanted]): Formula => {
            if (name.includes('.')) return is(name, ...[wanted].flat().map(String));
            return wanted === true ? factOf(name) : { not: factOf(name) };
          }),
        ),
      );
      return any(rows);
    };
  const compile = compileWith((name) => formulas.get(name) ?? false);
  const fulfilled = (topic: Topic) => within(kind.scopes[topic], answered(topic));
  const complete = all(kind.mustAsk.map(fulfilled));

  const marked = new Map<Topic, Formula>();
  for (const step of script.steps)
    if (step.kind === 'ask')
      for (const field of step.fields)
        if (field.mandatory) marked.set(field.about, within(step.scope, answered(field.about)));
  const compared = [...new Set(fields.filter((field) => field.compare).map((field) => field.about))];
  const raised = fields.flatMap((field) =>
    Object.entries(field.flags ?? {}).map(([as, code]) => ({
      when: is(field.about, as),
      weight: isFlagCode(code) ? flagTable[code].weight : 0,
    })),
  );
  formulas.set('notice', compile(kind.notice));
  formulas.set('identity', compile(kind.identity));
  formulas.set('complete', all([...marked.values()]));
  formulas.set('differs', any(compared.map((topic) => is(topic, 'mismatch', 'denied'))));
  formulas.set('near', any(compared.map((topic) => is(topic, 'near'))));
  formulas.set('flagged', any(raised.map((flag) => flag.when)));
  formulas.set('suspicious', {
    atLeast: 2,
    of: raised.flatMap((flag) => Array<Formula>(flag.weight).fill(flag.when)),
  });
  for (const [name, condition] of Object.entries(script.facts ?? {})) formulas.set(name, compile(condition));
  const compileDuty = compileWith((name) => (name === 'complete' ? complete : (formulas.get(name) ?? false)));
  return { formulas, compile, compileDuty, fulfilled };
}
