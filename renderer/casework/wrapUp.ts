/**
 * Wrap-up (话后处理): from what the network said and what the script learned to the entries that make it a fact. Pure.
 * Every attempt comes here, failed ones too; what is missing is named in words, so that a screen can say why it cannot be saved yet.
 */

import { type CallResult, callResultFacts } from '#shared/call/callResult.ts';
import { type Proposal, proposeCallResult } from '#shared/call/proposal.ts';
import type { Appointment, Case, ContactStatus } from '#shared/case/case.ts';
import { isScriptKind } from '#shared/case/givens.ts';
import { slotOfAnswer, slotOfWords } from '#shared/case/slot.ts';
import { isNamed, toldContact } from '#shared/case/toldContact.ts';
import {
  type Disposition,
  type DispositionCode,
  type EvidenceKey,
  evidenceFor,
  isCompleteDisposition,
} from '#shared/disposition/disposition.ts';
import type { EntryBody, Fact, FollowUp } from '#shared/journal/entry.ts';
import { foundEmptyBefore } from '#shared/policy/contactRules.ts';
import { followUpsFor } from '#shared/policy/followUp.ts';
import { appointmentProblem } from '#shared/policy/hours.ts';
import type { Policy } from '#shared/policy/policy.ts';
import { withSuspicion } from '#shared/policy/suspicion.ts';
import { atToldNumber, toldOnlyFlag } from '#shared/policy/toldOnly.ts';
import { currentStep, flagsRaised, offeredOutcomes, standingAnswer, take } from '#shared/script/scriptMachine.ts';
import type { Text } from '#shared/text.ts';
import type { CaseworkInput } from './context.ts';
import { standingAnswers } from './conversation.ts';
import { suggestedEvidence } from './evidence.ts';
import type { Conversation, EndedCall, Work, WrapUp } from './work.ts';

export const newWrapUp = (since: number, disposition: Disposition | null): WrapUp => ({
  since,
  chosen: null,
  disposition,
  evidence: {},
  unticked: [],
  appointment: null,
  note: '',
  moreOpen: false,
});

/** What SIP proposes, with its reason in words. Before the call is over there is nothing to propose. */
export function proposalOf(work: Work): Proposal {
  if (work.interrupted && work.endedCall?.ended.reason === 'INTERRUPTED')
    return {
      result: 'INTERRUPTED',
      rule: 'system.interrupted',
      reason: {
        zh: '终端在本次通话中异常退出，已由系统结束。',
        en: 'The station stopped during this call; the system closed it.',
      },
      preselect: true,
      candidates: [],
    };
  const { ended, rangSeconds, talkedSeconds, earlyMedia } = work.endedCall ?? stillTalking;
  return proposeCallResult({ direction: work.direction, ended, rangSeconds, talkedSeconds, earlyMedia });
}
const stillTalking: EndedCall = {
  ended: { reason: 'HUNG_UP', by: 'AGENT' },
  callId: undefined,
  rangSeconds: 0,
  talkedSeconds: 60,
  earlyMedia: false,
};

/** The result that will be confirmed: chosen by the agent, else what is proposed and preselected. */
export function confirmedResult(work: Work): CallResult | null {
  if (work.wrapUp?.chosen) return work.wrapUp.chosen;
  const proposal = proposalOf(work);
  return proposal.preselect ? (proposal.result ?? null) : null;
}

/**
 * Business results that may be chosen: what the script offers where it stands, or what a broken-off call comes to; less of it at a number that was only
 * told (toldOnly.ts), and suspected fraud where the number's own flags open it (suspicion.ts).
 */
export function dispositionChoices(work: Work): readonly Disposition[] {
  const { conversation, employerFlags } = work;
  const choices = work.toldOnly ? atToldNumber(allChoices(work)) : allChoices(work);
  return conversation ? withSuspicion(conversation.script, conversation.snapshot, choices, employerFlags) : choices;
}

function allChoices(work: Work): readonly Disposition[] {
  const { conversation } = work;
  if (conversation) {
    const here = offeredOutcomes(conversation.script, conversation.snapshot);
    return here.length > 0 ? here : afterHangUp(conversation);
  }
  if (!work.case || confirmedResult(work) !== 'ANSWERED') return [];
  return isScriptKind(work.case.kind) ? withScriptLost : withoutScript;
}

