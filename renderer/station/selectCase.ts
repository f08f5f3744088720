/** The case panel and the queue, masked: what may be seen of whom, and when (architecture §10). */

import { callResultFacts, callResultSchema } from '#shared/call/callResult.ts';
import type { Case, Contact, PastAttempt } from '#shared/case/case.ts';
import { caseKindTexts } from '#shared/case/kind.ts';
import { maskedAddressForm, maskName } from '#shared/case/mask.ts';
import { maskNumber } from '#shared/case/number.ts';
import { groupQueue, matchesSearch, type QueueGroup, type QueueItem } from '#shared/case/queue.ts';
import { slotText } from '#shared/case/slot.ts';
import { dispositionCodes, dispositionText } from '#shared/disposition/disposition.ts';
import { countsAgainstCaps } from '#shared/policy/caps.ts';
import { isTypedFromForm } from '#shared/policy/dialGuard.ts';
import { withheldScopes } from '#shared/policy/policy.ts';
import { fieldsOf } from '#shared/script/flow.ts';
import { isPrivate } from '#shared/script/kinds.ts';
import { fileTopics, topicText } from '#shared/script/topics.ts';
import type { Language, Text } from '#shared/text.ts';
import { clockTime, dayAndTime, partsOf, runningTime } from '../app/text/time.ts';
import { contactStatusTexts, numberSourceTexts } from '../app/text/words.ts';
import type { Badge, CasePanelView, CaseRowView, QueueItemView, QueueView, Tone } from '../app/view.ts';
import { candidates, caseOf } from '../casework/acts.ts';
import type { CaseworkContext } from '../casework/context.ts';
import { standingAnswers } from '../casework/conversation.ts';
import type { Work } from '../casework/work.ts';
import { worklist } from '../casework/worklist.ts';
import { valueWords, verdictBadge } from './verdicts.ts';

const day = 86_400_000;

/** 「今天截止」「超时 1 天」: a deadline as a badge. */
export function deadlineBadge(deadline: string, now: number): Badge {
  const at = Date.parse(deadline);
  const days = Math.round((startOfDay(at) - startOfDay(now)) / day);
  if (at < now) {
    const late = Math.floor((now - at) / day);
    return late > 0
      ? { text: { zh: `超时 ${late} 天`, en: `${late} d overdue` }, tone: 'bad' }
      : {
          text: {
            zh: `超时 ${Math.max(1, Math.floor((now - at) / 3_600_000))} 小时`,
            en: `${Math.max(1, Math.floor((now - at) / 3_600_000))} h overdue`,
          },
          tone: 'bad',
        };
  }
  if (days === 0) return { text: { zh: '今天截止', en: 'Due today' }, tone: 'warning' };
  return { text: { zh: `${days} 天`, en: `${days} d` }, tone: 'neutral' };
}
const startOfDay = (at: number) => {
  const { hour, minute, second } = partsOf(at);
  return at - ((hour * 60 + minute) * 60 + second) * 1000;
};

export const displayName = (case_: Case, language: Language): string =>
  maskedAddressForm(case_.respondent.name, case_.respondent.title, language);

/** The employer's call is about somebody: whose case it is shows beside the firm. */
function itemLine(case_: Case, item: QueueItem, now: number): Text {
  const kind = caseKindTexts[case_.kind];
  // The one that runs, or comes next: an attempt is among the past ones once it has a result.
  const attempt = case_.attempts.filter(countsAgainstCaps).length + 1;
  const tries = attempt > 1 ? { zh: ` · 第 ${attempt} 次`, en: ` · attempt ${attempt}` } : { zh: '', en: '' };
  const about =
    case_.kind === 'EMPLOYER'
      ? { zh: ` · ${maskName(case_.borrower.name)}`, en: ` · ${maskName(case_.borrower.name)}` }
      : { zh: '', en: '' };
  const waits =
    item.group === 'WAITING'
      ? {
          zh: ` · ${dayAndTime(item.at.getTime(), now, 'zh')} 后`,
          en: ` · after ${dayAndTime(item.at.getTime(), now, 'en')}`,
        }
      : { zh: '', en: '' };
  return { zh: `${kind.zh}${about.zh}${tries.zh}${waits.zh}`, en: `${kind.en}${about.en}${tries.en}${waits.en}` };
}

const groupIds: Readonly<Record<QueueGroup, QueueView['groups'][number]['id']>> = {
  APPOINTMENT: 'appointments',
  WORKING: 'working',
  OVERDUE: 'overdue',
  NEXT: 'next',
  WAITING: 'later',
};

/** A row as it was shown last, with what it was made of: of a thousand rows a result changes a few, and only these are made and drawn anew. */
type KnownRow = { group: QueueGroup; at: number; minutes: number; language: Language; row: QueueItemView };
const knownRows = new WeakMap<Case, KnownRow>();

