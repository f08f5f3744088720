/** 话后处理 in words: the proposal with its reason, the evidence, what follows by which rule. */
import { callResultFacts } from '#shared/call/callResult.ts';
import { maskName } from '#shared/case/mask.ts';
import { dispositionText } from '#shared/disposition/disposition.ts';
import { evidenceTexts } from '#shared/disposition/evidenceTexts.ts';
import { followUpText } from '#shared/policy/followUp.ts';
import { isFollowUpRule, ruleText } from '#shared/policy/followUpTexts.ts';
import { stepNamed } from '#shared/script/flow.ts';
import { isPrivate } from '#shared/script/kinds.ts';
import { topicText } from '#shared/script/topics.ts';
import type { Language, Text } from '#shared/text.ts';
import type { WrapUpView } from '../app/view.ts';
import type { CaseworkContext } from '../casework/context.ts';
import { standingAnswers } from '../casework/conversation.ts';
import { employeesOnCall } from '../casework/sameCall.ts';
import type { Work } from '../casework/work.ts';
import {
  appointmentExact,
  appointmentSaid,
  appointmentTrouble,
  confirmedResult,
  dispositionChoices,
  evidenceLines,
  isOptional,
  missing,
  missingInResult,
  needsAppointment,
  noteRequired,
  proposalOf,
  proposedFollowUps,
  resultChoices,
  talked,
} from '../casework/wrapUp.ts';
import { deadlineBadge, displayName } from './selectCase.ts';
import { saidWords, verdictBadge } from './verdicts.ts';

/** `passing`: the call is being passed on or a colleague is asked; then nobody is asked about a further employee. */
export function selectWrapUp(
  context: CaseworkContext,
  work: Work,
  saving: boolean,
  language: Language,
  passing: boolean,
): WrapUpView | null {
  const { wrapUp } = work;
  if (!wrapUp) return null;
  const proposal = proposalOf(work);
  const choices = resultChoices(work);
  const incomplete = missing(work, context);
  const named = (result: (typeof choices.first)[number]) => ({ result, label: callResultFacts[result].text });
  return {
    type: 'wrapUp',
    caseId: work.case?.id ?? null,
    name: work.case ? displayName(work.case, language) : '',
    kind: work.case?.kind ?? null,
    since: wrapUp.since,
    limitSeconds: context.policy.wrapUpSeconds,
    interrupted: work.interrupted,
    proposal: work.endedCall
      ? { result: proposal.result ?? null, reason: proposal.reason, preselected: proposal.preselect }
      : { result: 'ANSWERED', reason: { zh: '通话还在进行', en: 'The call is still up' }, preselected: true },
    chosen: confirmedResult(work),
    choices: choices.first.map(named),
    more: choices.more.map(named),
    moreOpen: wrapUp.moreOpen,
    disposition: wrapUp.disposition
      ? {
          code: wrapUp.disposition.code,
          sub: wrapUp.disposition.sub ?? null,
          label: dispositionText(wrapUp.disposition),
        }
      : null,
    dispositionChoices: talked(work)
      ? dispositionChoices(work).map((offer) => ({
          code: offer.code,
          sub: offer.sub ?? null,
          label: dispositionText(offer),
        }))
      : [],
    evidence: evidenceLines(work).map((line) => ({
      key: line.key,
      label: evidenceTexts[line.key],
      value: line.value,
      required: line.required,
      suggestion: line.suggestion,
    })),
    answers: answersOf(work, language),
    followUps: proposedFollowUps(work, context, context.now()).map((followUp) => ({
      kind: followUp.kind,
      text: followUpText(followUp),
      rule: isFollowUpRule(followUp.rule) ? ruleText[followUp.rule] : { zh: followUp.rule, en: followUp.rule },
      ticked: !wrapUp.unticked.includes(followUp.kind),
      optional: isOptional(followUp),
    })),
    appointment: wrapUp.appointment,
    needsAppointment: needsAppointment(work),
    appointmentSaid: appointmentSaid(work),
    appointmentExact: appointmentExact(work),
    appointmentProblem: appointmentTrouble(work, context),
    note: wrapUp.note,
    noteRequired: noteRequired(work),
    problem: context.problem?.sentence ?? null,
    canConfirm: incomplete === null,
    callOver: work.endedCall !== null,
    employees: (passing ? [] : employeesOnCall(context)).map(({ case: { id, borrower, deadline } }) => ({
      caseId: id,
      name: maskName(borrower.name),
      line: dueWith(id, deadline, context.now()),
    })),
    canGoOn: missingInResult(work, context) === null,
    saving,
  };
}

/** Names are masked and may look the same: the case's number tells them apart. */
function dueWith(id: string, deadline: string, now: number): Text {
  const { text } = deadlineBadge(deadline, now);
  return { zh: `${id} · ${text.zh}`, en: `${id} · ${text.en}` };
}

function answersOf(work: Work, language: Language): WrapUpView['answers'] {
  const { conversation } = work;
  if (!conversation) return [];
  return standingAnswers(conversation).flatMap(({ step: id, answers }) => {
    const step = stepNamed(conversation.script, id);
    return answers.map((answer) => {
      const field =
        step?.kind === 'ask' ? step.fields.find((candidate) => candidate.about === answer.about) : undefined;
      const choice = field?.choices?.[answer.as];
      return {
        label: topicText(answer.about),
        said: isPrivate(answer.about) ? '●●●●' : saidWords(field, answer, language),
        verdict: choice ? null : verdictBadge(answer.as),
      };
    });
  });
}
