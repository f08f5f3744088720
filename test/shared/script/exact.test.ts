import { describe, expect, it } from 'vitest';
import { leaving, type Script, scriptSchema } from '#shared/script/format.ts';
import { prove, sidesOf } from '#shared/script/prove.ts';
import { exhaust, judgeOf } from './support/oracle.ts';
import { int, pick, random } from './support/random.ts';

const text = (zh: string) => ({ zh, en: zh });
const classes: Record<string, string[]> = {
  'consent.recording': ['yes', 'no', 'unknown', 'refused', 'unasked'],
  'person.idLast4': ['match', 'mismatch', 'unknown', 'unasked'],
  'person.home': ['match', 'mismatch', 'refused'],
  'employer.name': ['match', 'near', 'mismatch', 'unknown', 'refused', 'unasked'],
  'income.monthly': ['match', 'near', 'mismatch', 'refused'],
  'application.signer': ['self', 'other', 'unasked', 'refused'],
  'contact.slot': ['noted', 'refused', 'unasked'],
  'consent.incomeInquiry': ['granted', 'absent'],
};
const topics = Object.keys(classes).slice(0, -1);
const facts = ['notice', 'identity', 'complete', 'differs', 'near', 'flagged', 'suspicious', 'mine'];

/** A small script with every kind of step, screens of two fields, scopes, exits and conditions; not always well formed. */
function randomScript(seed: number): unknown {
  const r = random(seed);
  const n = 4 + int(r, 4);
  const ids = Array.from({ length: n }, (_, i) => `step.s${i}`);
  const down = (i: number) => ids[Math.min(n - 1, i + 1 + int(r, 3))]!;
  const plan = ids.map((_, i) =>
    i === n - 1 ? 'outcome' : pick(r, ['ask', 'ask', 'ask', 'ask', 'say', 'gate', 'branch', i > 2 ? 'outcome' : 'ask']),
  );
  const asked = plan.map(() => [...new Set([pick(r, topics), ...(r() < 0.25 ? [pick(r, topics)] : [])])]);
  const leaves = r() < 0.5;
  const usable = [...new Set(asked.filter((_, i) => plan[i] === 'ask').flat()), 'consent.incomeInquiry'];
  if (leaves) usable.push(leaving);
  const row = () =>
    Object.fromEntries(
      Array.from({ length: 1 + int(r, 2) }, () => {
        if (r() < 0.5) return [pick(r, facts), r() < 0.6];
        const topic = pick(r, usable);
        const some = classes[topic] ?? ['leave', 'unasked'];
        return [topic, r() < 0.5 ? pick(r, some) : [...new Set([pick(r, some), pick(r, some)])]];
      }),
    );
  const condition = () => (r() < 0.6 ? row() : [row(), row()]);
  const field = (about: string, i: number) => {
    const choices = { 'consent.recording': ['yes', 'no'], 'application.signer': ['self', 'other'] }[about];
    const near = about.startsWith('employer') || about.startsWith('income');
    const compare = choices || about === 'contact.slot' ? undefined : near ? { within: 10, near: 20 } : {};
    const letters = [
      ...(compare ? ['match', 'mismatch', 'noted'] : (choices ?? ['noted'])),
      ...(near ? ['near'] : []),
      'unknown',
      'refused',
    ];
    return {
      about,
      label: text('题'),
      answer: choices ? 'choice' : near ? 'money' : 'text',
      ...(choices ? { choices: Object.fromEntries(choices.map((as) => [as, text(as)])) } : {}),
      ...(compare ? { compare } : {}),
      ...(r() < 0.5 ? { mandatory: true } : {}),
      on: Object.fromEntries(letters.filter(() => r() < 0.25).map((as) => [as, down(i)])),
      flags: Object.fromEntries(
        letters.filter(() => r() < 0.15).map((as) => [as, pick(r, ['INCOME_DIFFERS', 'NO_PROOF', 'IMPERSONATION'])]),
      ),
    };
  };
  const steps = ids.map((id, i) => {
    switch (plan[i]) {
      case 'ask':
        return {
          kind: 'ask',
          id,
          text: text(r() < 0.2 ? '贷款的情况?' : r() < 0.15 ? '您说的{income.monthly}呢?' : '请问?'),
          fields: asked[i]!.map((about) => field(about, i)),
          ...(r() < 0.15 ? { scope: 'consent.incomeInquiry' } : {}),
          ...(r() < 0.3 ? { next: down(i) } : {}),
        };
      case 'say':
        return {
          kind: 'say',
          id,
          text: text(r() < 0.3 ? '您的贷款。' : '好的。'),
          ...(r() < 0.3 ? { next: down(i) } : {}),
        };
      case 'gate':
        return { kind: 'gate', id, needs: condition(), else: down(i) };
      case 'branch':
        return {
          kind: 'branch',
          id,
          cases: Array.from({ length: 1 + int(r, 2) }, () => ({ if: condition(), to: down(i) })),
        };
      default:
        return {
          kind: 'outcome',
          id,
          offers: Array.from({ length: 1 + int(r, 3) }, () => ({
            code: pick(r, ['VERIFIED', 'VERIFIED_MINOR', 'PARTIAL', 'ID_FAILED']),
            ...(r() < 0.8 ? { when: condition() } : {}),
          })),
        };
    }
  });
  return {
    id: 'random',
    version: 1,
    kind: 'PRELOAN_BORROWER',
    title: text('随机'),
    given: { 'consent.incomeInquiry': ['granted', 'absent'] },
    facts: { mine: [row()].map((some) => (Object.keys(some).includes('mine') ? { notice: true } : some)) },
    steps,
    exits: leaves
      ? [{ id: 'leave', label: text('退出'), to: ids[n - 1], ...(r() < 0.5 ? { while: condition() } : {}) }]
      : [],
  };
}

