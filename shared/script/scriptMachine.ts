/**
 * The pure machine of a script: one state per step, no invoke, no after, no I/O.
 *
 *   answered, said ──► the step the answer leads to ──► gates and branches pass by themselves ──► … ──► an outcome
 *   exited         ──► the exit's step; an aside stays where it is
 *   back           ──► the step named, with the path before it; its answers and all after it become drafts
 *
 * Assumptions: a move names the step it was made at (a key pressed twice cannot answer the next question); answers enter
 * as classes (comparing happened before, in compare.ts); the path of moves is the only memory, and knowledge and facts are
 * read off it each time, so that going back cannot leave one behind. An outcome is no final state: one can go back from it.
 *
 * XState ignores what no transition takes; `take` throws instead, because a replay that silently skips a move is wrong.
 * State ids must not contain dots there, so a step `employer.name` is the state `employer_name`.
 */
import { assign, initialTransition, setup, transition } from 'xstate';
import type { Disposition } from '../disposition/disposition.ts';
import { Problem } from '../problem.ts';
import { type Formula, factsOf, holds, type Knowledge } from './conditions.ts';
import { type FlagCode, isFlagCode } from './flags.ts';
import { alphabet, defaultNext, exitsAt, fieldsOf, isSpoken, nextStep, positions, stepNamed } from './flow.ts';
import { type Exit, leaving, type Script, type Secret, type Step } from './format.ts';
import { duties, granted, isPrivate } from './kinds.ts';
import type { Answer, AnswerClass, Move, StepId, Topic } from './move.ts';
import { requireProved } from './proved.ts';

export type ScriptContext = {
  readonly given: Readonly<Record<Topic, AnswerClass>>;
  /** The only memory. Of private topics it holds classes, never words. */
  readonly path: readonly Move[];
  /** Answers taken back by going back: offered again as suggestions, never knowledge. */
  readonly drafts: Readonly<Record<StepId, readonly Answer[]>>;
};

const stateOf = (step: StepId): string => step.replaceAll('.', '_');

const isAside = (script: Script, move: Move): boolean =>
  move.type === 'exited' && script.exits.find((exit) => exit.id === move.exit)?.to === undefined;

const knowledges = new WeakMap<readonly Move[], Knowledge>();
function knowledgeOf(script: Script, { given, path }: Pick<ScriptContext, 'given' | 'path'>): Knowledge {
  const cached = knowledges.get(path);
  if (cached) return cached;
  const known = new Map<Topic, AnswerClass>(Object.entries(given));
  for (const move of path) {
    if (move.type === 'answered') for (const answer of move.answers) known.set(answer.about, answer.as);
    else if (move.type === 'exited' && !isAside(script, move)) known.set(leaving, move.exit);
    else if (move.type === 'said') {
      const step = stepNamed(script, move.step);
      if (step?.kind === 'say' && step.about) known.set(step.about, 'said');
    }
  }
  knowledges.set(path, known);
  return known;
}

/** Where this screen's answers lead, or undefined when they do not fit the step: one per field, in order, of its classes. */
function targetOf(script: Script, move: Move): StepId | undefined {
  const at = positions(script).get(move.step);
  const step = at === undefined ? undefined : script.steps[at];
  if (at === undefined || !step) return undefined;
  if (move.type === 'said') return step.kind === 'say' ? defaultNext(script, at) : undefined;
  if (move.type !== 'answered' || step.kind !== 'ask' || move.answers.length !== step.fields.length) return undefined;
  const fits = step.fields.every((field, n) => {
    const answer = move.answers[n];
    return answer?.about === field.about && alphabet(field).includes(answer.as);
  });
  if (!fits) return undefined;
  return nextStep(
    script,
    at,
    move.answers.map((answer) => answer.as),
  );
}

/** A move as it may be kept: the words of private answers taken out (domain.md §0.4: verdicts only). */
export function withoutPrivateWords(move: Move): Move {
  if (move.type !== 'answered') return move;
  return { ...move, answers: move.answers.map((a) => (isPrivate(a.about) ? { about: a.about, as: a.as } : a)) };
}

/** The first move made at this step, asides left out: where going back cuts the path. */
const cutAt = (script: Script, path: readonly Move[], step: StepId): number =>
  path.findIndex((move) => move.step === step && !isAside(script, move));

