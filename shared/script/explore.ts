/**
 * All calls a script can have, folded into few places.
 *
 *   place = (step, fields of it already filled, what remains of every condition still to be read,
 *            latest answers that may still be replaced)
 *
 * Two calls at the same place cannot be told apart by anything that is read from there on, so exploring places is exact.
 * A condition is dropped when nothing below reads it, and shrinks when its topics will not be asked again: this is why
 * 17 questions give a few thousand places and not 10^15 calls. A screen with several fields is walked field by field, so
 * that its answers add up instead of multiplying. Everything here relies on jumps going down (formatProblems.ts).
 */
import { type Facts, type Formula, factsOf, holds, is, keyOf, remainder, topicsIn } from './conditions.ts';
import { defaultNext, exitsAt, positions, successors, topicsOf } from './flow.ts';
import { type Exit, leaving, type Script } from './format.ts';
import { granted } from './kinds.ts';
import type { AnswerClass, StepId, Topic } from './move.ts';

export type Place = {
  readonly at: number; // position of the step
  readonly field: number; // fields of this screen already filled; a call stands only where this is 0
  readonly jump: StepId | undefined; // where a field already filled leads
  readonly rest: readonly number[]; // remainders by number, in the order of the layer's formulas
  readonly current: ReadonlyMap<Topic, AnswerClass>;
  readonly key: string;
};

/** A side that was taken at a gate, a branch or a scoped question: "pass", "else", "case 1" …, "below", "skipped". */
export type OnRoute = (step: StepId, side: string) => void;

export type Explorer = {
  readonly start: (given: Readonly<Record<Topic, AnswerClass>>) => Place;
  /** Answers the next open field of a screen (or says what is to be said). */
  readonly answer: (place: Place, as: AnswerClass) => Place;
  /** Answers of the next open field with the same word lead to the same place. */
  readonly likeness: (place: Place, as: AnswerClass) => string;
  readonly exits: (place: Place) => readonly Exit[];
  readonly leave: (place: Place, exit: Exit) => Place;
  /** Which offers of an outcome hold, by position. */
  readonly offers: (place: Place) => readonly number[];
  readonly truth: (place: Place, formula: Formula) => boolean;
};

/** Stands for every answer that no formula names; no word of a script can be it. */
const unread = '*';

/** What is still read and still asked from one point of the script on. */
type Layer = {
  readonly id: number;
  readonly reads: readonly number[]; // formulas by number
  readonly index: ReadonlyMap<number, number>;
  readonly asked: ReadonlySet<Topic>;
  readonly settles: (readonly Topic[] | undefined)[]; // by formula: its topics that can no longer change here
  readonly shrunk: (Map<string, number> | undefined)[]; // by formula: its remainder for the answers it settles
  readonly from: Map<Layer, readonly number[]>; // where each of my formulas stands in another layer
};

