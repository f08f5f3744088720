/**
 * The independent judge of scripts: its own interpreter (latest answers in a plain object, conditions by direct
 * recursion) and a monitor per property. It shares with the checks only the format, the duties of the kinds and the word
 * list; it imports neither conditions.ts nor explore.ts nor prove.ts.
 */
import { flags, isFlagCode } from '#shared/script/flags.ts';
import { alphabet } from '#shared/script/flow.ts';
import type { Condition, Exit, Field, Script } from '#shared/script/format.ts';
import { duties, granted } from '#shared/script/kinds.ts';
import { placeholdersAt, revealedBy } from '#shared/script/words.ts';
import { pick, type Random, random } from './random.ts';

export type Known = Readonly<Record<string, string>>;
export type Judge = ReturnType<typeof judgeOf>;

export function judgeOf(script: Script) {
  const kind = duties[script.kind];
  const fields: Field[] = script.steps.flatMap((step) => (step.kind === 'ask' ? step.fields : []));
  const position: Record<string, number> = {};
  for (const [at, step] of script.steps.entries()) position[step.id] ??= at;
  const scopeOfMark: Record<string, string | undefined> = {};
  for (const step of script.steps)
    if (step.kind === 'ask')
      for (const field of step.fields) if (field.mandatory) scopeOfMark[field.about] = step.scope;
  const empty = ['unknown', 'refused', 'skipped'];
  const answered = (topic: string, k: Known) =>
    k[topic] !== undefined &&
    !empty.includes(k[topic]) &&
    fields.some((field) => field.about === topic && alphabet(field).includes(k[topic]!));
  const covered = (scope: string | undefined, k: Known) => scope === undefined || k[scope] === granted;
  const weigh = (k: Known) =>
    fields.reduce((sum, field) => {
      const code = field.flags?.[k[field.about] ?? ''];
      return sum + (code !== undefined && isFlagCode(code) ? flags[code].weight : 0);
    }, 0);

  function fact(name: string, k: Known, duty: boolean): boolean {
    switch (name) {
      case 'notice':
        return holds(kind.notice, k);
      case 'identity':
        return holds(kind.identity, k);
      case 'complete':
        return duty
          ? kind.mustAsk.every((topic) => answered(topic, k) || !covered(kind.scopes[topic], k))
          : Object.keys(scopeOfMark).every((topic) => answered(topic, k) || !covered(scopeOfMark[topic], k));
      case 'differs':
        return fields.some((field) => field.compare && ['mismatch', 'denied'].includes(k[field.about] ?? ''));
      case 'near':
        return fields.some((field) => field.compare && k[field.about] === 'near');
      case 'flagged':
        return fields.some((field) => field.flags?.[k[field.about] ?? ''] !== undefined);
      case 'suspicious':
        return weigh(k) >= 2;
      default:
        return script.facts?.[name] !== undefined && holds(script.facts[name], k);
    }
  }
  function holds(condition: Condition | undefined, k: Known, duty = false): boolean {
    if (!condition) return true;
    return [condition].flat().some((row) =>
      Object.entries(row).every(([name, wanted]) => {
        if (!name.includes('.')) return fact(name, k, duty) === wanted;
        return [wanted].flat().includes(k[name] ?? 'unasked');
      }),
    );
  }
  const at = (n: number) => {
    const step = script.steps[n];
    if (!step) throw new Error(`no step ${n}`);
    return step;
  };

  /** What is wrong at the moment of standing at this step, as "property step". */
  function wrongAt(n: number, k: Known): string[] {
    const step = at(n);
    const bad: string[] = [];
    for (const secret of revealedBy(step)) {
      const rule = kind.mayReveal[secret];
      if (rule === 'never' || (rule !== 'always' && !holds(rule, k))) bad.push(`reveal ${step.id}`);
    }
    for (const name of placeholdersAt(step))
      if (name.includes('.') && !kind.spoken.includes(name) && k[name] === undefined) bad.push(`mask ${step.id}`);
    if (step.kind === 'ask') {
      const ofTheFile = step.fields.some((field) => field.compare || kind.mustAsk.includes(field.about));
      if (ofTheFile && !fact('notice', k, true)) bad.push(`notice ${step.id}`);
      if (step.fields.some((field) => !covered(kind.scopes[field.about], k))) bad.push(`scope ${step.id}`);
    }
    if (step.kind !== 'outcome') return bad;
    const offered = step.offers.filter((offer) => holds(offer.when, k));
    if (offered.length === 0) bad.push(`end ${step.id}`);
    if (step.offers.some((offer) => offer.code === 'VERIFIED'))
      for (const topic of kind.mustAsk)
        if (k[topic] === undefined && covered(kind.scopes[topic], k)) bad.push(`asked ${step.id}`);
    for (const offer of offered) {
      const stands = kind.stands[`${offer.code}/${offer.sub}`] ?? kind.stands[offer.code];
      if (!stands || !holds(stands, k, true)) bad.push(`stands ${step.id}`);
    }
    return bad;
  }
  const jump = (id: string | undefined, n: number): number => (id === undefined ? n + 1 : (position[id] ?? -1));
  /** Past gates, branches and questions outside of the authorisation; -1 where that leads nowhere. */
  function settle(from: number, k: Known, mark: (route: string) => void): number {
    for (let n = from, hops = 0; n >= 0 && n < script.steps.length && hops < 500; hops++) {
      const step = at(n);
      mark(step.id);
      if (step.kind === 'gate') {
        const pass = holds(step.needs, k);
        mark(`${step.id} ${pass ? 'pass' : 'else'}`);
        n = pass ? n + 1 : jump(step.else, n);
      } else if (step.kind === 'branch') {
        const side = step.cases.findIndex((c) => holds(c.if, k));
        mark(`${step.id} ${side < 0 ? 'below' : `case ${side + 1}`}`);
        n = side < 0 ? n + 1 : jump(step.cases[side]?.to, n);
      } else if (step.kind === 'ask' && !covered(step.scope, k)) {
        mark(`${step.id} skipped`);
        n = jump(step.next, n);
      } else return n;
    }
    return -1;
  }
  /** The step after a screen was answered, before settling. */
  function after(n: number, classes: readonly string[]): number {
    const step = at(n);
    if (step.kind === 'ask')
      for (const [f, field] of step.fields.entries()) {
        const to = field.on?.[classes[f] ?? ''];
        if (to !== undefined) return jump(to, n);
      }
    return jump(step.kind === 'ask' || step.kind === 'say' ? step.next : undefined, n);
  }
  function learn(n: number, classes: readonly string[], k: Known): Known {
    const step = at(n);
    if (step.kind === 'ask')
      return { ...k, ...Object.fromEntries(step.fields.map((field, f) => [field.about, classes[f] ?? ''])) };
    return step.kind === 'say' && step.about ? { ...k, [step.about]: 'said' } : k;
  }
  const exits = (n: number, k: Known): Exit[] =>
    at(n).kind === 'outcome'
      ? []
      : script.exits.filter((exit) => (exit.to === undefined || (position[exit.to] ?? -1) > n) && holds(exit.while, k));
  const offered = (n: number, k: Known): string[] => {
    const step = at(n);
    if (step.kind !== 'outcome') return [];
    return step.offers.filter((o) => holds(o.when, k)).map((o) => (o.sub ? `${o.code}/${o.sub}` : o.code));
  };
  return { script, position, at, wrongAt, settle, after, learn, exits, offered };
}

