import { describe, expect, it } from 'vitest';
import { caseKinds } from '#shared/case/kind.ts';
import { dispositionCodeSchema, isCompleteDisposition } from '#shared/disposition/disposition.ts';
import { fieldsOf, topicsOf } from '#shared/script/flow.ts';
import { scriptKinds, scriptSchema } from '#shared/script/format.ts';
import { givenBefore, soothingFrom } from '#shared/script/given.ts';
import { canonicalText } from '#shared/script/hash.ts';
import { duties } from '#shared/script/kinds.ts';
import { prove } from '#shared/script/prove.ts';
import { checkedBeforehand } from '#shared/script/proved.ts';
import { bundledScripts, loadScript, scriptById, scriptFor } from '#shared/script/scripts.ts';
import { fileTopics, topicLabels } from '#shared/script/topics.ts';
import { fillPlaceholders } from '#shared/script/words.ts';

describe('the scripts of the product', () => {
  it.each(bundledScripts.map(({ script, hash }) => [script.id, script, hash] as const))(
    '%s passes every check, and the list of scripts checked beforehand names it',
    (_, script, hash) => {
      const proof = prove(script);
      expect(proof.violations.map((v) => `${v.property} ${v.step}: ${v.message.en}`)).toEqual([]);
      expect(proof.ok).toBe(true);
      expect(proof.places).toBeGreaterThan(400);
      expect(checkedBeforehand).toContain(hash); // a changed script: check it, then write its hash into proved.ts
    },
    120_000,
  );

  it('nothing else is on the list of scripts checked beforehand', () => {
    expect(checkedBeforehand).toEqual(bundledScripts.map(({ hash }) => hash));
  });

  it('there is one for each kind with duties, found by kind and by version, and none for the other kinds', () => {
    for (const kind of caseKinds)
      expect(scriptFor(kind)?.script.kind).toBe(scriptKinds.find((known) => known === kind));
    const { script, hash } = scriptFor('EMPLOYER')!;
    expect(scriptById(script.id, script.version)).toEqual({ script, hash });
    expect(scriptById(script.id, 99)).toBeUndefined();
  });

  it('one of an earlier version is found by that version, and begins no call', () => {
    const earlier = bundledScripts.filter(({ script }) => scriptFor(script.kind)?.script !== script);
    expect(earlier.map(({ script, hash }) => [script.id, script.version, hash.slice(0, 8)])).toEqual([
      ['preloan-borrower', 1, 'c734e704'],
      ['preloan-borrower', 2, 'd2976923'],
      ['employer', 1, '1a584598'],
      ['employer', 2, '7750dc66'],
      ['employer', 3, '7f879749'],
      ['employer', 4, '400ff028'],
    ]);
    for (const one of earlier) expect(scriptById(one.script.id, one.script.version)).toBe(one);
  });

  it('a hash names what is asked: the same after a journey as text, another for another word', () => {
    const { script, hash } = scriptFor('EMPLOYER')!;
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(loadScript(JSON.parse(JSON.stringify(script, null, 3))).hash).toBe(hash);
    expect(loadScript(JSON.parse(canonicalText(script))).hash).toBe(hash);
    const other = structuredClone(script);
    other.title.zh += '!';
    expect(loadScript(other).hash).not.toBe(hash);
  });

  it('every topic has a label in both languages, and nothing is labelled that nobody asks or knows', () => {
    const used = new Set(
      bundledScripts.flatMap(({ script }) => [
        ...script.steps.flatMap(topicsOf),
        ...Object.keys(script.given ?? {}),
        ...fieldsOf(script).flatMap((field) => field.compare?.with ?? []),
        'call.leaving',
      ]),
    );
    const spoken = ['person.name', 'person.title'];
    expect([...used].filter((topic) => !topicLabels[topic])).toEqual([]);
    expect(Object.keys(topicLabels).filter((topic) => !used.has(topic) && !spoken.includes(topic))).toEqual([]);
  });

  it('every compared field finds its value among the topics of a file', () => {
    const compared = bundledScripts.flatMap(({ script }) => fieldsOf(script).filter((field) => field.compare));
    const missing = compared
      .map((field) => field.compare?.with ?? field.about)
      .filter((t) => !fileTopics.some((f) => f === t));
    expect(missing).toEqual([]);
  });

  it('every disposition offered names its reason exactly where the table has reasons', () => {
    for (const { script } of bundledScripts)
      for (const step of script.steps)
        if (step.kind === 'outcome')
          for (const { code, sub } of step.offers)
            expect(isCompleteDisposition(sub === undefined ? { code } : { code, sub }), `${code}/${sub}`).toBe(true);
  });

  it('the duties speak of dispositions and reasons that exist', () => {
    for (const kind of scriptKinds)
      for (const name of Object.keys(duties[kind].stands)) {
        const [code, sub] = name.split('/');
        const known = dispositionCodeSchema.parse(code);
        if (sub !== undefined) expect(isCompleteDisposition({ code: known, sub }), name).toBe(true);
      }
  });

  it('every duty of a kind is offered somewhere: no disposition of the kind is out of reach', () => {
    for (const { script } of bundledScripts) {
      const offered = script.steps.flatMap((s) => (s.kind === 'outcome' ? s.offers.map((o) => o.code) : []));
      for (const name of Object.keys(duties[script.kind].stands)) expect(offered).toContain(name.split('/')[0]);
    }
  });

  it('a script with an unknown part is not of the format', () => {
    const { script } = scriptFor('EMPLOYER')!;
    expect(scriptSchema.safeParse({ ...script, mood: 'good' }).success).toBe(false);
    expect(scriptSchema.safeParse({ ...script, exits: [{ id: 'both', label: script.title }] }).success).toBe(false);
  });

  it('what is known before a call is what the scripts want to know', () => {
    const before = {
      earlierAttempts: soothingFrom,
      stationRecords: false,
      employerInquiry: true,
      incomeInquiry: false,
      borrowerSaid: false,
    };
    const given = givenBefore(before);
    for (const { script } of bundledScripts)
      for (const [topic, classes] of Object.entries(script.given ?? {})) expect(classes).toContain(given[topic]);
    expect(given['call.earlierMisses']).toBe('several');
    expect(givenBefore({ ...before, earlierAttempts: soothingFrom - 1 })['call.earlierMisses']).toBe('none');
  });

  it('placeholders are filled, and a missing value is a gap and not a brace', () => {
    const text = { zh: '工号{agentId},{person.name}您好', en: 'Agent {agentId}, {person.name}' };
    expect(fillPlaceholders(text, { agentId: '1001', 'person.name': '甄样例' })).toEqual({
      zh: '工号1001,甄样例您好',
      en: 'Agent 1001, 甄样例',
    });
    expect(fillPlaceholders(text, { agentId: '1001' }).zh).toBe('工号1001,____您好');
  });
});
