/**
 * What changed between two versions of a script, for the person who has to approve it: by kind of change (wording goes to
 * the compliance officer, flow and duties need the checks again), and by the shortest call on which the versions part.
 */
import type { Text } from '../text.ts';
import { explorer, givenCombinations, type Place } from './explore.ts';
import { alphabet, isSpoken, topicsOf } from './flow.ts';
import type { Script, Step } from './format.ts';
import type { StepId } from './move.ts';
import { nameOf } from './prove.ts';
import { topicText } from './topics.ts';
import { answerText } from './violation.ts';

export const changeKinds = ['added', 'removed', 'moved', 'wordingZh', 'wordingEn', 'flow', 'duty', 'rule'] as const;
export type ChangeKind = (typeof changeKinds)[number];
/** `step` may also be "given", "facts" or "exits". `before` and `after` are short writings of what changed. */
export type Change = {
  readonly step: string;
  readonly what: ChangeKind;
  readonly before?: string;
  readonly after?: string;
};

type Aspect = Exclude<ChangeKind, 'added' | 'removed' | 'moved'>;

/** The parts of a step, one short writing for each kind of change. */
function aspectsOf(step: Step): Readonly<Record<Aspect, string>> {
  const fields = step.kind === 'ask' ? step.fields : [];
  const wording = (language: keyof Text) =>
    JSON.stringify([
      isSpoken(step) ? (step.text?.[language] ?? '') : '',
      ...fields.map((field) => [
        field.label[language],
        ...Object.values({ ...field.choices, ...field.options }).map((text) => text[language]),
      ]),
    ]);
  const flow = (): unknown => {
    if (step.kind === 'gate') return step.else;
    if (step.kind === 'branch') return step.cases.map((side) => side.to);
    return isSpoken(step) ? [step.next, ...fields.map((field) => field.on)] : [];
  };
  const rule = (): unknown => {
    if (step.kind === 'gate') return step.needs;
    if (step.kind === 'branch') return step.cases.map((side) => side.if);
    return step.kind === 'outcome' ? step.offers : step.kind === 'ask' ? step.scope : undefined;
  };
  const duty = fields.map(({ label: _, on: __, choices, options, ...rest }) => ({
    ...rest,
    choices: Object.keys(choices ?? {}),
    options: Object.keys(options ?? {}),
  }));
  const said = isSpoken(step) ? [topicsOf(step), step.reveals, step.kind === 'ask' ? step.beside : undefined] : [];
  return {
    wordingZh: wording('zh'),
    wordingEn: wording('en'),
    flow: JSON.stringify(flow() ?? null),
    duty: JSON.stringify([duty, said]),
    rule: JSON.stringify(rule() ?? null),
  };
}

export function changesBetween(before: Script, after: Script): readonly Change[] {
  const old = new Map(before.steps.map((step) => [step.id, step]));
  const now = new Map(after.steps.map((step) => [step.id, step]));
  const changes: Change[] = [...old.keys()].filter((id) => !now.has(id)).map((id) => ({ step: id, what: 'removed' }));
  const oldOrder = before.steps.map((step) => step.id).filter((id) => now.has(id));
  const order = after.steps.map((step) => step.id).filter((id) => old.has(id));
  for (const step of after.steps) {
    const was = old.get(step.id);
    if (!was) {
      changes.push({ step: step.id, what: 'added' });
      continue;
    }
    const above = (list: readonly string[]) => list[list.indexOf(step.id) - 1] ?? '';
    if (above(order) !== above(oldOrder))
      changes.push({ step: step.id, what: 'moved', before: above(oldOrder), after: above(order) });
    const [a, b] = [aspectsOf(was), aspectsOf(step)];
    for (const what of changeKinds)
      if (what !== 'added' && what !== 'removed' && what !== 'moved' && a[what] !== b[what])
        changes.push({ step: step.id, what, before: a[what], after: b[what] });
  }
  for (const part of ['given', 'facts', 'exits'] as const) {
    const [a, b] = [JSON.stringify(before[part] ?? null), JSON.stringify(after[part] ?? null)];
    if (a !== b) changes.push({ step: part, what: 'rule', before: a, after: b });
  }
  return changes;
}

/** Where the versions part: the shortest call that gets there, and what each then does. */
export type Parting = { readonly call: readonly string[]; readonly before: string; readonly after: string };

type Side = {
  readonly script: Script;
  readonly ids: ReadonlySet<StepId>;
  readonly explore: ReturnType<typeof explorer>;
};
type Pair = { readonly was: Place; readonly is: Place; readonly call: readonly string[] };

