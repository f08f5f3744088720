/**
 * The checks of a script (校验): every property holds, or the shortest call that breaks it.
 *
 * Breadth first over places (explore.ts), one level per move, so every counter-example is a shortest one. Exits and going
 * back are left out where they would prove too much: one can always hang up, so "an outcome can be reached" must hold
 * without them. Going back needs no moves of its own: it replays a shorter path and stands at a place already judged.
 */
import type { Text } from '../text.ts';
import { type Formula, factsOf, wasAsked } from './conditions.ts';
import { type Explorer, explorer, givenCombinations, type Place } from './explore.ts';
import { alphabet, fieldsOf, isSpoken } from './flow.ts';
import type { Script, Secret, Step } from './format.ts';
import { formatProblems } from './formatProblems.ts';
import { inWords } from './inWords.ts';
import { type Duties, duties } from './kinds.ts';
import type { AnswerClass, StepId, Topic } from './move.ts';
import { messages } from './violation.ts';
import { placeholdersAt, placeholdersIn, revealedBy, secretsIn, wordProblems } from './words.ts';

export const properties = [
  'format', // targets exist, jumps go down, conditions speak of answers that can be
  'duty', // every topic of the kind has a mandatory field; every placeholder is filled
  'words', // no product offers, no asking for secrets, no leading questions
  'reveal', // nothing is given away before the kind allows it
  'mask', // a file value is not spoken before its question was answered
  'notice', // no question of the file before the recording notice
  'scope', // no question outside of the authorisation
  'stands', // an offered disposition has what it stands for
  'asked', // where VERIFIED may be offered every duty was asked on the way, whatever the answers
  'end', // an outcome always offers something
  'trap', // from every place an outcome can be reached without exits
  'dead', // every step is reached
  'choice', // every side, case, exit and offer is possible somewhere
] as const;
export type Property = (typeof properties)[number];

/** One move of an explored call, by classes only. */
export type ClassMove = { readonly step: StepId } & (
  | { readonly as: readonly AnswerClass[] } // one class per field; ["said"] for a text
  | { readonly exit: string }
);
export type Violation = {
  readonly property: Property;
  readonly step: string; // a step, a topic, or "exit …"
  readonly message: Text;
  readonly given: Readonly<Record<Topic, AnswerClass>>;
  readonly call: readonly ClassMove[];
  readonly callInWords: readonly Text[]; // a shortest call that shows it; empty where no call is needed
};
export type Proof = {
  readonly ok: boolean;
  readonly violations: readonly Violation[];
  readonly places: number;
  readonly moves: number;
};
/** One explored move: what leads to it, and what must come of it. For the test that walks the real machine. */
export type Explored = {
  readonly given: Readonly<Record<Topic, AnswerClass>>;
  readonly path: readonly ClassMove[];
  readonly move: ClassMove;
  readonly to: StepId;
  readonly offered: readonly string[];
};
export type ProofOptions = { readonly onMove?: (tell: () => Explored) => void; readonly limit?: number };

type Reached = {
  readonly place: Place;
  readonly given: Readonly<Record<Topic, AnswerClass>>;
  readonly parent: Reached | undefined;
  readonly by: { readonly as: AnswerClass } | { readonly exit: string } | undefined;
  readonly answeredFrom: Reached[];
};

/** What the checks want to know at one step, beside what the script itself reads there. */
type Reads = {
  readonly reveals: readonly { secret: Secret; may: Formula }[];
  readonly masked: readonly { field: string; asked: Formula }[];
  readonly notice: Formula;
  readonly scope: readonly { topic: Topic; may: Formula }[];
  readonly asked: readonly { topic: Topic; asked: Formula }[];
  readonly stands: readonly (Formula | undefined)[];
};

export const nameOf = (offer: { code: string; sub?: string | undefined }): string =>
  offer.sub === undefined ? offer.code : `${offer.code}/${offer.sub}`;

function readsOf(script: Script, kind: Duties): readonly Reads[] {
  const facts = factsOf(script);
  const may = (secret: Secret): Formula => {
    const rule = kind.mayReveal[secret];
    return rule === 'always' ? true : rule === 'never' ? false : facts.compile(rule);
  };
  const stands = new Map(Object.entries(kind.stands).map(([name, rule]) => [name, facts.compileDuty(rule)]));
  const notice = facts.compile({ notice: true });
  const inScope = (topic: Topic): Formula => {
    const scope = kind.scopes[topic];
    return scope === undefined ? true : facts.compile({ [scope]: 'granted' });
  };
  const askedOrOutOfScope = (topic: Topic): Formula => ({
    atLeast: 1,
    of: [wasAsked(topic), ...(inScope(topic) === true ? [] : [{ not: inScope(topic) }])],
  });
  return script.steps.map((step) => {
    const topics = step.kind === 'ask' ? step.fields.map((field) => field.about) : [];
    const ofTheFile =
      step.kind === 'ask' && step.fields.some((field) => field.compare || kind.mustAsk.includes(field.about));
    return {
      reveals: revealedBy(step).map((secret) => ({ secret, may: may(secret) })),
      masked: placeholdersAt(step)
        .filter((name) => name.includes('.') && !kind.spoken.includes(name))
        .map((field) => ({ field, asked: wasAsked(field) })),
      notice: ofTheFile ? notice : true,
      scope: topics.filter((topic) => kind.scopes[topic]).map((topic) => ({ topic, may: inScope(topic) })),
      asked:
        step.kind === 'outcome' && step.offers.some((offer) => offer.code === 'VERIFIED')
          ? kind.mustAsk.map((topic) => ({ topic, asked: askedOrOutOfScope(topic) }))
          : [],
      stands:
        step.kind === 'outcome' ? step.offers.map((offer) => stands.get(nameOf(offer)) ?? stands.get(offer.code)) : [],
    };
  });
}