/** What random calls find: "property step" with the length of the shortest such call, and every route taken. */
export type Walked = { readonly found: ReadonlyMap<string, number>; readonly routes: ReadonlySet<string> };

/** Random calls. A temperament per call (how often the answer is the pleasant one) makes rare paths frequent enough. */
export function walk(judge: Judge, calls: number, seed: number): Walked {
  const r = random(seed);
  const found = new Map<string, number>();
  const routes = new Set<string>();
  const mark = (route: string) => routes.add(route);
  for (let n = 0; n < calls; n++) walkOnce(judge, r, found, mark);
  return { found, routes };
}

function walkOnce(judge: Judge, r: Random, found: Map<string, number>, mark: (route: string) => void): void {
  const pleasant = pick(r, [0.25, 0.6, 0.8, 0.9, 0.96, 1]);
  const leaves = pick(r, [0, 0, 0.03, 0.15]);
  let k: Known = Object.fromEntries(Object.entries(judge.script.given ?? {}).map(([t, some]) => [t, pick(r, some)]));
  let at = judge.settle(0, k, mark);
  for (let length = 0; ; length++) {
    const see = (what: string) => found.set(what, Math.min(found.get(what) ?? length, length));
    if (at < 0 || length > 500) {
      see('trap');
      return;
    }
    const step = judge.at(at);
    for (const wrong of judge.wrongAt(at, k)) see(wrong);
    for (const name of judge.offered(at, k)) mark(`${step.id} ${name}`);
    if (step.kind === 'outcome') return;
    const ways = leaves > 0 && r() < leaves ? judge.exits(at, k).filter((exit) => exit.to !== undefined) : [];
    if (ways.length > 0) {
      const exit = pick(r, ways);
      mark(`exit ${exit.id}`);
      k = { ...k, 'call.leaving': exit.id };
      at = judge.settle(judge.position[exit.to ?? ''] ?? -1, k, mark);
      continue;
    }
    const classes =
      step.kind === 'ask'
        ? step.fields.map((field) => (r() < pleasant ? alphabet(field)[0]! : pick(r, alphabet(field))))
        : [];
    k = judge.learn(at, classes, k);
    at = judge.settle(judge.after(at, classes), k, mark);
  }
}