function afterHangUp({ script, snapshot }: Conversation): readonly Disposition[] {
  const step = currentStep(snapshot, script)?.id;
  const exit = step === undefined ? undefined : script.exits.find((candidate) => candidate.id === 'hangUp');
  if (step === undefined || !exit) return [];
  return offeredOutcomes(script, take(script, snapshot, { type: 'exited', step, exit: exit.id }));
}

/** Kinds that have no script yet go straight to wrap-up; these are the results every kind can have (domain.md C3). */
const withoutScript: readonly Disposition[] = [
  { code: 'VERIFIED' },
  { code: 'VERIFIED_MINOR' },
  { code: 'PARTIAL' },
  { code: 'CALLBACK_AGREED', sub: 'EXACT' },
  { code: 'CALLBACK_AGREED', sub: 'ABOUT' },
  { code: 'THIRD_PARTY' },
  { code: 'WRONG_NUMBER' },
  { code: 'INFO_UPDATED', sub: 'CONTACT' },
  { code: 'SUPPORT_REFERRAL' },
  { code: 'GUARANTOR_UNAWARE' },
  { code: 'GUARANTOR_UNWILLING' },
  { code: 'MISUSE_OF_FUNDS', sub: 'SECURITIES' },
  { code: 'MISUSE_OF_FUNDS', sub: 'BUSINESS' },
  { code: 'MISUSE_OF_FUNDS', sub: 'OTHER' },
  { code: 'REFUSED', sub: 'SOFT' },
  { code: 'REFUSED', sub: 'HARD' },
  { code: 'NO_RECORDING_CONSENT' },
  { code: 'LANGUAGE_BARRIER' },
  { code: 'DO_NOT_CALL' },
  { code: 'COMPLAINT' },
  { code: 'BREAK_OFF' },
  { code: 'ID_FAILED' },
  { code: 'DENIES_APPLICATION' },
  { code: 'SUSPECTED_FRAUD' },
  { code: 'DECEASED' },
  { code: 'INCAPABLE' },
].filter((disposition): disposition is Disposition => isCompleteDisposition(disposition as Disposition)); // reasons are checked against the table

/** A kind that has a script, talked without it (recalled, or answers that fit no more): nothing was asked that could be verified. */
const withScriptLost = withoutScript.filter(({ code }) => code !== 'VERIFIED' && code !== 'VERIFIED_MINOR');

/** Evidence that lies with the attempt by itself: entries, the recording, the call's own record. */
const byItself: ReadonlySet<EvidenceKey> = new Set([
  'answers',
  'recording',
  'callRecords',
  'dialLog',
  'daypartsTried',
  'flags',
  'lastStep',
  'appointmentTime', // the appointment itself is an entry
]);

export type EvidenceLine = { key: EvidenceKey; value: string; suggestion: string | null; required: boolean };

/** What must lie with the chosen disposition: what can be derived is suggested, the agent confirms or corrects it. */
export function evidenceLines(work: Work): readonly EvidenceLine[] {
  const disposition = work.wrapUp?.disposition;
  if (!disposition) return [];
  return evidenceFor(disposition)
    .filter((key) => !byItself.has(key) && (key !== 'recordingMark' || work.recorded))
    .map((key) => {
      const suggestion = suggestedEvidence(work, key);
      return { key, value: work.wrapUp?.evidence[key] ?? suggestion ?? '', suggestion, required: true };
    });
}

/** The words in which a time was agreed in the script; the appointment starts from them. */
export function appointmentSaid(work: Work): string | null {
  const answers = work.conversation ? standingAnswers(work.conversation).flatMap((entry) => entry.answers) : [];
  return answers.findLast((answer) => answer.about === 'appointment.time')?.value ?? null;
}

/** Whether the time agreed is an exact one: as the script heard it, else as the result says. */
export function appointmentExact({ conversation, wrapUp }: Work): boolean {
  const heard = conversation && standingAnswer(conversation.snapshot, 'appointment.precision')?.as;
  return heard ? heard !== 'about' : wrapUp?.disposition?.sub !== 'ABOUT';
}

/** Results that come of somebody who agreed to nothing, or of nobody we may call. */
const nothingAgreed: ReadonlySet<DispositionCode> = new Set([
  'REFUSED',
  'NO_RECORDING_CONSENT',
  'DO_NOT_CALL',
  'WRONG_NUMBER',
  'ID_FAILED',
  'DECEASED',
  'BREAK_OFF',
]);

