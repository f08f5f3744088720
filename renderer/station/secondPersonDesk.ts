/** The second person (第二人) at the agent's screen: what they looked at, whether they are who they say, and what they decided. */
import type { Contact } from '#shared/case/case.ts';
import { maskNumber, sameNumber } from '#shared/case/number.ts';
import { contactTitle } from '#shared/policy/dialGuard.ts';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import { numberSourceTexts } from '../app/text/words.ts';
import type { DialogView, UserEvent } from '../app/view.ts';
import { guard, selectedContact } from '../casework/acts.ts';
import type { CaseworkContext } from '../casework/context.ts';
import type { BankClient } from '../sync/bankClient.ts';
import { sentenceOf } from './entrance.ts';
import type { Desk, SecondPersonDialog } from './state.ts';

export type SecondPersonDeskParts = Pick<Desk, 'state' | 'changed'> & {
  client: () => Pick<BankClient, 'secondPerson' | 'session'> | undefined;
};

const onlyOnline: Text = {
  zh: '现在连不上银行后台：第二人只能在联网时核实。请恢复连接后再确认，或先处理其他任务。',
  en: 'The bank server cannot be reached, and a second person can only be checked while it can. Confirm when the connection is back, or take another case first.',
};

const numbersChanged: Text = {
  zh: '登记的号码刚刚有更新，您选的号码已不在其中，没有确认。请重新对照后选择。',
  en: 'The numbers on record have just changed and the one you chose is not among them; nothing was confirmed. Compare and choose again.',
};

export function createSecondPersonDesk({ state, changed, client }: SecondPersonDeskParts) {
  const casework = () => state.shift?.casework;

  function open(): void {
    const context = casework()?.getSnapshot().context;
    const contact = context && selectedContact(context);
    if (!context?.selected || !contact) return;
    state.dialog = { type: 'secondPerson', caseId: context.selected, contact: contact.id, problem: null, busy: false };
    // Two digits that changed places may both be masked: it is recorded that the numbers were looked at, then they are shown.
    casework()?.send({ type: 'number.unmasked', contact: contact.id });
  }

  async function confirm(id: string, account: string, password: string): Promise<void> {
    const context = casework()?.getSnapshot().context;
    const contact = context && selectedContact(context);
    const bank = client();
    if (state.dialog?.type !== 'secondPerson' || state.dialog.busy || !contact || !bank) return;
    const number = numbersOf(contact).find((named) => named.id === id || sameNumber(named.id, id))?.number;
    if (number === undefined) {
      state.dialog = { ...state.dialog, problem: numbersChanged };
      return;
    }
    const asking: SecondPersonDialog = { ...state.dialog, problem: null, busy: true };
    state.dialog = asking;
    changed();
    try {
      const person = await bank.secondPerson({ account: account.trim(), password });
      if (state.dialog !== asking) return; // closed meanwhile: nothing was decided
      state.dialog = null;
      casework()?.send({
        type: 'number.decided',
        caseId: asking.caseId,
        contact: asking.contact,
        decision: { number, account: person.account },
      });
    } catch (error) {
      if (state.dialog !== asking) return;
      // Signed in without the server there is no session, whatever the line does now.
      const offline = bank.session.current() === null || (error instanceof Problem && error.category === 'network');
      state.dialog = { ...asking, problem: offline ? onlyOnline : sentenceOf(error), busy: false };
    }
    changed();
  }

  return {
    /** True when the event was for this desk. */
    take(event: UserEvent): boolean {
      if (event.type === 'secondPerson.asked') open();
      else if (event.type === 'secondPerson.given') void confirm(event.id, event.account, event.password);
      else return false;
      changed();
      return true;
    },
    /** Asked at each change: a dialog whose contact left the screen (a call was taken, the case withdrawn) does not come back with it. */
    look(): void {
      if (state.dialog?.type !== 'secondPerson') return;
      if (selectSecondPerson(casework()?.getSnapshot().context, state.dialog) === null) state.dialog = null;
    },
  };
}

/**
 * What a contact's sources name, each number once, with all who name it. `id` is the number itself: while the dialog is open a lease may be
 * renewed, and a place among the sources would then mean another number.
 */
function numbersOf({ sources }: Contact): { id: string; number: string; same: Contact['sources'] }[] {
  return sources.flatMap((source) => {
    const same = sources.filter((other) => other === source || sameNumber(other.number, source.number));
    return same[0] === source ? [{ id: source.number, number: source.number, same }] : [];
  });
}

/** null: what it was opened for is not on the screen any more. */
export function selectSecondPerson(
  context: CaseworkContext | undefined,
  { caseId, contact: id, problem, busy }: SecondPersonDialog,
): Extract<DialogView, { type: 'secondPerson' }> | null {
  const contact = context && selectedContact(context);
  if (context?.selected !== caseId || contact?.id !== id || context.work !== null) return null;
  if (guard(context)?.needs !== 'SECOND_PERSON') return null;
  return {
    type: 'secondPerson',
    contactLabel: contactTitle(contact),
    numbers: numbersOf(contact).map(({ id: name, number, same }) => ({
      id: name,
      number: context.unmasked.has(id) ? number : maskNumber(number),
      sources: {
        zh: same.map(({ source }) => numberSourceTexts[source].zh).join('、'),
        en: same.map(({ source }) => numberSourceTexts[source].en).join(', '),
      },
    })),
    problem,
    busy,
  };
}