function buildMachine(script: Script) {
  const facts = factsOf(script);
  const exitNamed = (id: string) => script.exits.find((exit) => exit.id === id);

  return setup({
    types: {
      context: {} as ScriptContext, // XState reads types from values
      events: {} as Move,
      input: {} as { given: Readonly<Record<Topic, AnswerClass>> },
    },
    guards: {
      leads: ({ event }, params: { step: StepId; to: StepId }) =>
        event.step === params.step && targetOf(script, event) === params.to,
      holds: ({ context }, params: { formula: Formula }) => holds(params.formula, knowledgeOf(script, context)),
      exits: ({ context, event }, params: { step: StepId; exit: string; formula: Formula }) =>
        event.type === 'exited' &&
        event.step === params.step &&
        event.exit === params.exit &&
        holds(params.formula, knowledgeOf(script, context)),
      wasTaken: ({ context, event }, params: { step: StepId }) =>
        event.type === 'back' && event.step === params.step && cutAt(script, context.path, params.step) >= 0,
    },
    actions: {
      keep: assign(({ context, event }) => {
        const { [event.step]: _, ...others } = context.drafts;
        const leaves = event.type === 'exited' && exitNamed(event.exit)?.to === undefined;
        return { path: [...context.path, withoutPrivateWords(event)], drafts: leaves ? context.drafts : others };
      }),
      takeBack: assign(({ context, event }) => {
        const at = cutAt(script, context.path, event.step);
        const taken = context.path.slice(at).filter((move) => move.type === 'answered');
        return {
          path: context.path.slice(0, at),
          drafts: { ...context.drafts, ...Object.fromEntries(taken.map((move) => [move.step, move.answers])) },
        };
      }),
    },
  }).createMachine({
    id: script.id,
    initial: stateOf(script.steps[0]?.id ?? ''),
    context: ({ input }) => ({ given: input.given, path: [], drafts: {} }),
    states: Object.fromEntries(script.steps.map((step, at) => [stateOf(step.id), stateFor(script, step, at)])),
    on: {
      back: script.steps.filter(isSpoken).map((step) => ({
        guard: { type: 'wasTaken' as const, params: { step: step.id } },
        target: `.${stateOf(step.id)}`,
        actions: 'takeBack' as const,
      })),
    },
    options: { maxIterations: 1000 }, // a circle of eventless transitions would otherwise never return
  });

  function stateFor(of: Script, step: Step, at: number) {
    const below = of.steps[at + 1]?.id ?? '';
    const passes = (formula: Formula, to: StepId) => ({
      guard: { type: 'holds' as const, params: { formula } },
      target: stateOf(to),
    });
    const description = sentenceFor(step);
    switch (step.kind) {
      case 'gate':
        return { description, always: [passes(facts.compile(step.needs), below), { target: stateOf(step.else) }] };
      case 'branch':
        return {
          description,
          always: [...step.cases.map((side) => passes(facts.compile(side.if), side.to)), { target: stateOf(below) }],
        };
      case 'outcome':
        return { description };
      default: {
        const fieldTargets = step.kind === 'ask' ? step.fields.flatMap((field) => Object.values(field.on ?? {})) : [];
        const answers = [...new Set([...fieldTargets, defaultNext(of, at) ?? ''])].map((to) => ({
          guard: { type: 'leads' as const, params: { step: step.id, to } },
          target: stateOf(to),
          actions: 'keep' as const,
        }));
        const exited = exitsAt(of, at).map((exit) => ({
          guard: {
            type: 'exits' as const,
            params: { step: step.id, exit: exit.id, formula: facts.compile(exit.while) },
          },
          ...(exit.to === undefined ? {} : { target: stateOf(exit.to) }),
          actions: 'keep' as const,
        }));
        const outOfScope =
          step.kind === 'ask' && step.scope
            ? [passes({ not: { topic: step.scope, among: [granted] } }, defaultNext(of, at) ?? '')]
            : [];
        return {
          description,
          always: outOfScope,
          on: { [step.kind === 'ask' ? 'answered' : 'said']: answers, exited },
        };
      }
    }
  }
}

function sentenceFor(step: Step): string {
  switch (step.kind) {
    case 'gate':
      return `passes while its condition holds, else goes to ${step.else}`;
    case 'branch':
      return 'goes to the first case that holds, else to the step below';
    case 'outcome':
      return 'the questions are over; dispositions are offered';
    default:
      return step.text?.en ?? 'the agent notes what was observed';
  }
}

export type ScriptMachine = ReturnType<typeof buildMachine>;
export type ScriptSnapshot = ReturnType<typeof initialTransition<ScriptMachine>>[0];

const machines = new WeakMap<Script, ScriptMachine>();
/** The machine of a script, built once per script object. */
export function scriptMachine(script: Script): ScriptMachine {
  let machine = machines.get(script);
  if (!machine) {
    machine = buildMachine(script);
    machines.set(script, machine);
  }
  return machine;
}

/**
 * The first step, with what is known before the call. Topics the script does not know are left out.
 * Throws a Problem when the script fails its checks, or when something it must know beforehand is missing.
 */