/** Both versions in lockstep on the same answers; both must be free of format problems. Shortest first. */
export function partingsOf(before: Script, after: Script): readonly Parting[] {
  const side = (script: Script): Side => ({
    script,
    ids: new Set(script.steps.map((step) => step.id)),
    explore: explorer(script),
  });
  const [a, b] = [side(before), side(after)];
  const seen = new Set<string>();
  const queue: Pair[] = [];
  const found = new Map<string, Parting>();
  const add = (was: Place, is: Place, call: readonly string[]) => {
    const key = `${was.key}#${is.key}`;
    if (seen.has(key)) return;
    seen.add(key);
    queue.push({ was, is, call });
  };
  const part = (call: readonly string[], wasThere: string, isThere: string) => {
    const key = `${call.at(-1)}|${wasThere}|${isThere}`;
    if (!found.has(key)) found.set(key, { call, before: wasThere, after: isThere });
  };

  for (const given of givenCombinations(after))
    add(
      a.explore.start(given),
      b.explore.start(given),
      Object.entries(given).map(([topic, as]) => `${topic} ${as}`),
    );
  for (const { was, is, call } of queue) {
    const [s, t] = [a.script.steps[was.at], b.script.steps[is.at]];
    if (!s || !t) continue;
    // what only one version asks is answered there alone, so that both can be compared after it
    const onlyBefore = () => {
      for (const [place, words] of answersAt(a, was)) add(place, is, [...call, `(-) ${words}`]);
    };
    const onlyAfter = () => {
      for (const [place, words] of answersAt(b, is)) add(was, place, [...call, `(+) ${words}`]);
    };
    if (s.id !== t.id) {
      if (was.field > 0) onlyBefore();
      else if (is.field > 0) onlyAfter();
      else {
        if (!a.ids.has(t.id) && isSpoken(t)) onlyAfter();
        else if (!b.ids.has(s.id) && isSpoken(s)) onlyBefore();
        part(call, s.id, t.id);
      }
    } else if (s.kind === 'outcome' && t.kind === 'outcome') {
      const [lost, won] = offersApart(a, was, b, is);
      if (lost || won) part([...call, t.id], lost, won);
    } else if (isSpoken(s) && isSpoken(t)) {
      const [old, now] = [topicsOf(s)[was.field], topicsOf(t)[is.field]];
      if (s.kind === 'say' || t.kind === 'say' || old === now) {
        const before = new Map(answersAt(a, was).map(([place, words]) => [words, place]));
        for (const [place, words] of answersAt(b, is)) {
          const other = before.get(words);
          if (other) add(other, place, [...call, words]);
        }
      } else if (old !== undefined && !topicsOf(t).includes(old)) onlyBefore();
      else if (now !== undefined && !topicsOf(s).includes(now)) onlyAfter();
      else part(call, `${s.id} ${old}`, `${t.id} ${now}`);
      if (was.field === 0 && is.field === 0) partExits(a, was, b, is, call, t.id, add, part);
    }
  }
  return [...found.values()];
}

/** Every answer to the next open field, with the answer in words. */
function answersAt(side: Side, place: Place): readonly (readonly [Place, string])[] {
  const step = side.script.steps[place.at];
  if (step?.kind !== 'ask') return [[side.explore.answer(place, 'said'), `${step?.id}: ${answerText('said').zh}`]];
  const field = step.fields[place.field];
  if (!field) return [];
  return alphabet(field).map((as) => [
    side.explore.answer(place, as),
    `${step.id}: ${topicText(field.about).zh} ${answerText(as, field).zh}`,
  ]);
}

function offersApart(a: Side, was: Place, b: Side, is: Place): readonly [string, string] {
  const names = (side: Side, place: Place): readonly string[] => {
    const step = side.script.steps[place.at];
    return step?.kind === 'outcome' ? side.explore.offers(place).map((n) => nameOf(step.offers[n]!)) : [];
  };
  const [old, now] = [names(a, was), names(b, is)];
  const only = (some: readonly string[], others: readonly string[]) =>
    some.filter((name) => !others.includes(name)).join(', ');
  return [only(old, now), only(now, old)];
}

function partExits(
  a: Side,
  was: Place,
  b: Side,
  is: Place,
  call: readonly string[],
  step: StepId,
  add: (was: Place, is: Place, call: readonly string[]) => void,
  part: (call: readonly string[], before: string, after: string) => void,
): void {
  const [old, now] = [a.explore.exits(was), b.explore.exits(is)];
  const where = (exit: { to?: StepId | undefined }) => exit.to ?? 'aside';
  for (const id of new Set([...old, ...now].map((exit) => exit.id))) {
    const [from, to] = [old.find((exit) => exit.id === id), now.find((exit) => exit.id === id)];
    const words = `${step}: exit ${id}`;
    if (from && to && from.to !== undefined && to.to !== undefined)
      add(a.explore.leave(was, from), b.explore.leave(is, to), [...call, words]);
    else if (!from || !to) part([...call, words], from ? where(from) : '', to ? where(to) : '');
  }
}