function rowOf(item: QueueItem, now: number, language: Language, selected: boolean): QueueItemView {
  const { group } = item;
  const [at, minutes] = [item.at.getTime(), Math.floor(now / minute)];
  const known = knownRows.get(item.case);
  const stands = known?.group === group && known.at === at && known.minutes === minutes && known.language === language;
  if (stands && known.row.selected === selected) return known.row;
  const row: QueueItemView = {
    caseId: item.case.id,
    name: displayName(item.case, language),
    kind: item.case.kind,
    line: itemLine(item.case, item, now),
    badge:
      group === 'APPOINTMENT' ? { text: same(clockTime(at)), tone: 'info' } : deadlineBadge(item.case.deadline, now),
    selected,
  };
  knownRows.set(item.case, { group, at, minutes, language, row });
  return row;
}
const minute = 60_000;

export function selectQueue(context: CaseworkContext, search: string, language: Language): QueueView {
  const now = context.now();
  const all = worklist(context.cases, context.handled, now, context.work?.case?.id ?? null);
  const shown = search.trim() === '' ? all : all.filter((item) => matchesSearch(item.case, search));
  const current = context.work?.case?.id ?? context.selected;
  return {
    total: all.length,
    overdue: all.filter((item) => isOverdue(item, now)).length,
    search,
    missed: [],
    groups: groupQueue(shown).map(({ group, text, items }) => ({
      id: groupIds[group],
      label: text,
      items: items.map((item) => {
        const { id: caseId } = item.case;
        return rowOf(item, now, language, caseId === current);
      }),
    })),
    empty: emptyText(all.length, shown.length, context.cases.length),
  };
}
/** What has a place by its deadline says so by its group. */
const isOverdue = ({ case: { deadline }, group }: QueueItem, now: number) =>
  group === 'OVERDUE' || (group !== 'NEXT' && Date.parse(deadline) < now);
const same = (text: string): Text => ({ zh: text, en: text });

function emptyText(open: number, shown: number, held: number): Text | null {
  if (shown > 0) return null;
  if (open > 0)
    return {
      zh: '没有符合的任务，请换尾号、姓名首字母或编号再找。',
      en: 'Nothing fits: try other last digits, initials or a case number.',
    };
  if (held > 0)
    return { zh: '领取的任务都已处理，正在等待新的任务。', en: 'All leased cases are done; waiting for new ones.' };
  return {
    zh: '还没有领到任务，后台连接后会自动领取。',
    en: 'No cases yet; they come as soon as the server is reached.',
  };
}

const deadlineTone: Readonly<Record<Tone, Tone>> = {
  neutral: 'neutral',
  good: 'good',
  info: 'info',
  warning: 'warning',
  bad: 'bad',
};

export function selectCasePanel(context: CaseworkContext, case_: Case, language: Language): CasePanelView {
  const now = context.now();
  const { work } = context;
  const mine = work?.case?.id === case_.id ? work : null;
  const badge = deadlineBadge(case_.deadline, now);
  // What is left for this agent: that the rest was authorised is no use to an outsourced one.
  const withheld = withheldScopes(context.policy, context.handling);
  const scope = case_.authorisation.scope.filter((name) => !withheld.includes(name));
  const scopeNames: Record<(typeof scope)[number], Text> = {
    EMPLOYER: { zh: '单位', en: 'employer' },
    INCOME: { zh: '收入', en: 'income' },
    CREDIT: { zh: '征信', en: 'credit' },
    PROPERTY: { zh: '房产', en: 'property' },
  };
  return {
    caseId: case_.id,
    name: displayName(case_, language),
    kind: case_.kind,
    tags: [
      {
        PERSONAL_HOME: { zh: '住房贷款', en: 'Home loan' },
        PERSONAL_COMMERCIAL: { zh: '商用房贷款', en: 'Commercial' },
        ENTERPRISE_REALESTATE: { zh: '企业房地产', en: 'Enterprise' },
      }[case_.loanType],
      { IN_HOUSE: { zh: '自营', en: 'In-house' }, OUTSOURCED: { zh: '外包', en: 'Outsourced' } }[case_.handling],
    ],
    branch: case_.branch,
    accountManager: case_.accountManager,
    authorisation:
      scope.length > 0
        ? {
            text: {
              zh: scope.map((name) => scopeNames[name].zh).join('、'),
              en: scope.map((name) => scopeNames[name].en).join(', '),
            },
            tone: 'good',
          }
        : { text: { zh: '没有向他人核实的授权', en: 'No authorisation to ask others' }, tone: 'warning' },
    deadline: { text: badge.text, tone: deadlineTone[badge.tone] },
    rows: rowsOf(case_, mine, language),
    contacts: case_.contacts.map((contact) => {
      const hidden = isHidden(contact, context);
      const shown = context.unmasked.has(contact.id) && !hidden;
      const calling = mine?.contact?.id === contact.id && mine.endedCall === null;
      return {
        id: contact.id,
        label: contact.label,
        number: hidden ? hiddenNumber : shown ? contact.number : maskNumber(contact.number),
        sources: {
          zh: contact.sources.map((entry) => numberSourceTexts[entry.source].zh).join('、'),
          en: contact.sources.map((entry) => numberSourceTexts[entry.source].en).join(', '),
        },
        slot: contact.slot ? slotText(contact.slot) : null,
        status: calling
          ? { text: { zh: '通话中', en: 'In call' }, tone: 'good' }
          : {
              text: contactStatusTexts[contact.status],
              tone: contact.status === 'OK' ? 'neutral' : contact.status === 'UNCONFIRMED' ? 'warning' : 'bad',
            },
        masked: !shown && !hidden,
      };
    }),
    // A case at work is as it was leased; this station's own attempts stand in the list's.
    history: historyOf(caseOf(context, case_.id) ?? case_),
  };
}