/**
 * The appointment as it is recorded. The respondent asked for it only where one was talked to: after a no-answer it is the agent's own plan,
 * which opens no closed hour and lifts no cap (hours.ts).
 */
function appointmentOf(work: Work): Appointment | undefined {
  if (!work.wrapUp?.appointment) return undefined;
  const { appointment, disposition } = work.wrapUp;
  const agreed = talked(work) && !(disposition && nothingAgreed.has(disposition.code));
  return { ...appointment, askedBy: agreed ? 'RESPONDENT' : 'AGENT' };
}

/** Why the appointment cannot stand as it is; null when it can, or when there is none. */
export function appointmentTrouble({ wrapUp }: Work, { policy, now }: Clockwork): Text | null {
  return wrapUp?.appointment ? appointmentProblem(new Date(wrapUp.appointment.at), policy, new Date(now())) : null;
}
type Clockwork = Pick<CaseworkInput, 'policy' | 'now'>;

/** What rules look at beside the work itself: the policy, and the list with this station's own attempts. */
export type Setting = { policy: Policy; cases: readonly Case[] };

/** The case with the attempts before this one and the numbers that were told, those of this shift included. */
function beforeThis(case_: Case, work: Work, { cases }: Setting): Case {
  const { attempts, contacts } = cases.find((known) => known.id === case_.id) ?? case_;
  return { ...case_, contacts, attempts: attempts.filter((attempt) => attempt.attempt !== work.attempt) };
}

/**
 * A line of the employer that was named in this call and that the case does not have: by the borrower and entered twice, or by the
 * employer as a second one. One person's word is one source: nothing is dialled by it alone.
 */
function toldNumber({ attempt, conversation }: Work, case_: Case): EntryBody<'contact.changed'> | undefined {
  if (!conversation) return undefined;
  const said = (topic: string) => standingAnswer(conversation.snapshot, topic)?.value;
  const number = said('employer.phoneTwice') ?? said('employer.secondPhone');
  if (number === undefined) return undefined;
  if (case_.contacts.some((contact) => isNamed(contact, number))) return undefined;
  const owner = (said('employer.name') ?? case_.file['employer.name'])?.slice(0, 200);
  const slot = slotOfAnswer(standingAnswer(conversation.snapshot, 'employer.slot')?.as);
  return {
    attempt,
    contact: `told-${attempt.slice(-12)}`,
    status: 'UNCONFIRMED',
    number: {
      number,
      source: case_.kind === 'EMPLOYER' ? 'THIRD_PARTY' : 'BORROWER',
      role: 'EMPLOYER',
      ...(owner === undefined ? {} : { owner }),
    },
    ...(slot === undefined ? {} : { slot }),
  };
}

/** When the person is well called, in their words or those of whoever answered: it stands at the number that was called. */
function slotSaid({ attempt, contact, conversation }: Work): EntryBody<'contact.changed'> | undefined {
  const slot = conversation && slotOfWords(standingAnswer(conversation.snapshot, 'contact.slot')?.value);
  return contact && slot ? { attempt, contact: contact.id, slot } : undefined;
}

/** The case with the number this call named, so that what follows can name it too. `now` as below. */
function withToldNumber(case_: Case, work: Work, now: number): Case {
  const change = toldNumber(work, case_);
  const number = change?.number && { ...change.number, slot: change.slot };
  const told = number && toldContact(change.contact, number, new Date(now).toISOString(), case_.contacts[0]);
  return told ? { ...case_, contacts: [...case_.contacts, told] } : case_;
}

/** Questions on the contract, or terms that are not clear: the script promises that the account manager explains them. */
function hasOpenQuestions({ conversation }: Work): boolean {
  if (!conversation) return false;
  const said = (topic: string) => standingAnswer(conversation.snapshot, topic)?.as;
  return said('loan.questions') === 'noted' || said('loan.understanding') === 'unclear';
}