export function startScript(script: Script, given: Readonly<Record<Topic, AnswerClass>>): ScriptSnapshot {
  requireProved(script);
  const known: Record<Topic, AnswerClass> = {};
  for (const [topic, classes] of Object.entries(script.given ?? {})) {
    const as = given[topic];
    if (as === undefined || !classes.includes(as))
      throw new Problem('script.given', 'input', {
        zh: `话术开始前必须知道“${topic}”，请同步任务后重试。`,
        en: `The script must know "${topic}" before it starts; refresh the case and try again.`,
      });
    known[topic] = as;
  }
  return initialTransition(scriptMachine(script), { given: known })[0];
}

/** One move. Throws a Problem on anything the current step does not take, and changes nothing then. */
export function take(script: Script, snapshot: ScriptSnapshot, move: Move): ScriptSnapshot {
  const [next] = transition(scriptMachine(script), snapshot, move);
  if (next === snapshot || next.context.path === snapshot.context.path)
    throw new Problem('script.notTaken', 'input', {
      zh: `当前步骤不接受这一操作（${move.type} ${move.step}），请按屏幕上的问题继续。`,
      en: `The current step does not take this (${move.type} ${move.step}); go on with the question on the screen.`,
    });
  return next;
}

/** The same moves through the same machine: how a station repairs a crash and the server checks a disposition. */
export const replay = (
  script: Script,
  given: Readonly<Record<Topic, AnswerClass>>,
  moves: readonly Move[],
): ScriptSnapshot => moves.reduce((snapshot, move) => take(script, snapshot, move), startScript(script, given));

const steps = new WeakMap<Script, ReadonlyMap<string, Step>>();
/** The step the call stands at. */
export function currentStep(snapshot: ScriptSnapshot, script: Script): Step | undefined {
  let byState = steps.get(script);
  if (!byState) {
    byState = new Map(script.steps.map((step) => [stateOf(step.id), step]));
    steps.set(script, byState);
  }
  return byState.get(String(snapshot.value));
}

export const knowledge = (script: Script, snapshot: ScriptSnapshot): Knowledge => knowledgeOf(script, snapshot.context);

/** The latest answer about a topic, of those that still stand. */
export const standingAnswer = (snapshot: ScriptSnapshot, topic: Topic): Answer | undefined =>
  snapshot.context.path
    .flatMap((move) => (move.type === 'answered' ? move.answers : []))
    .findLast((answer) => answer.about === topic);

/** Every fact, built in and the script's own, as the answers stand now. */
export function facts(script: Script, snapshot: ScriptSnapshot): Record<string, boolean> {
  const known = knowledge(script, snapshot);
  return Object.fromEntries([...factsOf(script).formulas].map(([name, formula]) => [name, holds(formula, known)]));
}

/** The dispositions the answers allow here, the proposed one first; empty before an outcome is reached. */
export function offeredOutcomes(script: Script, snapshot: ScriptSnapshot): Disposition[] {
  const step = currentStep(snapshot, script);
  if (step?.kind !== 'outcome') return [];
  const known = knowledge(script, snapshot);
  return step.offers
    .filter((offer) => holds(factsOf(script).compile(offer.when), known))
    .map(({ code, sub }) => (sub === undefined ? { code } : { code, sub }));
}

/** The exits and asides offered at the current step. */
export function offeredExits(script: Script, snapshot: ScriptSnapshot): Exit[] {
  const at = positions(script).get(currentStep(snapshot, script)?.id ?? '');
  if (at === undefined) return [];
  const known = knowledge(script, snapshot);
  return exitsAt(script, at).filter((exit) => holds(factsOf(script).compile(exit.while), known));
}

/** Answers taken back, by step: suggestions for asking again. */
export const draftsOf = (snapshot: ScriptSnapshot): Readonly<Record<StepId, readonly Answer[]>> =>
  snapshot.context.drafts;

export const pathOf = (snapshot: ScriptSnapshot): readonly Move[] => snapshot.context.path;

/** The red flags the answers raise, each once, in reading order. */
export function flagsRaised(script: Script, snapshot: ScriptSnapshot): readonly FlagCode[] {
  const known = knowledge(script, snapshot);
  const codes = fieldsOf(script).map((field) => field.flags?.[known.get(field.about) ?? '']);
  return [...new Set(codes.filter((code) => code !== undefined).filter(isFlagCode))];
}

/** Whether we know whom we talk to; while not, the 不可透露 banner stands. */
export const identityConfirmed = (script: Script, snapshot: ScriptSnapshot): boolean =>
  facts(script, snapshot).identity === true;

/** Whether this kind of call may speak of the secret now. */
export function mayReveal(script: Script, snapshot: ScriptSnapshot, secret: Secret = 'loan'): boolean {
  const rule = duties[script.kind].mayReveal[secret];
  if (rule === 'always' || rule === 'never') return rule === 'always';
  return holds(factsOf(script).compile(rule), knowledge(script, snapshot));
}

export { likelyNext, openQuestions, requiredTopics } from './progress.ts';
export { fillPlaceholders } from './words.ts';