/** `alsoRead[at]`: formulas somebody outside of the script (a check, a comparison) asks about at that step. */
export function explorer(
  script: Script,
  alsoRead: readonly (readonly Formula[])[] = [],
  onRoute: OnRoute = () => {},
): Explorer {
  const facts: Facts = factsOf(script);
  const { steps } = script;
  const position = positions(script);
  const placeOf = (id: StepId | undefined): number => {
    const at = id === undefined ? undefined : position.get(id);
    if (at === undefined) throw new Error(`a script with format problems was explored: no step ${id}`);
    return at;
  };

  // every formula has a number, equal ones the same: 0 is false, 1 is true
  const formulas: Formula[] = [false, true];
  const numbers = new Map<string, number>([
    [keyOf(false), 0],
    [keyOf(true), 1],
  ]);
  const byObject = new Map<Formula, number>();
  const numberOf = (formula: Formula): number => {
    const known = byObject.get(formula);
    if (known !== undefined) return known;
    const key = keyOf(formula);
    let number = numbers.get(key);
    if (number === undefined) {
      number = formulas.push(formula) - 1;
      numbers.set(key, number);
    }
    byObject.set(formula, number);
    return number;
  };
  const formulaOf = (number: number): Formula => formulas[number] ?? false;

  const own = steps.map((step, at) => ({
    scope: step.kind === 'ask' && step.scope ? numberOf(is(step.scope, granted)) : 1,
    gate: step.kind === 'gate' ? numberOf(facts.compile(step.needs)) : 1,
    cases: step.kind === 'branch' ? step.cases.map((side) => numberOf(facts.compile(side.if))) : [],
    offers: step.kind === 'outcome' ? step.offers.map((offer) => numberOf(facts.compile(offer.when))) : [],
    exits: exitsAt(script, at).map((exit) => ({ exit, while: numberOf(facts.compile(exit.while)) })),
    also: (alsoRead[at] ?? []).map(numberOf),
  }));
  const readAt = own.map((o) =>
    [o.scope, o.gate, ...o.cases, ...o.offers, ...o.exits.map((x) => x.while), ...o.also].filter(
      (formula) => formula > 1,
    ),
  );
  const base = new Set(readAt.flat());
  const askedAt = steps.map((step, at) => [
    ...topicsOf(step),
    ...(exitsAt(script, at).some((exit) => exit.to !== undefined) ? [leaving] : []),
  ]);
  const below = steps.map((_, from) => {
    const found = new Set<number>();
    const open = [from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const ways = [...successors(script, at), ...exitsAt(script, at).flatMap((exit) => exit.to ?? [])];
      for (const to of ways.map(placeOf))
        if (!found.has(to)) {
          found.add(to);
          open.push(to);
        }
    }
    return [...found];
  });

  let layerCount = 0;
  const layer = (reads: readonly number[], asked: readonly Topic[]): Layer => ({
    id: layerCount++,
    reads,
    index: new Map(reads.map((formula, n) => [formula, n])),
    asked: new Set(asked),
    settles: [],
    shrunk: [],
    from: new Map(),
  });
  const layers: Layer[][] = steps.map((step, at) => {
    const readBelow = (below[at] ?? []).flatMap((b) => readAt[b] ?? []);
    const askedBelow = (below[at] ?? []).flatMap((b) => askedAt[b] ?? []);
    const whole = layer([...new Set([...(readAt[at] ?? []), ...readBelow])], [...(askedAt[at] ?? []), ...askedBelow]);
    const fields = step.kind === 'ask' ? step.fields : [];
    const open = fields
      .slice(1)
      .map((_, n) =>
        layer([...new Set(readBelow)], [...fields.slice(n + 1).map((field) => field.about), ...askedBelow]),
      );
    return [whole, ...open];
  });
  const layerOf = (at: number, field: number): Layer => {
    const found = layers[at]?.[field];
    if (!found) throw new Error(`no layer for field ${field} of step ${at}`);
    return found;
  };

  /** Answers of one topic that no formula tells apart are one answer. */
  const sameAs = new Map<Topic, Map<AnswerClass, AnswerClass>>();
  {
    const atoms = new Map<Topic, (readonly AnswerClass[])[]>();
    const seen = new Set<Formula>();
    const visit = (formula: Formula): void => {
      if (typeof formula === 'boolean' || seen.has(formula)) return;
      seen.add(formula);
      if ('topic' in formula) atoms.set(formula.topic, [...(atoms.get(formula.topic) ?? []), formula.among]);
      else if ('not' in formula) visit(formula.not);
      else formula.of.forEach(visit);
    };
    for (const number of base) visit(formulaOf(number));
    const first = new Map<string, AnswerClass>();
    const settle = (topic: Topic, as: AnswerClass) => {
      const signature = `${topic} ${(atoms.get(topic) ?? []).map((among) => (among.includes(as) ? 1 : 0)).join('')}`;
      if (!first.has(signature)) first.set(signature, as);
      sameAs.set(topic, (sameAs.get(topic) ?? new Map()).set(as, first.get(signature) ?? as));
    };
    for (const [topic, among] of atoms) for (const as of among.flat()) settle(topic, as);
  }
  const like = (topic: Topic, as: AnswerClass): AnswerClass => sameAs.get(topic)?.get(as) ?? unread;

  /** Puts in what is settled in this layer; the same remainders are wanted again and again, so they are kept. */
  const shrink = (number: number, here: Layer, current: Place['current']): number => {
    let settling = here.settles[number];
    if (!settling) {
      settling = [...topicsIn(formulaOf(number))].filter((topic) => !here.asked.has(topic));
      here.settles[number] = settling;
    }
    if (settling.length === 0) return number;
    let signature = '';
    for (const topic of settling) signature += `${current.get(topic) ?? 'unasked'} `;
    let known = here.shrunk[number];
    if (!known) {
      known = new Map();
      here.shrunk[number] = known;
    }
    let rest = known.get(signature);
    if (rest === undefined) {
      const answer = (topic: Topic) => (here.asked.has(topic) ? undefined : (current.get(topic) ?? 'unasked'));
      rest = numberOf(remainder(formulaOf(number), answer));
      known.set(signature, rest);
    }
    return rest;
  };

  const originsOf = (before: Layer, to: Layer): readonly number[] => {
    let origin = to.from.get(before);
    if (!origin) {
      origin = to.reads.map((formula) => before.index.get(formula) ?? -1);
      to.from.set(before, origin);
    }
    return origin;
  };

  const stand = (
    at: number,
    field: number,
    jump: StepId | undefined,
    before: { layer: Layer; rest: readonly number[] } | undefined,
    current: Place['current'],
  ): Place => {
    const here = layerOf(at, field);
    const origin = before && originsOf(before.layer, here);
    const rest: number[] = [];
    for (let n = 0; n < here.reads.length; n++) {
      const number = (before && origin ? before.rest[origin[n]!] : here.reads[n])!; // both are as long as `reads`
      rest.push(number > 1 ? shrink(number, here, current) : number);
    }
    const open = new Map<Topic, AnswerClass>();
    let key = `${here.id}>${jump ?? ''};${String.fromCharCode(...rest)}`;
    for (const topic of [...current.keys()].sort())
      if (here.asked.has(topic) && rest.some((number) => number > 1 && topicsIn(formulaOf(number)).has(topic))) {
        const as = current.get(topic) ?? 'unasked';
        open.set(topic, as);
        key += `;${topic}=${as}`;
      }
    return { at, field, jump, rest, current: open, key };
  };

  const truthOf = (place: Place, number: number): boolean => {
    if (number < 2) return number === 1;
    const n = layerOf(place.at, place.field).index.get(number);
    return holds(formulaOf(n === undefined ? number : (place.rest[n] ?? number)), place.current);
  };
  const here = (place: Place) => ({ layer: layerOf(place.at, place.field), rest: place.rest });

  /** Follows gates, branches and questions outside of the authorisation to the next step that waits for a person. */
  const settle = (to: number, from: Place | undefined, known: Place['current']): Place => {
    let place = stand(to, 0, undefined, from && here(from), known);
    for (;;) {
      const step = steps[place.at];
      const mine = own[place.at];
      if (!step || !mine) throw new Error(`no step ${place.at}`);
      let next: number;
      if (step.kind === 'gate') {
        const pass = truthOf(place, mine.gate);
        onRoute(step.id, pass ? 'pass' : 'else');
        next = pass ? place.at + 1 : placeOf(step.else);
      } else if (step.kind === 'branch') {
        const now = place;
        const n = mine.cases.findIndex((number) => truthOf(now, number));
        onRoute(step.id, n < 0 ? 'below' : `case ${n + 1}`);
        next = n < 0 ? place.at + 1 : placeOf(step.cases[n]?.to);
      } else if (!truthOf(place, mine.scope)) {
        onRoute(step.id, 'skipped');
        next = placeOf(defaultNext(script, place.at));
      } else return place;
      place = stand(next, 0, undefined, here(place), place.current);
    }
  };
  const learned = (place: Place, topic: Topic, as: AnswerClass): Place['current'] =>
    new Map(place.current).set(topic, like(topic, as));

  /** Most exits lead from many places to the same one: what its target still reads decides, so that is remembered. */
  const left = new Map<string, Place>();
  const leave = (place: Place, exit: Exit, to: StepId): Place => {
    let key = exit.id;
    for (const n of originsOf(layerOf(place.at, place.field), layerOf(placeOf(to), 0)))
      key += String.fromCharCode(place.rest[n] ?? 0);
    for (const [topic, as] of place.current) key += ` ${topic}=${as}`;
    const known = left.get(key);
    if (known) return known;
    const found = settle(placeOf(to), place, learned(place, leaving, exit.id));
    left.set(key, found);
    return found;
  };

  return {
    truth: (place, formula) => truthOf(place, numberOf(formula)),
    start: (given) =>
      settle(0, undefined, new Map(Object.entries(given).map(([topic, as]) => [topic, like(topic, as)]))),
    answer: (place, as) => {
      const step = steps[place.at];
      if (step?.kind === 'ask') {
        const field = step.fields[place.field];
        if (!field) throw new Error(`${step.id} has no field ${place.field}`);
        const jump = place.jump ?? field.on?.[as];
        const current = learned(place, field.about, as);
        if (place.field + 1 < step.fields.length) return stand(place.at, place.field + 1, jump, here(place), current);
        return settle(placeOf(jump ?? defaultNext(script, place.at)), place, current);
      }
      const current = step?.kind === 'say' && step.about ? learned(place, step.about, as) : place.current;
      return settle(placeOf(defaultNext(script, place.at)), place, current);
    },
    likeness: (place, as) => {
      const step = steps[place.at];
      const field = step?.kind === 'ask' ? step.fields[place.field] : undefined;
      return field ? `${field.on?.[as] ?? ''} ${like(field.about, as)}` : as;
    },
    exits: (place) => (own[place.at]?.exits ?? []).filter((x) => truthOf(place, x.while)).map((x) => x.exit),
    leave: (place, exit) => (exit.to === undefined ? place : leave(place, exit, exit.to)),
    offers: (place) => (own[place.at]?.offers ?? []).flatMap((number, n) => (truthOf(place, number) ? [n] : [])),
  };
}

/** Every combination of what may be known before the call. */
export function givenCombinations(script: Script): readonly Record<Topic, AnswerClass>[] {
  return Object.entries(script.given ?? {}).reduce<Record<Topic, AnswerClass>[]>(
    (some, [topic, classes]) => some.flatMap((given) => classes.map((as) => ({ ...given, [topic]: as }))),
    [{}],
  );
}