/** What follows by rule; `now` in epoch milliseconds of the corrected clock. */
export function proposedFollowUps(work: Work, setting: Setting, now: number): readonly FollowUp[] {
  const callResult = confirmedResult(work);
  if (!work.case || !callResult) return [];
  return followUpsFor({
    callResult,
    ...(work.wrapUp?.disposition ? { disposition: work.wrapUp.disposition } : {}),
    case: withToldNumber(beforeThis(work.case, work, setting), work, now),
    cases: setting.cases,
    contact: work.contact ?? undefined,
    appointment: appointmentOf(work),
    openQuestions: hasOpenQuestions(work),
    policy: setting.policy,
    now: new Date(now),
  });
}

/** A notice to the customer may be left out; what policy or the result demands may not. */
export const isOptional = (followUp: FollowUp): boolean => followUp.kind === 'SMS_NOTICE';

export const needsAppointment = (work: Work): boolean => work.wrapUp?.disposition?.code === 'CALLBACK_AGREED';

/** Results whose reason only a person can write down. */
const noteForced: ReadonlySet<string> = new Set([
  'COMPLAINT',
  'SUSPECTED_FRAUD',
  'DENIES_APPLICATION',
  'MISUSE_OF_FUNDS',
]);
export const noteRequired = (work: Work): boolean => noteForced.has(work.wrapUp?.disposition?.code ?? '');

/** Why this wrap-up cannot be confirmed yet; null when it can. */
export function missing(work: Work, clockwork: Clockwork): Text | null {
  if (work.wrapUp && work.endedCall && !work.endRecorded)
    return { zh: '通话已结束，正在保存，请稍候。', en: 'The call is over and is being saved; wait a moment.' };
  if (work.wrapUp && !work.endedCall)
    return { zh: '通话还在进行，请先挂断。', en: 'The call is still up: hang up first.' };
  return missingInResult(work, clockwork);
}

/** The same, whether or not the call is over: it may go on with another employee. */
export function missingInResult(work: Work, clockwork: Clockwork): Text | null {
  const { wrapUp } = work;
  if (!wrapUp) return { zh: '还没有结果。', en: 'There is no result yet.' };
  const result = confirmedResult(work);
  if (!result)
    return {
      zh: '听到了提示音：请按听到的内容选择外呼结果。',
      en: 'An announcement was heard: choose the call result that was said.',
    };
  if (!wrapUp.disposition && dispositionChoices(work).length > 0 && talked(work))
    return { zh: '请选择回访结果。', en: 'Choose the result of the call.' };
  if (wrapUp.disposition && !isCompleteDisposition(wrapUp.disposition))
    return { zh: '请选择原因。', en: 'Choose the reason.' };
  if (needsAppointment(work) && !wrapUp.appointment)
    return { zh: '请填写预约时间。', en: 'Enter the time of the appointment.' };
  const trouble = appointmentTrouble(work, clockwork);
  if (trouble) return trouble;
  const open = evidenceLines(work).find((line) => line.required && line.value.trim() === '');
  if (open) return { zh: '请补全带 * 的依据。', en: 'Complete the evidence marked *.' };
  if (noteRequired(work) && wrapUp.note.trim() === '')
    return { zh: '这个结果需要备注。', en: 'This result needs a note.' };
  return null;
}

/** Whether a person was talked to, so that a business result must be named. */
export function talked(work: Work): boolean {
  const result = confirmedResult(work);
  if (work.conversation && work.conversation.moves.length > 0) return true;
  return result === 'ANSWERED' && work.case !== null;
}

/** Another call result chosen: where nobody was talked to after all, a business result chosen before falls away. */
export function withResult(work: Work, chosen: CallResult): Partial<WrapUp> {
  if (!work.wrapUp) return {};
  const stays = talked({ ...work, wrapUp: { ...work.wrapUp, chosen } });
  return stays ? { chosen } : { chosen, disposition: null, evidence: {} };
}

/** Without a result a flag would be one of the person, and nobody was talked to. */
function flagsOf({ conversation, toldOnly, employerFlags, wrapUp }: Work): string[] {
  const raised = conversation ? flagsRaised(conversation.script, conversation.snapshot) : [];
  if (!wrapUp?.disposition) return [...raised];
  return [...raised, ...(toldOnly ? [toldOnlyFlag] : []), ...employerFlags];
}

