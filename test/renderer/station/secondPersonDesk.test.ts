import 'fake-indexeddb/auto'; // before Dexie, which all files of this worker share and which looks for IndexedDB when it is loaded
import { describe, expect, it } from 'vitest';
import type { Contact } from '#shared/case/case.ts';
import type { SecondPerson } from '#shared/server/api.ts';
import { createSecondPersonDesk, selectSecondPerson } from '../../../renderer/station/secondPersonDesk.ts';
import type { Shift } from '../../../renderer/station/shift.ts';
import { initialState } from '../../../renderer/station/state.ts';
import type { BankClient } from '../../../renderer/sync/bankClient.ts';
import { bankProblems } from '../../../renderer/sync/bankProblem.ts';
import { bench, demoCase, start } from '../casework/bench.ts';
import { middle } from './support.ts';

const lead = { account: 'L002', name: '秦班长' };

/** The cases as a renewed lease names them. */
const renewed = (change: (sources: Contact['sources']) => Contact['sources']) => {
  const { contacts } = demoCase('DEMO-04');
  return [
    demoCase('DEMO-04', { contacts: contacts.map((each) => ({ ...each, sources: change(each.sources) })) }),
    demoCase('DEMO-01-B'),
  ];
};

function scene(secondPerson: () => Promise<SecondPerson> = async () => lead) {
  const b = bench([demoCase('DEMO-04'), demoCase('DEMO-01-B')]);
  b.actor.send({ type: 'case.chosen', caseId: 'DEMO-04' });
  const state = initialState(start);
  state.shift = { casework: b.actor } as unknown as Shift; // all that this desk needs
  const client = { secondPerson, session: { current: () => ({}) } } as unknown as BankClient; // all that this desk needs
  const desk = createSecondPersonDesk({ state, changed: () => undefined, client: () => client });
  const shown = () => (state.dialog?.type === 'secondPerson' ? selectSecondPerson(b.context(), state.dialog) : null);
  return {
    ...{ b, state, shown, look: desk.look },
    open: async () => {
      desk.take({ type: 'secondPerson.asked' });
      await b.settle();
    },
    confirm: async (id: string) => {
      desk.take({ type: 'secondPerson.given', id, account: ' L002 ', password: 'secret' });
      await b.settle();
    },
  };
}

describe('the second person’s dialog', () => {
  it('shows the sources’ numbers in full only after it is an entry that they were looked at', async () => {
    const { b, open, shown } = scene();
    const release = b.hold();
    await open();
    expect(shown()?.numbers.map(({ number }) => number)).toEqual(['026****0040', '026****0004']);
    release();
    await b.settle();
    expect(b.of('value.unmasked').map((fact) => fact.body)).toEqual([{ what: 'NUMBER', contact: 'employer' }]);
    expect(shown()?.numbers).toMatchObject([
      { number: '026-0000-0040', sources: { zh: '申请表' } },
      { number: '026-0000-0004', sources: { zh: '申请表影像' } },
    ]);
  });

  it('closes when the server knows the person, and the number they chose is the one to be dialled', async () => {
    const { b, state, open, confirm } = scene();
    await open();
    await confirm('026-0000-0004');
    expect(state.dialog).toBeNull();
    expect(middle(b, 'preview')).toMatchObject({ number: '026-0000-0004', decidedBy: 'L002', canDial: true });
  });

  it('a lease renewed while it is open that names the sources in another order changes nothing of what is confirmed', async () => {
    const { b, open, confirm, shown } = scene();
    await open();
    const chosen = shown()?.numbers[1]?.id ?? '';
    await b.send({ type: 'cases.changed', cases: renewed((sources) => sources.toReversed()) });
    expect(shown()?.numbers.map(({ number }) => number)).toEqual(['026-0000-0004', '026-0000-0040']);
    await confirm(chosen);
    expect(middle(b, 'preview')).toMatchObject({ number: '026-0000-0004', decidedBy: 'L002', canDial: true });
  });

  it('a number that no source names any more is not confirmed, nobody is asked for it, and that is said', async () => {
    let asked = 0;
    const { b, open, confirm, shown } = scene(async () => {
      asked += 1;
      return lead;
    });
    await open();
    await b.send({
      type: 'cases.changed',
      cases: renewed((sources) => sources.map((each) => ({ ...each, number: each.number.replace('0004', '0014') }))),
    });
    await confirm('026-0000-0004');
    expect([asked, shown()?.busy, shown()?.problem?.en]).toEqual([
      0,
      false,
      expect.stringContaining('nothing was confirmed'),
    ]);
    expect(middle(b, 'preview').canDial).toBe(false);
  });

  it('of a number that was only told is warned before the dial that nothing is verified by it', async () => {
    const of = demoCase('DEMO-04');
    const [office] = of.contacts;
    const told = { ...office!, sources: [{ source: 'BORROWER' as const, number: office!.number }] };
    const b = bench([{ ...of, contacts: [told] }]);
    expect(middle(b, 'preview').needs).toBe('SECOND_PERSON');
    expect(middle(b, 'preview').hints.map(({ zh }) => zh)).toEqual(['借款人提供，仅凭此号不能判定核实一致。']);
  });

  it('says in the server’s words why it was not; without the server, that it takes a connection', async () => {
    const problems = [bankProblems.noProgress(), bankProblems.unreachable(), bankProblems.timeout()];
    const said = [];
    for (const problem of problems) {
      const { b, open, confirm, shown } = scene(() => Promise.reject(problem));
      await open();
      await confirm('026-0000-0004');
      expect(middle(b, 'preview').canDial).toBe(false);
      said.push(shown()?.problem?.en);
    }
    expect(said).toEqual([
      problems[0]?.sentence.en,
      ...Array(2).fill(expect.stringContaining('can only be checked while it can')),
    ]);
  });

  it('closed before the answer came, decides nothing; another case has none of it', async () => {
    let answer: (person: SecondPerson) => void = () => undefined;
    const { b, state, open, confirm, shown, look } = scene(() => new Promise((resolve) => (answer = resolve)));
    await open();
    await confirm('026-0000-0004');
    expect(shown()).toMatchObject({ busy: true });
    state.dialog = null;
    answer(lead);
    await b.settle();
    expect(middle(b, 'preview').canDial).toBe(false);
    await open();
    await b.send({ type: 'case.chosen', caseId: 'DEMO-01-B' });
    expect(shown()).toBeNull();
    look();
    expect(state.dialog).toBeNull();
  });
});
