/** What an event makes of the casework's context. Pure: effects belong to the machine's actors. */
import type { CallEnded } from '#shared/call/callResult.ts';
import type { Case, Contact } from '#shared/case/case.ts';
import { isScriptKind } from '#shared/case/givens.ts';
import { sameNumber } from '#shared/case/number.ts';
import { type Disposition, dispositionCodes } from '#shared/disposition/disposition.ts';
import type { Fact } from '#shared/journal/entry.ts';
import { type DialBlock, type DialVerdict, guardDial } from '#shared/policy/dialGuard.ts';
import { belongsToCase, proposeContact } from '#shared/policy/nextContact.ts';
import { offersPreNotice } from '#shared/policy/preNotice.ts';
import { comparatorVersion } from '#shared/script/compare.ts';
import { isSpoken } from '#shared/script/flow.ts';
import type { Move } from '#shared/script/move.ts';
import { currentStep, offeredExits } from '#shared/script/scriptMachine.ts';
import type { Call } from '../phone/phone.ts';
import { endOf, incomingWork, missedFacts } from './attempt.ts';
import type { CaseworkContext, Check } from './context.ts';
import { applyMove, moveOf, standingAnswers } from './conversation.ts';
import type { MissedCall } from './missedCalls.ts';
import type { Work } from './work.ts';
import { nextCase } from './worklist.ts';

export const caseOf = (context: CaseworkContext, id: string | null): Case | null =>
  context.cases.find((case_) => case_.id === id) ?? null;

export const selectedCase = (context: CaseworkContext): Case | null => caseOf(context, context.selected);

export function selectedContact(context: CaseworkContext): Contact | null {
  return selectedCase(context)?.contacts.find((contact) => contact.id === context.check?.contact) ?? null;
}

const tryKey = ({ selected }: Pick<CaseworkContext, 'selected'>, contact: string) => `${selected} ${contact}`;

/** The check of one contact of the selected case, with the wrong tries there were. */
export const checkOf = (context: Pick<CaseworkContext, 'selected' | 'wrongTries'>, contact: string): Check => ({
  contact,
  typed: '',
  wrongTries: context.wrongTries.get(tryKey(context, contact)) ?? 0,
});

export function withWrongTry(context: CaseworkContext, check: Check): Partial<CaseworkContext> {
  const wrongTries = check.wrongTries + 1;
  return {
    check: { ...check, typed: '', wrongTries },
    wrongTries: new Map(context.wrongTries).set(tryKey(context, check.contact), wrongTries),
  };
}

/** The contact the policy proposes for a case, ready to be checked. */
function checkFor(context: CaseworkContext, case_: Case): CaseworkContext['check'] {
  const proposed = proposeContact({
    case: case_,
    policy: context.policy,
    now: new Date(context.now()),
    cases: context.cases,
  });
  const contact = proposed.contact?.id ?? case_.contacts[0]?.id;
  return contact === undefined ? null : checkOf({ ...context, selected: case_.id }, contact);
}

export function select(context: CaseworkContext, caseId: string | null): Partial<CaseworkContext> {
  const case_ = caseOf(context, caseId);
  return {
    selected: case_?.id ?? null,
    check: case_ ? checkFor(context, case_) : null,
    // Contacts of two cases have the same ids: what was shown in full of one is not of the other.
    unmasked: caseId === context.selected ? context.unmasked : new Set<string>(),
    problem: null,
  };
}

/** The case a missed call is about: by its entry, else the first that fits the number and is open. */
export function caseOfMissed(
  context: CaseworkContext,
  task: MissedCall,
): { case: Case; contact: Contact | null } | null {
  const known = caseOf(context, task.caseId);
  if (known) {
    const contact = known.contacts.find(({ id, number }) => id === task.contact || fits(number, task.number));
    return { case: known, contact: contact ?? null };
  }
  return candidates(context, task.number)[0] ?? null;
}

/** A missed call to be called back: its case, at the number that rang. */
export function selectMissed(context: CaseworkContext, attempt: string): Partial<CaseworkContext> {
  const task = context.missed.find(({ attempts: [first] }) => first === attempt);
  const found = task && caseOfMissed(context, task);
  if (!found) return {};
  const selected = select(context, found.case.id);
  return found.contact
    ? { ...selected, check: checkOf({ ...context, selected: found.case.id }, found.contact.id) }
    : selected;
}

/** The next case: a missed call first, for its time is minutes; never the one just worked. */
export function selectNext(context: CaseworkContext): Partial<CaseworkContext> {
  const task = context.missed.find((each) => {
    const found = caseOfMissed(context, each);
    return found && found.case.id !== context.selected && !context.handled.get(found.case.id)?.finished;
  });
  if (task) return selectMissed(context, task.attempts[0]);
  return selectNextCase(context);
}

