/** What still lies ahead of a call: for the dimmed next questions, the required points and the progress of a screen. */
import { type Formula, factsOf, is, type Knowledge, remainder } from './conditions.ts';
import { alphabet, defaultNext, fieldsOf, isSpoken, nextStep, positions, successors, topicsOf } from './flow.ts';
import type { Ask, Say, Script } from './format.ts';
import { granted } from './kinds.ts';
import type { StepId, Topic } from './move.ts';
import { currentStep, knowledge, type ScriptSnapshot } from './scriptMachine.ts';

/** Topics the script marks as required. */
export const requiredTopics = (script: Script): readonly Topic[] => [
  ...new Set(fieldsOf(script).flatMap((field) => (field.mandatory ? [field.about] : []))),
];

/**
 * Where a call can go on from a step, without exits: a side is left out when what is already known decides it, because the
 * topics it reads are not asked any more.
 */
function waysFrom(script: Script, known: Knowledge, at: number, ahead: ReadonlySet<Topic>): readonly StepId[] {
  const left = (formula: Formula): Formula =>
    remainder(formula, (topic) => (ahead.has(topic) ? undefined : (known.get(topic) ?? 'unasked')));
  const { compile } = factsOf(script);
  const step = script.steps[at];
  const below = script.steps[at + 1]?.id;
  const some = (...ids: (StepId | undefined)[]): readonly StepId[] => ids.filter((id) => id !== undefined);
  if (step?.kind === 'gate') {
    const passes = left(compile(step.needs));
    return passes === true ? some(below) : passes === false ? [step.else] : some(below, step.else);
  }
  if (step?.kind === 'branch') {
    const ways: StepId[] = [];
    for (const side of step.cases) {
      const takes = left(compile(side.if));
      if (takes !== false) ways.push(side.to);
      if (takes === true) return ways;
    }
    return [...ways, ...some(below)];
  }
  if (step?.kind === 'ask' && step.scope && left(is(step.scope, granted)) === false)
    return some(defaultNext(script, at));
  return successors(script, at);
}

const topicsAhead = (script: Script, at: number): ReadonlySet<Topic> =>
  new Set(script.steps.slice(at).flatMap(topicsOf));

/** Questions and texts after the current step that may still come, in reading order. */
export function openQuestions(script: Script, snapshot: ScriptSnapshot): readonly (Ask | Say)[] {
  const here = positions(script).get(currentStep(snapshot, script)?.id ?? '');
  if (here === undefined) return [];
  const ahead = topicsAhead(script, here);
  const known = knowledge(script, snapshot);
  const reached = new Set<number>([here]);
  for (let at = here; at < script.steps.length; at++)
    if (reached.has(at))
      for (const id of waysFrom(script, known, at, ahead)) reached.add(positions(script).get(id) ?? here);
  return script.steps
    .filter((_, at) => at > here && reached.has(at))
    .filter(isSpoken)
    .filter((step) => step.kind === 'say' || !step.scope || known.get(step.scope) === granted);
}

/** The next questions if every answer is the pleasant one: what a screen shows dimmed. */
export function likelyNext(script: Script, snapshot: ScriptSnapshot, count = 2): readonly (Ask | Say)[] {
  const known = new Map(knowledge(script, snapshot));
  const found: (Ask | Say)[] = [];
  let at = positions(script).get(currentStep(snapshot, script)?.id ?? '');
  for (let hops = 0; at !== undefined && found.length < count; hops++) {
    const step = script.steps[at];
    if (!step || step.kind === 'outcome') break;
    const asked = isSpoken(step) && (step.kind === 'say' || !step.scope || known.get(step.scope) === granted);
    if (asked && hops > 0) found.push(step);
    const pleasant = step.kind === 'ask' ? step.fields.map((field) => alphabet(field)[0] ?? '') : [];
    if (asked && step.kind === 'ask')
      for (const [n, field] of step.fields.entries()) known.set(field.about, pleasant[n] ?? '');
    const to = asked ? nextStep(script, at, pleasant) : waysFrom(script, known, at, new Set())[0];
    at = to === undefined ? undefined : positions(script).get(to);
  }
  return found;
}
