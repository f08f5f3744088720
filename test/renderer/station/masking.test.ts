import { describe, expect, it } from 'vitest';
import type { Case } from '#shared/case/case.ts';
import { type Bench, bench, demoCase, start } from '../casework/bench.ts';
import { middle, workbenchOf } from './support.ts';

const one = demoCase('DEMO-01-B');
const digitsOf = (text: string) => text.replace(/\D/g, '');
/** What must not stand on a screen before the call: names in full, whole numbers, file values. */
function secretsOf(case_: Case): string[] {
  return [
    case_.respondent.name,
    case_.borrower.name,
    ...case_.contacts.flatMap((contact) => [contact.number, digitsOf(contact.number)]),
    ...Object.values(case_.file).filter((value) => value.length > 3 && value !== case_.branch),
  ];
}
/** Every text of the workbench, in both languages. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
const shown = (b: Bench) => textsOf([workbenchOf(b, 'zh'), workbenchOf(b, 'en')]);
const showing = (b: Bench, secrets: readonly string[]) =>
  secrets.filter((secret) => shown(b).some((text) => text.includes(secret)));

describe('before the call', () => {
  it.each(['DEMO-01-B', 'DEMO-01-E', 'DEMO-02-E', 'DEMO-04', 'DEMO-06', 'DEMO-10'])(
    'neither queue, preview nor case panel of %s tells a name, a whole number or a file value',
    (id) => {
      const cases = [demoCase(id), demoCase('DEMO-07'), demoCase('DEMO-12')];
      const b = bench(cases);
      b.actor.send({ type: 'case.chosen', caseId: id });
      expect(middle(b, 'preview').caseId).toBe(id);
      expect(showing(b, cases.flatMap(secretsOf))).toEqual([]);
    },
  );

  it('an incoming caller is shown by a masked number and masked candidates', async () => {
    const b = bench([one]);
    b.incoming('15400000001');
    expect(workbenchOf(b).incoming).toEqual({
      number: '154****0001',
      candidates: [{ caseId: 'DEMO-01-B', name: '甄* 女士', kind: 'PRELOAN_BORROWER', contact: '手机' }],
      chosen: 'DEMO-01-B',
    });
    expect(showing(b, secretsOf(one))).toEqual([]);
  });

  it('an unmasked number is shown where it was unmasked, until the case is left', async () => {
    const b = bench([one, demoCase('DEMO-07')]);
    await b.send({ type: 'number.unmasked', contact: 'mobile' });
    expect(middle(b, 'preview').number).toBe('154-0000-0001');
    expect(workbenchOf(b).case?.contacts[0]).toMatchObject({ number: '154-0000-0001', masked: false });
  });

  it('a number that must be typed off the form is shown nowhere, not even unmasked', async () => {
    const b = bench([demoCase('DEMO-05')]);
    await b.send({ type: 'number.unmasked', contact: 'employer' });
    const preview = middle(b, 'preview');
    expect(preview).toMatchObject({ needs: 'TYPE_NUMBER', number: '•••• ••••', canDial: false });
    expect(preview.formImage).toMatch(/^data:image/);
    expect(showing(b, secretsOf(demoCase('DEMO-05')))).toEqual([]);
    expect(workbenchOf(b).case?.contacts).toMatchObject([{ number: '•••• ••••', masked: false }]);
    expect(JSON.stringify([preview.comparison, preview.others])).not.toMatch(/026|0005/);
  });

  it('it is not shown either beside another number of its case, outside of the hours, or after wrong tries', async () => {
    const one = demoCase('DEMO-02-E');
    const numbers = (b: Bench) => [
      workbenchOf(b).case?.contacts[0]?.number,
      middle(b, 'preview').others[0]?.number,
      ...middle(b, 'preview').comparison.map(({ number }) => number),
    ];
    const b = bench([one]);
    await b.send(
      { type: 'contact.chosen', contact: 'employer-public' },
      { type: 'number.unmasked', contact: 'employer' },
    );
    expect(numbers(b).slice(0, 2)).toEqual(['•••• ••••', '•••• ••••']);
    await b.send({ type: 'contact.chosen', contact: 'employer' });
    for (let tries = 0; tries < 3; tries++)
      await b.send({ type: 'number.typed', text: '154-0000-0029' }, { type: 'dial.asked' });
    expect(middle(b, 'preview').needs).toBe('SECOND_PERSON');
    expect(new Set(numbers(b))).toEqual(new Set(['•••• ••••']));
    const late = bench([one], { leaseEnd: () => undefined });
    expect([middle(late, 'preview').needs, new Set(numbers(late))]).toEqual(['NOTHING', new Set(['•••• ••••'])]);
  });

  it('once a second person decided, or it is called, the number stands as any other', async () => {
    const b = bench([demoCase('DEMO-05')]);
    const decision = { number: '026-0000-0005', account: 'L002' };
    await b.send({ type: 'number.decided', caseId: 'DEMO-05', contact: 'employer', decision });
    expect(middle(b, 'preview')).toMatchObject({ number: '026****0005', canDial: true });
    await b.send({ type: 'dial.asked' });
    expect(workbenchOf(b).case?.contacts[0]?.number).toBe('026****0005');
  });

  it('the screen does not tell while typing whether the number is right, and the third try can be typed whole', async () => {
    const b = bench([demoCase('DEMO-05')]);
    const typed = async (text: string) => {
      await b.send({ type: 'number.typed', text });
      const { typed: _, ...rest } = middle(b, 'preview');
      return rest;
    };
    for (let tries = 0; tries < 3; tries++) {
      const right = await typed('026-0000-0005');
      expect(await typed('026-0000-0006')).toEqual(right);
      expect(right).toMatchObject({ needs: 'TYPE_NUMBER', canDial: true });
      await b.send({ type: 'dial.asked' });
    }
    expect(b.dialled).toEqual([]);
    expect(middle(b, 'preview')).toMatchObject({ needs: 'SECOND_PERSON', canDial: false });
    expect(middle(b, 'preview').blocks.map((block) => block.rule)).toEqual(['number.typedTooOften']);
  });
});

describe('the case panel', () => {
  it('shows a file value after the answer to its topic is committed, and identity never', async () => {
    const b = bench([one]);
    await b.talk();
    await b.answer('borrower.opening', { 'contact.person': { as: 'himself' } });
    await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
    await b.answer('borrower.time', { 'contact.convenient': { as: 'yes' } });
    await b.answer('borrower.idLast4', { 'person.idLast4': { text: '001X' } });
    await b.answer('borrower.home', { 'person.home': { text: '星港市虚构区演示路1号' } });
    expect(workbenchOf(b).case?.rows.filter((row) => row.value !== null)).toEqual([]);
    expect(showing(b, ['001X', '星港市虚构区演示路1号', '纸鹤航天文具'])).toEqual([]);
    await b.answer('borrower.purpose', { 'application.purpose': { as: 'rental' } });
    const rows = workbenchOf(b).case?.rows.filter((row) => row.value !== null);
    expect(rows).toMatchObject([{ topic: 'application.purpose', value: '购买自住房', state: { tone: 'bad' } }]);
    expect(middle(b, 'script').lastAnswers).toMatchObject([{ said: '购房出租', file: '购买自住房' }]);
    expect(middle(b, 'script', 'en').lastAnswers[0]?.said).toBe('A home to let');
    expect(workbenchOf(b).case?.rows.map((row) => row.topic)).not.toContain('person.idLast4');
  });
});

describe('hostile names', () => {
  it.each([
    ['markup', '<img src=x onerror=alert(1)>'],
    ['200 characters', '阿卜杜勒买买提'.repeat(29).slice(0, 200)],
    ['rare characters', '𠮷野㐂𪚥'],
    ['placeholders', '{idLast4}{person.home}$&$1'],
    ['direction marks', '甄\u202e样例\u0000'],
  ])('%s stay text: the views are made, masked before the call and spoken in it', async (_, name) => {
    const hostile = demoCase('DEMO-07', { respondent: { name, title: 'NONE' }, borrower: { name, title: 'NONE' } });
    const b = bench([hostile]);
    expect(workbenchOf(b).queue.groups[0]?.items[0]?.name).not.toBe(name);
    expect(showing(b, [name])).toEqual([]);
    await b.talk();
    expect(middle(b, 'script').step.sentence?.zh).toContain(name);
    await b.breakOff('borrower.opening');
    await b.otherHangsUp();
    expect(middle(b, 'wrapUp').name).not.toBe(name);
    expect(middle(b, 'wrapUp').canConfirm).toBe(true);
  });

  it('a contact whose number cannot be read blocks the dial and breaks no view', () => {
    const contacts = one.contacts.map((contact) => ({ ...contact, number: '不详<b>' }));
    const b = bench([{ ...one, contacts }]);
    expect(middle(b, 'preview').canDial).toBe(false);
    expect(middle(b, 'preview').blocks[0]?.rule).toMatch(/^number\./);
  });
});

describe('the queue', () => {
  it('says why it is empty, finds by last digits, and marks the open case', () => {
    expect(workbenchOf(bench([])).queue.empty?.en).toContain('No cases yet');
    const b = bench([one, demoCase('DEMO-07')]);
    const found = workbenchOf(b, 'zh', '0007').queue;
    expect(found.groups.flatMap((group) => group.items.map((item) => item.caseId))).toEqual(['DEMO-07']);
    expect(found.total).toBe(2);
    expect(workbenchOf(b, 'zh', '9999').queue.empty?.en).toContain('Nothing fits');
    const items = workbenchOf(b).queue.groups.flatMap((group) => group.items);
    expect(items.filter((item) => item.selected).map((item) => item.caseId)).toEqual([b.context().selected]);
  });

  it('counts what is overdue and says by how much', () => {
    const late = demoCase('DEMO-07', { deadline: new Date(start - 26 * 3_600_000).toISOString() });
    const { queue } = workbenchOf(bench([late, one]));
    expect(queue.overdue).toBe(1);
    expect(queue.groups[0]).toMatchObject({
      id: 'overdue',
      items: [{ badge: { text: { zh: '超时 1 天' }, tone: 'bad' } }],
    });
  });
});