/** Every call there is, for small scripts only, with all that is ever wrong and whether somebody is ever trapped. */
export function exhaust(judge: Judge, limit: number): Walked & { readonly trapped: boolean } {
  const found = new Map<string, number>();
  const routes = new Set<string>();
  const mark = (route: string) => routes.add(route);
  let trapped = false;
  let calls = 0;
  /** Whether some continuation without exits ends well. */
  const go = (at: number, k: Known, length: number): boolean => {
    if (++calls > limit) throw new Error('too many calls');
    if (at < 0) return false;
    const step = judge.at(at);
    for (const wrong of judge.wrongAt(at, k)) found.set(wrong, Math.min(found.get(wrong) ?? length, length));
    for (const name of judge.offered(at, k)) mark(`${step.id} ${name}`);
    if (step.kind === 'outcome') return judge.offered(at, k).length > 0;
    let well = false;
    for (const classes of screens(step.kind === 'ask' ? step.fields : [])) {
      const known = judge.learn(at, classes, k);
      if (go(judge.settle(judge.after(at, classes), known, mark), known, length + 1)) well = true;
    }
    for (const exit of judge.exits(at, k)) {
      mark(`exit ${exit.id}`);
      if (exit.to === undefined) continue;
      const known = { ...k, 'call.leaving': exit.id };
      go(judge.settle(judge.position[exit.to] ?? -1, known, mark), known, length + 1);
    }
    if (!well) trapped = true;
    return well;
  };
  const givens = Object.entries(judge.script.given ?? {}).reduce<Known[]>(
    (some, [t, classes]) => some.flatMap((k) => classes.map((as) => ({ ...k, [t]: as }))),
    [{}],
  );
  for (const k of givens) go(judge.settle(0, k, mark), k, 0);
  return { found, routes, trapped };
}

const screens = (fields: readonly Field[]): string[][] =>
  fields.reduce<string[][]>((some, field) => some.flatMap((row) => alphabet(field).map((as) => [...row, as])), [[]]);
