import { describe, expect, it } from 'vitest';
import { explains, identityOf, sameIdentity } from '../../../renderer/app/enterGuard.ts';
import type { View } from '../../../renderer/app/view.ts';
import { views } from './views.ts';

const identity = (name: string) => identityOf(views[name] ?? fail(name));
function fail(name: string): View {
  throw new Error(name);
}

describe('what a screen is, for Enter', () => {
  it('drafts, notices and running times do not change it', () => {
    const script = views.script ?? fail('script');
    expect(
      sameIdentity(identityOf(script), identityOf({ ...script, notices: views.wrapUp?.notices ?? [], strip: null })),
    ).toBe(true);
  });

  it('another step, an end of the call and a dialog do', () => {
    expect(sameIdentity(identity('script'), identity('said'))).toBe(false);
    expect(sameIdentity(identity('several'), identity('ugly'))).toBe(false);
    expect(sameIdentity(identity('preview'), identity('help'))).toBe(false);
  });

  it('in a dialog nothing behind it does; it is seen when the dialog closes, unless all is as it was', () => {
    const help = identity('help');
    const arrived = { ...identity('preview'), step: 'DEMO-09' };
    expect(sameIdentity(help, { ...arrived, dialog: help.dialog })).toBe(true);
    expect(explains({ type: 'dialog.closed' }, help, { ...help, dialog: null })).toBe(true);
    expect(explains({ type: 'dialog.closed' }, help, arrived)).toBe(false);
    expect(explains({ type: 'dialog.closed' }, help, { ...help, dialog: null, over: true })).toBe(help.over);
  });
});

describe('a change the person made is not under them', () => {
  it('their commit explains the next step, their confirmation the next case', () => {
    expect(explains({ type: 'step.committed', step: 'borrower.opening' }, identity('said'), identity('script'))).toBe(
      true,
    );
    expect(explains({ type: 'wrapUp.confirmed' }, identity('wrapUp'), identity('preview'))).toBe(true);
    expect(explains({ type: 'dial.asked' }, identity('preview'), identity('calling'))).toBe(true);
    expect(
      explains({ type: 'outcome.chosen', code: 'PARTIAL', sub: null }, identity('outcome'), identity('wrapUp')),
    ).toBe(true);
  });

  it('closing a missed call explains its dialog, choosing one its case', () => {
    expect(explains({ type: 'missed.closing', attempt: 'm1' }, identity('missed'), identity('closeMissed'))).toBe(true);
    expect(explains({ type: 'missed.chosen', attempt: 'm1' }, identity('onBreak'), identity('missed'))).toBe(true);
    expect(explains({ type: 'missed.chosen', attempt: 'm1' }, identity('missed'), identity('wrapUp'))).toBe(false);
  });

  it('a customer who hangs up in the same moment is not explained by a commit', () => {
    expect(explains({ type: 'step.committed', step: 'borrower.opening' }, identity('said'), identity('wrapUp'))).toBe(
      false,
    );
    expect(explains({ type: 'step.committed', step: 'borrower.income' }, identity('several'), identity('ugly'))).toBe(
      false,
    );
    expect(explains({ type: 'wrapUp.confirmed' }, identity('wrapUp'), identity('calling'))).toBe(false);
    expect(
      explains({ type: 'draft.typed', about: 'employer.name', text: 'a' }, identity('script'), identity('wrapUp')),
    ).toBe(false);
  });

  it('the desk that hangs up while the next employee is gone on with is not explained by the choice, nor by anything in the wrap-up', () => {
    const chosen = { type: 'employee.chosen', caseId: 'DEMO-21-E' } as const;
    const next = identity('nextEmployee');
    expect(explains(chosen, identity('employees'), next)).toBe(true);
    expect(explains(chosen, identity('employees'), { ...next, over: true })).toBe(false);
    expect(sameIdentity(identity('employees'), { ...identity('employees'), over: true })).toBe(false);
  });

  it('an answer explains nothing: the script comes when the other side is there', () => {
    expect(explains({ type: 'dial.asked' }, identity('calling'), identity('script'))).toBe(false);
  });
});