/** Where the checks and the list of all calls disagree. */
function disagreements(script: Script): string[] | undefined {
  const proof = prove(script);
  if (proof.violations.some((v) => v.property === 'format')) return undefined; // refused before any exploring
  let every: ReturnType<typeof exhaust>;
  try {
    every = exhaust(judgeOf(script), 700);
  } catch {
    return undefined; // more calls than can be listed
  }
  const wrong: string[] = [];
  const perCall = ['reveal', 'mask', 'notice', 'scope', 'stands', 'asked', 'end'];
  const mine = new Map<string, number>();
  for (const v of proof.violations)
    if (perCall.includes(v.property)) {
      const key = `${v.property} ${v.step}`;
      mine.set(key, Math.min(mine.get(key) ?? v.call.length, v.call.length));
    }
  for (const [key, length] of every.found)
    if (mine.get(key) !== length) wrong.push(`${key}: checks ${mine.get(key)}, all calls ${length}`);
  for (const key of mine.keys()) if (!every.found.has(key)) wrong.push(`false alarm ${key}`);
  if (proof.violations.some((v) => v.property === 'trap') !== every.trapped) wrong.push(`trap ${every.trapped}`);
  const dead = new Set(proof.violations.filter((v) => v.property === 'dead').map((v) => v.step));
  let unused = 0;
  for (const step of script.steps) {
    if (dead.has(step.id) === every.routes.has(step.id)) wrong.push(`dead ${step.id}`);
    if (!every.routes.has(step.id)) continue;
    const names = step.kind === 'outcome' ? [...new Set(step.offers.map((o) => o.code))] : [];
    unused += [...sidesOf(step), ...names].filter((side) => !every.routes.has(`${step.id} ${side}`)).length;
  }
  unused += script.exits.filter((exit) => !every.routes.has(`exit ${exit.id}`)).length;
  if (proof.violations.filter((v) => v.property === 'choice').length !== unused) wrong.push(`choice ${unused}`);
  return wrong;
}

describe('the checks are exact', () => {
  const wanted = Number(process.env.SCRIPT_EXACT ?? 200);
  it(`on ${wanted} small random scripts they find what listing every call finds, with the same shortest length`, () => {
    const wrong: string[] = [];
    let compared = 0;
    for (let seed = 1; compared < wanted && seed < wanted * 40; seed++) {
      const parsed = scriptSchema.safeParse(randomScript(seed));
      const found = parsed.success ? disagreements(parsed.data) : undefined;
      if (!found) continue;
      compared++;
      wrong.push(...found.map((what) => `${seed}: ${what}`));
    }
    expect(wrong).toEqual([]);
    expect(compared).toBe(wanted);
  }, 600_000);
});