/** Milliseconds for a small script, about 0.2 s for the largest; pure, nothing is kept. */
export function prove(script: Script, options: ProofOptions = {}): Proof {
  const kind = duties[script.kind];
  const violations = new Map<string, Violation>();
  const report = (property: Property, step: string, message: Text, at?: Reached) => {
    const key = `${property} ${step} ${message.en}`;
    if (violations.has(key)) return; // breadth first: the first found is a shortest
    const given = at?.given ?? {};
    const call = at ? movesTo(script, at) : [];
    violations.set(key, { property, step, message, given, call, callInWords: inWords(script, given, call) });
  };
  const done = (places: number, moves: number): Proof => ({
    ok: violations.size === 0,
    violations: [...violations.values()],
    places,
    moves,
  });

  const wrong = formatProblems(script);
  for (const problem of wrong) report('format', problem.step, problem.message);
  checkTexts(script, kind, report);
  if (wrong.length > 0) return done(0, 0); // a jump up keeps every answer replaceable: places would multiply

  const reads = readsOf(script, kind);
  const used = new Set<string>();
  const explore = explorer(
    script,
    reads.map((r) => [
      ...[...r.reveals, ...r.scope].map((x) => x.may),
      ...[...r.masked, ...r.asked].map((x) => x.asked),
      ...r.stands.filter((formula) => formula !== undefined),
      r.notice,
    ]),
    (step, side) => used.add(step).add(`${step} ${side}`),
  );
  const { queue, good, moves } = walk(script, explore, used, options, (here, step) =>
    judge(here, step, reads[here.place.at], explore, used, report),
  );

  const canEnd = new Set<Reached>(good);
  for (const here of canEnd) for (const from of here.answeredFrom) canEnd.add(from);
  const trapped = queue.find((here) => !canEnd.has(here) && stepAt(script, here).kind !== 'outcome');
  if (trapped) report('trap', stepAt(script, trapped).id, messages.trap(), trapped);
  reportUnused(script, used, report);
  return done(queue.length, moves);
}

type Report = (property: Property, step: string, message: Text, at?: Reached) => void;

const stepAt = (script: Script, here: Reached): Step => {
  const step = script.steps[here.place.at];
  if (!step) throw new Error(`no step ${here.place.at}`);
  return step;
};

/** Breadth first over all calls; `arrive` judges each place once and says whether a call may end well there. */
function walk(
  script: Script,
  explore: Explorer,
  used: Set<string>,
  { onMove, limit = 200_000 }: ProofOptions,
  arrive: (here: Reached, step: Step) => boolean,
): { queue: readonly Reached[]; good: readonly Reached[]; moves: number } {
  const found = new Map<string, Reached>();
  const queue: Reached[] = [];
  const good: Reached[] = [];
  let moves = 0;

  const reach = (place: Place, given: Reached['given'], parent?: Reached, by?: Reached['by']) => {
    let here = found.get(place.key);
    const isNew = here === undefined;
    if (!here) {
      here = { place, given, parent, by, answeredFrom: [] };
      found.set(place.key, here);
    }
    if (parent && by) {
      moves++;
      if ('as' in by) here.answeredFrom.push(parent);
      if (onMove && place.field === 0) {
        const now = { ...here, given, parent, by };
        onMove(() => explored(script, explore, now));
      }
    }
    if (!isNew) return;
    if (place.field > 0)
      expand(here); // the rest of the same screen: no move of its own
    else queue.push(here);
  };
  const expand = (here: Reached) => {
    const step = stepAt(script, here);
    const field = step.kind === 'ask' ? step.fields[here.place.field] : undefined;
    const letters = field ? alphabet(field) : ['said'];
    const places = new Map<string, Place>();
    for (const as of letters) {
      const word = explore.likeness(here.place, as);
      const place = places.get(word) ?? explore.answer(here.place, as);
      places.set(word, place);
      reach(place, here.given, here, { as });
    }
  };

  for (const given of givenCombinations(script)) reach(explore.start(given), given);
  for (const here of queue) {
    if (found.size > limit) throw new Error(`more than ${limit} places: the script is too entangled to be checked`);
    const step = stepAt(script, here);
    used.add(step.id);
    if (arrive(here, step)) good.push(here);
    if (!isSpoken(step)) continue;
    expand(here);
    for (const exit of explore.exits(here.place)) {
      used.add(`exit ${exit.id}`);
      if (exit.to !== undefined) reach(explore.leave(here.place, exit), here.given, here, { exit: exit.id });
    }
  }
  return { queue, good, moves };
}

