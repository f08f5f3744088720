import { describe, expect, it } from 'vitest';
import type { Case } from '#shared/case/case.ts';
import type { EntryHeader, Fact } from '#shared/journal/entry.ts';
import { currentStep } from '#shared/script/scriptMachine.ts';
import { scriptById, scriptFor } from '#shared/script/scripts.ts';
import { restoreWork } from '../../../renderer/casework/attempt.ts';
import { dispositionChoices, evidenceLines, proposalOf } from '../../../renderer/casework/wrapUp.ts';
import { type Bench, bench, demoCase, start } from './bench.ts';
import { namesAnotherFirm } from './desk.ts';

const borrower = demoCase('DEMO-01-B');
const header = { at: new Date(start).toISOString(), clockOffset: 0 } as EntryHeader; // as: all that is read of it
const entriesOf = (facts: readonly Fact[]) => facts.map((fact) => ({ header, fact }));

/** What a station recorded until its process died. */
async function died(how: (b: Bench) => Promise<void>, changes: Parameters<typeof bench>[1] = {}, of = borrower) {
  const b = bench([of], changes);
  await how(b);
  return entriesOf(b.facts);
}
async function afterRestart(entries: ReturnType<typeof entriesOf>, leased = borrower) {
  const b = bench([leased, demoCase('DEMO-07')]);
  const work = restoreWork(entries, (id) => (id === leased.id ? leased : undefined), b.input);
  if (work) await b.send({ type: 'attempt.restored', work });
  return b;
}
const ringing = (b: Bench) => b.send({ type: 'dial.asked' });
const inScript = async (b: Bench) => {
  await b.talk();
  await b.answer('borrower.opening', { 'contact.person': { as: 'himself' } });
};

