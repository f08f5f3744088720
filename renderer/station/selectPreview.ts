import type { Case, Contact } from '#shared/case/case.ts';
import { maskNumber, numberHint } from '#shared/case/number.ts';
import { contactTitle, contactToDial, type DialVerdict } from '#shared/policy/dialGuard.ts';
import { proposeContact } from '#shared/policy/nextContact.ts';
import { noticeText, preNoticeBeforeCall } from '#shared/policy/preNotice.ts';
import type { Language, Text } from '#shared/text.ts';
import { contactStatusTexts, numberSourceTexts } from '../app/text/words.ts';
import type { Badge, PreNoticeView, PreviewView } from '../app/view.ts';
import { guard, guardUntyped, preNoticeOffered, selectedCase, selectedContact } from '../casework/acts.ts';
import type { CaseworkContext } from '../casework/context.ts';
import { deadlineBadge, displayName, hiddenNumber, isHidden } from './selectCase.ts';

/** 拨前校验: the guard's verdict in words. */
export function selectPreview(context: CaseworkContext, language: Language, connected: boolean): PreviewView | null {
  const case_ = selectedCase(context);
  const contact = selectedContact(context);
  const verdict = guard(context);
  // What is being typed is judged when the agent dials, not with every key: the screen must not tell when it is right.
  const shown = context.check?.typed === '' ? verdict : guardUntyped(context);
  if (!case_ || !contact || !verdict || !shown) return null;
  const hidden = isHidden(contact, context);
  const title = contactTitle(contact);
  const { number } = contactToDial({ contact, secondPerson: context.check?.decided });
  return {
    type: 'preview',
    caseId: case_.id,
    name: displayName(case_, language),
    kind: case_.kind,
    number: hidden ? hiddenNumber : context.unmasked.has(contact.id) ? number : maskNumber(number),
    contactLabel: { zh: title, en: title },
    comparison: shown.comparison.map((line) => ({
      source: line.label,
      number: hidden ? hiddenNumber : line.number,
      agrees: line.agrees,
    })),
    comparisonBadge: comparisonBadge(shown, contact),
    whyNow: whyNow(context, case_, contact),
    hours: { text: verdict.hours.sentence, allowed: verdict.hours.allowed },
    attempt: {
      zh: `第 ${verdict.attemptNumber} 次，最多 ${verdict.attemptLimit} 次`,
      en: `Attempt ${verdict.attemptNumber} of at most ${verdict.attemptLimit}`,
    },
    deadline: deadlineBadge(case_.deadline, context.now()),
    needs: shown.needs,
    decidedBy: (shown.allowed && shown.permit.confirmedBy) || null,
    formImage: shown.needs === 'TYPE_NUMBER' ? (contact.formImage ?? null) : null,
    typed: context.check?.typed ?? '',
    typedProblem:
      context.check && context.check.wrongTries > 0 && context.check.typed === ''
        ? typedWrongly(context.check.wrongTries)
        : null,
    blocks: shown.allowed ? [] : shown.blocks.map((block) => ({ ...block })),
    hints: [...shown.hints],
    others: case_.contacts.map((other) => ({
      id: other.id,
      label: other.label,
      number: isHidden(other, context) ? hiddenNumber : maskNumber(other.number),
      note: note(other),
      badge: {
        text: contactStatusTexts[other.status],
        tone: other.status === 'OK' ? 'neutral' : other.status === 'UNCONFIRMED' ? 'warning' : 'bad',
      },
      selected: other.id === contact.id,
    })),
    preNotice: selectPreNotice(context, case_, contact, shown, connected),
    canDial:
      (verdict.allowed || (shown.needs === 'TYPE_NUMBER' && context.check?.typed !== '')) && context.onBreak === null,
  };
}

/** What became of the SMS notice before the first call, or that it is offered. A word on the server: until it is reached, nothing is sent. */
function selectPreNotice(
  context: CaseworkContext,
  case_: Case,
  contact: Contact,
  verdict: DialVerdict,
  connected: boolean,
): PreNoticeView | null {
  const asked = preNoticeBeforeCall(case_);
  if (asked !== null)
    return asked.state === 'notSent'
      ? null
      : {
          stage: asked.state,
          at: Date.parse(asked.at),
          waits: asked.state === 'sent' ? null : connected ? waitsForServer : waitsForConnection,
        };
  const stage = context.check?.preNotice;
  if (stage === 'saving') return { stage };
  if (!preNoticeOffered(context, verdict)) return null;
  if (stage === undefined) return { stage: 'offered' };
  return { stage, number: maskNumber(contact.number), message: noticeText('BEFORE_FIRST_CALL', context.policy) };
}
const waitsForServer: Text = { zh: '等待后台发送。', en: 'The bank server is about to send it.' };
const waitsForConnection: Text = {
  zh: '后台已断开，恢复连接后发送。',
  en: 'The bank server is away: it is sent when the connection is back.',
};

const typedWrongly = (tries: number): Text => ({
  zh: `输入的号码与登记的不一致（第 ${tries} 次），请对照申请表影像重新输入。`,
  en: `What was typed differs from the record (try ${tries}): read it off the form again.`,
});

function note(contact: Contact): Text {
  const hint = numberHint(contact);
  const sources = {
    zh: contact.sources.map((entry) => numberSourceTexts[entry.source].zh).join('、'),
    en: contact.sources.map((entry) => numberSourceTexts[entry.source].en).join(', '),
  };
  return hint ? { zh: `${sources.zh} · ${hint.zh}`, en: `${sources.en} · ${hint.en}` } : sources;
}

function comparisonBadge(verdict: DialVerdict, contact: Contact): Badge {
  const agreeing = verdict.comparison.filter((line) => line.agrees).length;
  if (verdict.comparison.some((line) => !line.agrees))
    return { text: { zh: '来源不一致', en: 'Sources disagree' }, tone: 'bad' };
  if (verdict.needs === 'TYPE_NUMBER')
    return { text: { zh: '来源单一，需对照影像输入', en: 'One source: type it off the form' }, tone: 'warning' };
  if (verdict.needs === 'SECOND_PERSON')
    return { text: { zh: '来源不足，需第二人确认', en: 'Needs a second person' }, tone: 'warning' };
  if (agreeing >= 2) return { text: { zh: `${agreeing} 个来源一致`, en: `${agreeing} sources agree` }, tone: 'good' };
  return { text: contactStatusTexts[contact.status], tone: 'neutral' };
}

function whyNow(context: CaseworkContext, case_: Case, contact: Contact): Text {
  const now = new Date(context.now());
  const proposed = proposeContact({ case: case_, policy: context.policy, now, cases: context.cases });
  if (proposed.contact?.id === contact.id) return proposed.whyNow;
  return { zh: '由坐席选择的号码', en: 'Chosen by the agent' };
}