/** Everything that can be wrong with standing here. Answers whether a call may end here. */
function judge(
  here: Reached,
  step: Step,
  r: Reads | undefined,
  explore: Explorer,
  used: Set<string>,
  report: Report,
): boolean {
  if (!r) throw new Error(`nothing to read at ${step.id}`);
  const { place } = here;
  const holds = (formula: Formula) => explore.truth(place, formula);
  for (const { secret, may } of r.reveals) if (!holds(may)) report('reveal', step.id, messages.reveal(secret), here);
  for (const { field, asked } of r.masked) if (!holds(asked)) report('mask', step.id, messages.mask(field), here);
  if (!holds(r.notice)) report('notice', step.id, messages.notice(), here);
  for (const { topic, may } of r.scope) if (!holds(may)) report('scope', step.id, messages.scope(topic), here);
  for (const { topic, asked } of r.asked) if (!holds(asked)) report('asked', step.id, messages.asked(topic), here);
  if (step.kind !== 'outcome') return false;
  const offered = explore.offers(place);
  if (offered.length === 0) report('end', step.id, messages.end(), here);
  for (const n of offered) {
    const offer = step.offers[n];
    if (!offer) continue;
    used.add(`${step.id} ${nameOf(offer)}`);
    const stands = r.stands[n];
    if (stands === undefined) report('stands', step.id, messages.foreign(nameOf(offer)), here);
    else if (!holds(stands)) report('stands', step.id, messages.stands(nameOf(offer)), here);
  }
  return offered.length > 0;
}

function checkTexts(script: Script, kind: Duties, report: Report): void {
  for (const { step, message } of wordProblems(script)) report('words', step, message);
  const mandatory = new Set(fieldsOf(script).flatMap((field) => (field.mandatory ? [field.about] : [])));
  for (const topic of kind.mustAsk) if (!mandatory.has(topic)) report('duty', topic, messages.duty(topic));
  const asked = new Set(fieldsOf(script).map((field) => field.about));
  for (const step of script.steps)
    for (const name of placeholdersAt(step))
      if (!kind.spoken.includes(name) && !asked.has(name)) report('duty', step.id, messages.unfilled(name));
  for (const exit of script.exits) {
    const sentence = exit.text ? `${exit.text.zh}\n${exit.text.en}` : '';
    for (const secret of secretsIn(sentence))
      if (kind.mayReveal[secret] !== 'always') report('reveal', `exit ${exit.id}`, messages.aside(secret));
    for (const name of placeholdersIn(sentence))
      if (!kind.spoken.includes(name)) report('duty', `exit ${exit.id}`, messages.unfilled(name));
  }
}

function reportUnused(script: Script, used: ReadonlySet<string>, report: Report): void {
  for (const step of script.steps) {
    if (!used.has(step.id)) {
      report('dead', step.id, messages.dead());
      continue;
    }
    for (const side of sidesOf(step))
      if (!used.has(`${step.id} ${side}`)) report('choice', step.id, messages.side(side));
    if (step.kind === 'outcome')
      for (const name of new Set(step.offers.map(nameOf)))
        if (!used.has(`${step.id} ${name}`)) report('choice', step.id, messages.neverOffered(name));
  }
  for (const exit of script.exits)
    if (!used.has(`exit ${exit.id}`)) report('choice', `exit ${exit.id}`, messages.neverOffered(exit.id));
}

/** The sides a call can take at a step without anybody answering. */
export function sidesOf(step: Step): readonly string[] {
  if (step.kind === 'gate') return ['pass', 'else'];
  if (step.kind === 'branch') return [...step.cases.map((_, n) => `case ${n + 1}`), 'below'];
  return step.kind === 'ask' && step.scope ? ['skipped'] : [];
}

/** The call that led here, its fields gathered into screens again. */
function movesTo(script: Script, here: Reached): ClassMove[] {
  const moves: ClassMove[] = [];
  let classes: AnswerClass[] = [];
  for (let now: Reached | undefined = here; now?.parent && now.by; now = now.parent) {
    const from: Reached = now.parent;
    const step = stepAt(script, from).id;
    if ('exit' in now.by) moves.unshift({ step, exit: now.by.exit });
    else {
      classes.unshift(now.by.as);
      if (from.place.field > 0) continue;
      moves.unshift({ step, as: classes });
      classes = [];
    }
  }
  return moves;
}

function explored(script: Script, explore: Explorer, here: Reached): Explored {
  const path = movesTo(script, here);
  const move = path.pop();
  if (!move) throw new Error('a move without a move');
  const step = stepAt(script, here);
  const offered = step.kind === 'outcome' ? explore.offers(here.place).map((n) => nameOf(step.offers[n]!)) : [];
  return { given: here.given, path, move, to: step.id, offered };
}