const selectNextCase = (context: CaseworkContext): Partial<CaseworkContext> =>
  select(context, nextCase(context.cases, context.handled, context.now(), context.selected)?.id ?? null);

/** After a call the next case; a call that came in while another case was open leads back to that one. */
export function selectAfterWork(context: CaseworkContext): Partial<CaseworkContext> {
  const { selected, handled, work } = context;
  if (work?.case?.id === selected || !selectedCase(context) || handled.get(selected ?? '')?.finished)
    return selectNext(context);
  return select(context, selected);
}

/** After the list changed: the open case stays, with its check, as long as it is there. */
export function reselect(context: CaseworkContext): Partial<CaseworkContext> {
  const { cases, handled } = context;
  if (selectedCase(context) && !handled.get(context.selected ?? '')?.finished) return { cases, handled };
  return { cases, handled, ...selectNext(context) };
}

/** The dial guard's word on the selected contact, now. */
export function guard(context: CaseworkContext): DialVerdict | null {
  const case_ = selectedCase(context);
  const contact = selectedContact(context);
  if (!case_ || !contact || !context.check) return null;
  const leaseUntil = context.leaseEnd(case_.id);
  const verdict = guardDial({
    case: case_,
    contact,
    policy: context.policy,
    now: new Date(context.now()),
    line: context.hasLine ? { practice: context.practice } : null,
    cases: context.cases,
    typedNumber: context.check.typed === '' ? undefined : context.check.typed,
    typedWrongly: context.check.wrongTries,
    secondPerson: context.check.decided,
    leaseUntil: leaseUntil === undefined ? new Date(0) : new Date(leaseUntil),
  });
  // A kind that has a script is not called without it: nothing could be verified.
  if (!isScriptKind(case_.kind) || context.scriptOf(case_)) return verdict;
  return {
    ...verdict,
    allowed: false,
    needs: 'NOTHING',
    blocks: verdict.allowed ? [scriptRecalled] : [scriptRecalled, ...verdict.blocks],
  };
}

/** The same as if nothing had been typed. */
export const guardUntyped = (context: CaseworkContext): DialVerdict | null =>
  context.check && guard({ ...context, check: { ...context.check, typed: '' } });

/** Whether an SMS notice before the first call is offered for what is looked at. `verdict`: the guard's word as if nothing had been typed. */
export function preNoticeOffered(context: CaseworkContext, verdict = guardUntyped(context)): boolean {
  const [case_, contact] = [selectedCase(context), selectedContact(context)];
  if (!case_ || !contact || !context.check || context.check.decided || context.onBreak) return false;
  return verdict !== null && offersPreNotice({ case: case_, contact, policy: context.policy, verdict });
}

/** Its words are looked at, or not any more. Once confirmed it stands. */
export function lookAtPreNotice(context: CaseworkContext, open: boolean): Partial<CaseworkContext> {
  const { check } = context;
  if (!check || check.preNotice === 'saving' || (open && !preNoticeOffered(context))) return {};
  return { check: { ...check, preNotice: open ? 'asking' : undefined } };
}

const scriptRecalled: DialBlock = {
  rule: 'script.recalled',
  sentence: {
    zh: '本类任务的话术已停用，暂不能外呼。请更新终端后再拨，或联系管理员。',
    en: 'The script of this kind of case was recalled; it cannot be called now. Update the station, or ask an administrator.',
  },
};

/** Findings about the number, the line it may be dialled on and its owner; hours, caps and leases pass by themselves. */
const isFinding = ({ rule }: DialBlock): boolean => /^(source|number|contact|demo|line)\./.test(rule);

/** Blocks that are a finding, not a matter of the hour: they are recorded (domain.md A08). */
export function blockedFacts(context: CaseworkContext, answer: DialVerdict): readonly Fact[] {
  const case_ = selectedCase(context);
  const contact = selectedContact(context);
  if (!case_ || !contact || answer.allowed) return [];
  return answer.blocks.filter(isFinding).map(
    (block): Fact => ({
      kind: 'dial.blocked',
      caseId: case_.id,
      body: {
        contact: contact.id,
        rule: block.rule,
        sources: contact.sources.map((source) => source.source).slice(0, 8),
      },
    }),
  );
}

/** Cases a caller's number fits, the one being looked at first. */
export function candidates(context: CaseworkContext, number: string): readonly { case: Case; contact: Contact }[] {
  if (number === '') return [];
  // An employer whose number the borrower told rings about the case that has the script for them.
  const rank = ({ case: of, contact }: { case: Case; contact: Contact }) =>
    Number(belongsToCase(of, contact)) * 2 + Number(of.id === context.selected);
  return context.cases
    .flatMap((case_) => {
      const contact = case_.contacts.find((candidate) => fits(candidate.number, number));
      return contact ? [{ case: case_, contact }] : [];
    })
    .sort((a, b) => rank(b) - rank(a));
}