/** The entries of one confirmed wrap-up, in order; they become durable together or not at all. */
export function wrapUpFacts(work: Work, setting: Setting, now: number): readonly Fact[] {
  const { wrapUp } = work;
  const confirmed = confirmedResult(work);
  if (!wrapUp || !confirmed) throw new Error('this wrap-up cannot be confirmed');
  const proposal = proposalOf(work);
  const at = work.caseId === null ? {} : { caseId: work.caseId };
  const evidence = Object.fromEntries(evidenceLines(work).map((line) => [line.key, line.value.trim()]));
  const facts: Fact[] = [
    {
      kind: 'disposition.recorded',
      ...at,
      body: {
        attempt: work.attempt,
        callResult: { ...(proposal.result ? { proposed: proposal.result } : {}), rule: proposal.rule, confirmed },
        ...(wrapUp.disposition ? { disposition: { ...wrapUp.disposition, evidence } } : {}),
        flags: flagsOf(work),
        note: wrapUp.note.trim(),
        by: 'AGENT',
      },
    },
  ];
  const changed = contactChange(work, confirmed, setting, now);
  const told = work.case ? toldNumber(work, beforeThis(work.case, work, setting)) : undefined;
  for (const body of [changed, told, slotSaid(work)]) if (body) facts.push({ kind: 'contact.changed', ...at, body });
  const appointment = appointmentOf(work);
  if (appointment) facts.push({ kind: 'appointment.made', ...at, body: { attempt: work.attempt, appointment } });
  for (const followUp of proposedFollowUps(work, setting, now))
    if (!(isOptional(followUp) && wrapUp.unticked.includes(followUp.kind)))
      facts.push({ kind: 'followUp.requested', ...at, body: { attempt: work.attempt, followUp } });
  return facts;
}

/**
 * What the attempt says about the number. It becomes INVALID only when the network's code and the announcement the agent heard agree, or
 * when it was found empty on an earlier day too (domain.md C1); a code alone cannot tell.
 */
function contactChange(
  work: Work,
  confirmed: CallResult,
  setting: Setting,
  now: number,
): EntryBody<'contact.changed'> | undefined {
  if (!work.contact) return undefined;
  const base = { attempt: work.attempt, contact: work.contact.id };
  const code = work.wrapUp?.disposition?.code;
  if (code === 'DO_NOT_CALL') return { ...base, status: 'DO_NOT_CALL' };
  if (code === 'WRONG_NUMBER') return { ...base, status: 'WRONG_PERSON' };
  const again =
    work.case !== null && foundEmptyBefore(beforeThis(work.case, work, setting), work.contact, new Date(now));
  const status = statusAfter(confirmed, work.endedCall, again);
  return status ? { ...base, status } : undefined;
}

function statusAfter(confirmed: CallResult, call: EndedCall | null, emptyBefore: boolean): ContactStatus | undefined {
  const sipStatus = call?.ended.sipStatus;
  if (confirmed === 'EMPTY_NUMBER')
    return emptyBefore || (call?.earlyMedia && (sipStatus === 404 || sipStatus === 604)) ? 'INVALID' : 'UNCONFIRMED';
  if (confirmed === 'SUSPENDED') return 'SUSPENDED';
  if (confirmed === 'NUMBER_CHANGED') return 'REPLACED';
  if (confirmed === 'FAX') return 'NOT_VOICE';
  if (confirmed === 'BAD_FORMAT') return 'INVALID';
  return undefined;
}

/** Results an agent may choose, the frequent ones first; the rest stand behind «更多». */
const frequent: readonly CallResult[] = [
  'NO_ANSWER',
  'BUSY',
  'POWER_OFF',
  'OUT_OF_COVERAGE',
  'SUSPENDED',
  'EMPTY_NUMBER',
  'REJECTED',
  'ASSISTANT',
];
export function resultChoices(work: Work): { first: readonly CallResult[]; more: readonly CallResult[] } {
  const all = (Object.keys(callResultFacts) as CallResult[]).filter((result) => callResultFacts[result].chosenByAgent); // keys of a Record over the union
  if (work.answeredAt !== null) {
    const answered: readonly CallResult[] = [
      'ANSWERED',
      'ANSWERED_DROPPED',
      'VOICEMAIL',
      'ASSISTANT',
      'FORWARDED',
      'FAX',
      'FLAGGED_NUMBER',
    ];
    return { first: answered, more: all.filter((result) => !answered.includes(result)) };
  }
  return { first: frequent, more: all.filter((result) => !frequent.includes(result) && result !== 'ANSWERED') };
}