describe('an attempt that a crash left open', () => {
  it('is closed as interrupted and wrapped up before anything else, with one key when nobody had answered', async () => {
    const b = await afterRestart(await died(ringing));
    expect(b.work()).toMatchObject({ interrupted: true, case: { id: 'DEMO-01-B' }, answeredAt: null });
    expect(b.of('attempt.ended')[0]?.body).toMatchObject({ ended: { reason: 'INTERRUPTED', by: 'STATION' } });
    expect(proposalOf(b.work())).toMatchObject({ result: 'INTERRUPTED', preselect: true });
    await b.send({ type: 'dial.asked' });
    expect(b.dialled).toEqual([]);
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body.callResult.confirmed).toBe('INTERRUPTED');
    expect(b.state().matches('preview')).toBe(true);
  });

  it('shows all committed answers, and needs a business result', async () => {
    const b = await afterRestart(await died(inScript));
    const conversation = b.work().conversation;
    expect(conversation?.moves).toHaveLength(1);
    expect(conversation && currentStep(conversation.snapshot, conversation.script)?.id).toBe('borrower.recording');
    expect(dispositionChoices(b.work())).toEqual([{ code: 'BREAK_OFF' }]);
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.context().problem?.sentence.en).toContain('result');
    await b.send({ type: 'disposition.chosen', code: 'BREAK_OFF', sub: null }, { type: 'wrapUp.confirmed' });
    expect(b.of('disposition.recorded')[0]?.body).toMatchObject({
      callResult: { confirmed: 'INTERRUPTED' },
      disposition: { code: 'BREAK_OFF' },
    });
  });

  it('keeps its answers when the lease was renewed since and has this attempt, or earlier ones of this shift, among the past ones', async () => {
    const past = (attempt: string, minutes: number) => ({
      attempt,
      at: new Date(start + minutes * 60_000).toISOString(),
      contact: 'mobile',
      direction: 'out' as const,
      callResult: 'NO_ANSWER',
      talkedSeconds: 0,
    });
    const leased = { ...borrower, attempts: [past('earlier', -60)] };
    const facts = await died(inScript, {}, leased);
    const own = facts[0]?.fact.kind === 'attempt.started' ? facts[0].fact.body.attempt : '';
    const restored = (attempts: (typeof leased)['attempts']) =>
      restoreWork(facts, () => ({ ...leased, attempts, revision: leased.revision + 3 }), bench([leased]).input);
    const { callResult: _, ...open } = past(own, 0);
    const renewed = restored([...leased.attempts, open, past('meanwhile', 1)] as typeof leased.attempts);
    expect(renewed?.conversation?.moves).toHaveLength(1);
    expect(renewed?.case?.revision).toBe(leased.revision);
    const unknownThen = restored([past('first', -90), ...leased.attempts]);
    expect(unknownThen?.conversation?.moves).toHaveLength(1);
  });

  it('goes on with the reading of earlier misses it began with: two faults of ours are no reason for a word of apology', async () => {
    const fault = { contact: 'mobile', direction: 'out', callResult: 'STATION_FAULT', talkedSeconds: 0 } as const;
    const attempts = ['one', 'two'].map((attempt, n) => ({
      ...fault,
      attempt,
      at: `2026-11-1${8 + n}T10:00:00+08:00`,
    }));
    const of = { ...borrower, attempts };
    const facts = await died(inScript, {}, of);
    const givenOf = (entries: typeof facts) =>
      restoreWork(entries, () => of, bench([of]).input)?.conversation?.given['call.earlierMisses'];
    expect(givenOf(facts)).toBe('none');
    const before = facts.map((entry) => {
      if (entry.fact.kind !== 'attempt.started') return entry;
      const { givens, ...body } = entry.fact.body;
      expect(givens).toBe(2);
      return { ...entry, fact: { ...entry.fact, body } };
    });
    expect(givenOf(before)).toBe('several');
  });

  it('points to the place in the recording as well as the entries tell: from the answer, else from the dial', async () => {
    const facts = await died(
      async (b) => {
        await b.talk();
        await namesAnotherFirm(b);
      },
      {},
      demoCase('DEMO-01-E'),
    );
    const later = facts.map(({ fact }, n) => ({
      fact,
      header: { ...header, at: new Date(start + n * 20_000).toISOString() },
    }));
    const mark = async (entries: typeof later) => {
      const b = await afterRestart(entries, demoCase('DEMO-01-E'));
      await b.send({ type: 'disposition.chosen', code: 'WRONG_EMPLOYER', sub: 'UNKNOWN' });
      return evidenceLines(b.work()).find(({ key }) => key === 'recordingMark')?.value;
    };
    expect(await mark(later)).toBe('约 0:40');
    const { attempt } = later[0]!.fact.body as { attempt: string }; // as: of every entry about a call
    const ended: Fact = {
      kind: 'attempt.ended',
      caseId: 'DEMO-01-E',
      body: {
        attempt,
        ended: { reason: 'HUNG_UP', by: 'OTHER' },
        rangSeconds: 15,
        talkedSeconds: 85,
        earlyMedia: false,
      },
    };
    const at = new Date(start + 100_000).toISOString();
    expect(await mark([...later, { fact: ended, header: { ...header, at } }])).toBe('0:25');
  });

  it('at a number the leased case does not have was told in a call: nothing is verified by it', async () => {
    const [started] = await died(ringing);
    if (started?.fact.kind !== 'attempt.started') throw new Error('nothing was started');
    const at = (contact: string) => {
      const fact: Fact = { ...started.fact, body: { ...started.fact.body, contact } } as Fact; // as: the same kind
      return restoreWork([{ header, fact }], () => borrower, bench().input)?.toldOnly;
    };
    expect([at('mobile'), at('told-0123456789ab')]).toEqual([false, true]);
    // What this station heard itself it knows again, so that a refusal of that number is kept.
    const told = { ...borrower.contacts[0]!, id: 'told-0123456789ab' };
    const shown = [{ ...borrower, contacts: [...borrower.contacts, told] }];
    const fact: Fact = { ...started.fact, body: { ...started.fact.body, contact: told.id } };
    expect(restoreWork([{ header, fact }], () => borrower, bench().input, shown)?.contact).toEqual(told);
  });

  it('knows that help was asked for, and does not ask again', async () => {
    const entries = await died(async (b) => {
      await inScript(b);
      await b.send({ type: 'help.asked' });
    });
    const b = await afterRestart(entries);
    expect(b.work().help).toBe('read');
    await b.send({ type: 'previous.asked' }, { type: 'help.asked' });
    expect(b.work().help).toBe('asked');
    expect(b.of('help.asked')).toEqual([]);
  });

  it('whose end was recorded keeps that end and records no second one', async () => {
    const entries = await died(async (b) => {
      await inScript(b);
      await b.otherHangsUp();
    });
    const b = await afterRestart(entries);
    expect(b.of('attempt.ended')).toEqual([]);
    expect(b.work()).toMatchObject({ interrupted: true, endedCall: { ended: { by: 'OTHER' } } });
    expect(proposalOf(b.work()).result).toBe('ANSWERED');
  });

  it('of an outsourced agent asks after the restart what it asked before, whoever restores it', async () => {
    const entries = await died(
      async (b) => {
        await inScript(b);
        await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
      },
      { handling: 'OUTSOURCED' },
    );
    expect(entries[0]?.fact.body).toMatchObject({ withheld: ['INCOME'] });
    const work = restoreWork(entries, () => borrower, bench([borrower]).input);
    expect(work?.conversation?.given).toMatchObject({
      'consent.employerInquiry': 'granted',
      'consent.incomeInquiry': 'absent',
    });
  });

  it('two of them come one after the other', async () => {
    const entries = await died(ringing);
    const b = await afterRestart(entries);
    const second = restoreWork(entries, () => borrower, b.input);
    if (!second) throw new Error('not restored');
    await b.send({ type: 'attempt.restored', work: { ...second, attempt: '00000000-0000-4000-8000-000000000077' } });
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.work().attempt).toBe('00000000-0000-4000-8000-000000000077');
    await b.send({ type: 'wrapUp.confirmed' });
    expect(b.context()).toMatchObject({ work: null, restored: [] });
  });

  it('whose answers do not fit the case any more, or whose script is another, is still wrapped up', async () => {
    const entries = await died(async (b) => {
      await inScript(b);
      await b.answer('borrower.recording', { 'consent.recording': { as: 'yes' } });
    });
    const b = bench([borrower], { records: false });
    const work = restoreWork(entries, () => borrower, b.input);
    expect(work).toMatchObject({ conversation: null, interrupted: true });
    expect(restoreWork(entries, () => borrower, { ...b.input, scriptOf: () => undefined })?.conversation).toBeNull();
    if (work) await b.send({ type: 'attempt.restored', work }, { type: 'wrapUp.confirmed' });
    expect(b.kinds()).toContain('disposition.recorded');
  });

  it('of an employer asks on as it began, whatever the borrower said meanwhile', async () => {
    const silent = demoCase('DEMO-01-E');
    const spoken = { ...silent, borrowerSaid: { 'job.duties': '给文具画外观图' }, revision: 9 };
    const begun = async (of: Case) => {
      const b = bench([of]);
      await b.talk();
      await b.answer('employer.opening');
      return entriesOf(b.facts);
    };
    const given = (entries: ReturnType<typeof entriesOf>) => {
      const work = restoreWork(entries, () => spoken, bench([spoken]).input);
      return [work?.conversation?.given['borrower.said'], work?.case?.borrowerSaid];
    };
    expect(given(await begun(silent))).toEqual(['no', undefined]);
    expect(given(await begun(spoken))).toEqual(['yes', spoken.borrowerSaid]);
  });

  it('goes on with the version of the script it began with', async () => {
    const { script, hash } = scriptById('preloan-borrower', 1)!;
    const begun = { id: script.id, version: script.version, hash };
    const b = bench([borrower], { scriptOf: () => ({ script, ref: begun }) });
    await inScript(b);
    const work = restoreWork(entriesOf(b.facts), () => borrower, bench([borrower]).input);
    expect(work?.conversation).toMatchObject({ script: { version: 1 }, moves: [{ step: 'borrower.opening' }] });
    expect(scriptFor('PRELOAN_BORROWER')?.script.version).toBeGreaterThan(1);
  });

  it('whose case is not leased any more is closed under that case all the same', async () => {
    const b = bench([demoCase('DEMO-07')]);
    const work = restoreWork(await died(inScript), () => undefined, b.input);
    if (work) await b.send({ type: 'attempt.restored', work }, { type: 'wrapUp.confirmed' });
    expect(b.facts.map((fact) => [fact.kind, fact.caseId])).toEqual([
      ['attempt.ended', 'DEMO-01-B'],
      ['disposition.recorded', 'DEMO-01-B'],
    ]);
  });

  it('entries without its start are nothing to restore', () => {
    expect(restoreWork([], () => borrower, bench().input)).toBeNull();
  });
});