/** A stored number that cannot be read fits nobody. */
function fits(stored: string, number: string): boolean {
  try {
    return sameNumber(stored, number);
  } catch {
    return false;
  }
}

export function chosenCandidate(context: CaseworkContext, call: Call) {
  const found = candidates(context, call.remoteNumber);
  return found.find((candidate) => candidate.case.id === context.candidate) ?? found[0] ?? null;
}

/** How a call ends that is turned away now: as the phone told it when it is over already, else refused by the station, for the agent is busy. */
export function turnedAway(call: Call): CallEnded {
  const heard: CallEnded[] = [];
  call.subscribe((event) => {
    if (event.type === 'call.ended') heard.push(event.ended);
  })();
  return heard[0] ?? { reason: 'REFUSED', by: 'STATION' };
}

/** A call nobody took, as facts: an attempt of its own, closed by the system, and the task to call back. */
export function missedCall(
  context: CaseworkContext,
  call: Call,
  ended: CallEnded,
  candidate: { case: Case; contact: Contact } | null | undefined,
): readonly Fact[] {
  const { case: case_ = null, contact = null } = candidate ?? {};
  const work = incomingWork(context.newId(), case_, contact, call.remoteNumber, context);
  return missedFacts(work, endOf(call, ended), context.policy, context.now());
}

/** A move on its way: the facts to record, and the conversation once they are durable. */
export function moveSaving(context: CaseworkContext, work: Work, move: Move): CaseworkContext['saving'] {
  const { conversation, case: case_ } = work;
  if (!conversation || !case_) return null;
  const step: Fact = {
    kind: 'step.recorded',
    caseId: case_.id,
    body: {
      attempt: work.attempt,
      script: conversation.ref,
      caseRevision: case_.revision,
      move,
      comparator: String(comparatorVersion),
    },
  };
  const left: Fact[] =
    move.type === 'exited'
      ? [{ kind: 'script.left', caseId: case_.id, body: { attempt: work.attempt, step: move.step, exit: move.exit } }]
      : [];
  const next = applyMove(conversation, move, case_.file, context.now());
  return { facts: [step, ...left], change: { conversation: next } };
}

/** The commit of the current question: the move on its way, or what could not be understood. A late or double key changes nothing. */
export function commit(context: CaseworkContext, step: string): Partial<CaseworkContext> {
  const { work } = context;
  if (!work?.conversation || !work.case || work.review) return {};
  const { conversation } = work;
  const current = currentStep(conversation.snapshot, conversation.script);
  if (!current || current.id !== step || !isSpoken(current)) return {};
  const result = moveOf(conversation, current, work.case.file, work.startedAt);
  if ('slips' in result) return { work: { ...work, conversation: { ...conversation, slips: result.slips } } };
  return { saving: moveSaving(context, work, result.move) };
}

/** An exit leads out of the questions; an aside is said, and the call stands where it stood. Both are moves. */
export function exitChosen(context: CaseworkContext, step: string, id: string): Partial<CaseworkContext> {
  const { work } = context;
  if (!work?.conversation) return {};
  const { script, snapshot } = work.conversation;
  if (currentStep(snapshot, script)?.id !== step) return {};
  const exit = offeredExits(script, snapshot).find((candidate) => candidate.id === id);
  if (!exit) return {};
  return { saving: moveSaving(context, work, { type: 'exited', step, exit: id }) };
}

/** Help is asked for once in an attempt; who asks again is told so again. The call stands where it stood. */
export function helpAsked({ work }: CaseworkContext): Partial<CaseworkContext> {
  if (!work?.conversation || !work.case) return {};
  if (work.help !== null) return { work: { ...work, help: 'asked', review: null, exitsOpen: false } };
  const step = currentStep(work.conversation.snapshot, work.conversation.script);
  if (!step) return {};
  const fact: Fact = { kind: 'help.asked', caseId: work.case.id, body: { attempt: work.attempt, step: step.id } };
  return { saving: { facts: [fact], change: { help: 'asked' } } };
}

/** PageUp: the question before the one looked at. */
export function previousReview(context: CaseworkContext): Partial<CaseworkContext> {
  const { work } = context;
  if (!work?.conversation) return {};
  const steps = standingAnswers(work.conversation).map((entry) => entry.step);
  const at = work.review ? steps.indexOf(work.review.step) : steps.length;
  const step = steps[at - 1];
  return step === undefined ? {} : { work: { ...work, review: { step, askReason: false }, exitsOpen: false } };
}

export function dispositionOf(code: string, sub: string | null): Disposition | null {
  const known = dispositionCodes.find((candidate) => candidate === code);
  if (!known) return null;
  return sub === null ? { code: known } : { code: known, sub };
}