/** What happened to the case, calls and all, the newest first. */
function historyOf({ history, attempts, contacts }: Case): CasePanelView['history'] {
  const labels = new Map(contacts.map(({ id, label }) => [id, label]));
  const lines = history.map(({ at, text }) => ({ at: Date.parse(at), text }));
  const calls = attempts.map((past) => ({
    at: Date.parse(past.at),
    text: attemptText(past, labels.get(past.contact)),
  }));
  return [...lines, ...calls].sort((a, b) => b.at - a.at).slice(0, 30);
}

/** 「外呼手机：接通 02:10 · 核实一致」. A result of a newer program stands as its code. */
function attemptText(past: PastAttempt, label: string | undefined) {
  const { direction, callResult, disposition, talkedSeconds, continued } = past;
  const known = callResultSchema.safeParse(callResult).data;
  const result = known ? callResultFacts[known].text : same(callResult);
  const code = dispositionCodes.find((each) => each === disposition);
  const outcome = code ? dispositionText({ code }) : disposition === undefined ? null : same(disposition);
  const talked = talkedSeconds > 0 ? ` ${runningTime(talkedSeconds * 1000)}` : '';
  const out = continued
    ? { zh: '同一通电话核实', en: 'Asked in the call about another employee' }
    : { zh: `外呼${label ?? '号码'}`, en: `Called ${label ?? 'a number'}` };
  const { zh, en } =
    direction === 'out' ? out : { zh: `${label ?? '号码'}来电`, en: `Call from ${label ?? 'a number'}` };
  return {
    zh: `${zh}：${result.zh}${talked}${outcome ? ` · ${outcome.zh}` : ''}`,
    en: `${en}: ${result.en}${talked}${outcome ? ` · ${outcome.en}` : ''}`,
  };
}

/** How a number stands on the screen while it has to be typed off the form. */
export const hiddenNumber = '•••• ••••';

/** Not a digit of a number shows that has to be typed off the form, until it was typed and is called, or a second person decided. */
export function isHidden(contact: Contact, { check, work }: CaseworkContext): boolean {
  if (work?.contact?.id === contact.id) return false;
  return isTypedFromForm(contact) && !(check?.contact === contact.id && check.decided);
}

/** File values by topic; a value shows after the answer to its topic is committed, identity never. */
function rowsOf(case_: Case, work: Work | null, language: Language): CaseRowView[] {
  const fields = work?.conversation ? fieldsOf(work.conversation.script) : [];
  const answers = new Map(
    (work?.conversation ? standingAnswers(work.conversation) : []).flatMap(({ answers: given }) =>
      given.map((answer) => [answer.about, answer]),
    ),
  );
  return fileTopics
    .filter(
      (topic) =>
        case_.file[topic] !== undefined && !isPrivate(topic) && topic !== 'person.name' && topic !== 'person.title',
    )
    .map((topic) => {
      const answer = answers.get(topic);
      const value = case_.file[topic];
      const field = fields.find(({ about }) => about === topic);
      return {
        topic,
        label: topicText(topic),
        value: answer && value !== undefined ? valueWords(field, value, language) : null,
        state: answer ? verdictBadge(answer.as) : null,
      };
    });
}

export function selectIncoming(context: CaseworkContext, language: Language) {
  const call = context.waiting?.call ?? context.call;
  if (!call) return null;
  const found = candidates(context, call.remoteNumber);
  return {
    number: call.remoteNumber === '' ? '' : maskNumber(call.remoteNumber),
    candidates: found.map(({ case: case_, contact }) => ({
      caseId: case_.id,
      name: displayName(case_, language),
      kind: case_.kind,
      contact: contact.label,
    })),
    chosen: context.candidate ?? found[0]?.case.id ?? null,
  };
}
