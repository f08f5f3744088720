/** Seeded mutations of a script: the mistakes an author makes. */
import type { Condition, Script } from '#shared/script/format.ts';
import { revealedBy } from '#shared/script/words.ts';
import { int, pick, type Random, random } from './random.ts';

export type Mutant = { readonly operator: string; readonly what: string; readonly script: Script };
type Operator = (script: Script, r: Random) => string | undefined;
type Jump = { readonly from: number; readonly what: string; readonly set: (to: string) => void };

function jumpsOf(script: Script): Jump[] {
  const jumps: Jump[] = [];
  for (const [from, step] of script.steps.entries()) {
    const add = (what: string, set: (to: string) => void) => jumps.push({ from, what: `${step.id} ${what}`, set });
    if (step.kind === 'ask')
      for (const field of step.fields)
        for (const as of Object.keys(field.on ?? {}))
          add(`on ${as}`, (to) => {
            field.on = { ...field.on, [as]: to };
          });
    if (step.kind === 'ask' || step.kind === 'say')
      add('next', (to) => {
        step.next = to;
      });
    if (step.kind === 'gate')
      add('else', (to) => {
        step.else = to;
      });
    if (step.kind === 'branch')
      for (const side of step.cases)
        add('case', (to) => {
          side.to = to;
        });
  }
  return jumps;
}

type Rule = { readonly what: string; readonly get: Condition; readonly set: (c: Condition) => void };
function rulesOf(script: Script): Rule[] {
  const rules: Rule[] = [];
  for (const step of script.steps) {
    if (step.kind === 'outcome')
      for (const offer of step.offers)
        if (offer.when)
          rules.push({
            what: `${step.id} ${offer.code}`,
            get: offer.when,
            set: (c) => {
              offer.when = c;
            },
          });
    if (step.kind === 'gate')
      rules.push({
        what: step.id,
        get: step.needs,
        set: (c) => {
          step.needs = c;
        },
      });
    if (step.kind === 'branch')
      for (const side of step.cases)
        rules.push({
          what: step.id,
          get: side.if,
          set: (c) => {
            side.if = c;
          },
        });
  }
  return rules;
}

const operators: Readonly<Record<string, Operator>> = {
  'redirect a jump': (script, r) => {
    const jump = pick(r, jumpsOf(script));
    const below = script.steps.slice(jump.from + 1);
    if (below.length === 0) return undefined;
    const to = pick(r, below).id;
    jump.set(to);
    return `${jump.what} → ${to}`;
  },
  'loop back': (script, r) => {
    const jump = pick(r, jumpsOf(script));
    const to = script.steps[int(r, jump.from + 1)]!.id;
    jump.set(to);
    return `${jump.what} → back to ${to}`;
  },
  'drop a question': (script, r) => {
    const step = pick(
      r,
      script.steps.filter((s) => s.kind === 'ask' || s.kind === 'say'),
    );
    script.steps = script.steps.filter((s) => s !== step);
    return `drop ${step.id}`;
  },
  'swap neighbours': (script, r) => {
    const at = int(r, script.steps.length - 1);
    const [a, b] = [script.steps[at]!, script.steps[at + 1]!];
    script.steps[at] = b;
    script.steps[at + 1] = a;
    return `swap ${a.id} and ${b.id}`;
  },
  'move a revealing text up': (script, r) => {
    const some = script.steps.filter((s) => revealedBy(s).length > 0);
    const step = pick(r, some);
    const to = int(r, script.steps.indexOf(step));
    script.steps = script.steps.filter((s) => s !== step);
    script.steps.splice(to, 0, step);
    return `${step.id} up to place ${to}`;
  },
  'forget a mark': (script, r) => {
    const step = pick(
      r,
      script.steps.filter((s) => s.kind === 'ask'),
    );
    if (step.kind !== 'ask') return undefined;
    if (step.scope && r() < 0.5) {
      delete step.scope;
      return `${step.id} without scope`;
    }
    const field = pick(r, step.fields);
    delete field.mandatory;
    return `${step.id} ${field.about} not mandatory`;
  },
  'change a rule': (script, r) => {
    const rule = pick(r, rulesOf(script));
    const rows = structuredClone([rule.get].flat());
    const row = pick(r, rows);
    const key = pick(r, Object.keys(row));
    const wanted = row[key];
    if (typeof wanted === 'boolean' && r() < 0.5) row[key] = !wanted;
    else delete row[key];
    const left = rows.filter((some) => Object.keys(some).length > 0);
    if (left.length === 0) return undefined;
    rule.set(left);
    return `${rule.what}: ${key} changed`;
  },
};

/** `count` different mutants, the operators in turn. */
export function mutantsOf(original: Script, count: number, seed: number): readonly Mutant[] {
  const r = random(seed);
  const seen = new Set([JSON.stringify(original)]);
  const found: Mutant[] = [];
  const names = Object.keys(operators);
  for (let n = 0; found.length < count && n < count * 50; n++) {
    const operator = names[n % names.length]!;
    const script = structuredClone(original);
    const what = operators[operator]?.(script, r);
    const key = JSON.stringify(script);
    if (what === undefined || seen.has(key)) continue;
    seen.add(key);
    found.push({ operator, what, script });
  }
  return found;
}
