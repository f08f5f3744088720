import { describe, expect, it } from 'vitest';
import { selectOpenQuestions } from '../../../renderer/station/selectOpenQuestions.ts';
import { type Bench, bench, demoCase } from '../casework/bench.ts';
import { middle } from './support.ts';

const ahead = (b: Bench, chosen: string | null = null) =>
  selectOpenQuestions(b.work(), { type: 'openQuestions', attempt: b.work().attempt, chosen });
const toGate = async (b: Bench) => {
  await b.talk();
  await b.answer('borrower.opening', { 'contact.person': { as: 'himself' } });
  await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
  await b.answer('borrower.time', { 'contact.convenient': { as: 'yes' } });
  await b.answer('borrower.idLast4', { 'person.idLast4': { text: '001X' } });
};
const pastGate = async (b: Bench) => {
  await toGate(b);
  await b.answer('borrower.home', { 'person.home': { text: '星港市虚构区演示路1号' } });
};

describe('what a customer tells ahead of its question', () => {
  it('can be noted for any open question after the gate, and for none before it or on the way out', async () => {
    const b = bench();
    await toGate(b);
    expect([ahead(b), middle(b, 'script').canFillAhead]).toEqual([null, false]);
    await b.answer('borrower.home', { 'person.home': { text: '星港市虚构区演示路1号' } });
    expect(middle(b, 'script').canFillAhead).toBe(true);
    const steps = ahead(b)?.questions.map(({ step }) => step);
    expect(steps).toEqual(expect.arrayContaining(['borrower.loan', 'borrower.employer', 'borrower.income']));
    // The same topics of another way are there once.
    const labels = ahead(b)?.questions.map(({ label }) => label.zh) ?? [];
    expect(labels).toEqual([...new Set(labels)]);
    expect(steps).toContain('borrower.newPosition');
    expect(steps).not.toContain('borrower.position');
    // The current question, the agent's own observation, and what has to be heard twice are none of them.
    for (const none of ['borrower.purpose', 'borrower.observed', 'borrower.employerPhoneTwice'])
      expect(steps).not.toContain(none);
    await b.send({ type: 'exit.chosen', step: 'borrower.purpose', exit: 'thirdParty' });
    expect([ahead(b), middle(b, 'script').canFillAhead]).toEqual([null, false]);
  });

  it('waits at its step as a draft, and is knowledge only once it is committed there', async () => {
    const b = bench();
    await pastGate(b);
    expect(ahead(b, 'borrower.loan')?.chosen?.fields.map(({ about }) => about)).toEqual(['loan.amount', 'loan.term']);
    await b.send(
      { type: 'draft.typed', about: 'loan.amount', text: '120万' },
      { type: 'draft.typed', about: 'loan.term', text: '25年' },
    );
    expect(
      ahead(b)
        ?.questions.filter(({ noted }) => noted)
        .map(({ step }) => step),
    ).toEqual(['borrower.loan']);
    expect(b.of('step.recorded').some(({ body }) => JSON.stringify(body).includes('120'))).toBe(false);
    await b.answer('borrower.purpose', { 'application.purpose': { as: 'ownHome' } });
    await b.answer('borrower.signer', { 'application.signer': { as: 'self' } });
    const { step } = middle(b, 'script');
    expect([step.id, step.fields.map(({ draft }) => draft)]).toEqual(['borrower.loan', ['120万', '25年']]);
    await b.answer('borrower.loan');
    expect(middle(b, 'script')).toMatchObject({ step: { id: 'borrower.property' }, lastAnswers: [{}, {}] });
    expect(ahead(b)?.questions.some(({ noted }) => noted)).toBe(false);
  });

  it('is not lost when an earlier answer is corrected', async () => {
    const b = bench();
    await pastGate(b);
    await b.send({ type: 'draft.typed', about: 'loan.amount', text: '120万' });
    await b.answer('borrower.purpose', { 'application.purpose': { as: 'ownHome' } });
    await b.send(
      { type: 'previous.asked' },
      { type: 'correction.asked' },
      { type: 'correction.given', step: 'borrower.purpose', reason: '客户当场改口' },
    );
    expect(middle(b, 'script').step.id).toBe('borrower.purpose');
    expect(ahead(b, 'borrower.loan')?.chosen?.fields[0]?.draft).toBe('120万');
  });

  it('of the call before is not offered in the next one', async () => {
    const b = bench([demoCase('DEMO-01-B')]);
    await pastGate(b);
    expect(selectOpenQuestions(b.work(), { type: 'openQuestions', attempt: 'another', chosen: null })).toBeNull();
  });
});
