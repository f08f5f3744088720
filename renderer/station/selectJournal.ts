/** 我的日志: every entry in a line of words, with what the server said of it. */
import { callResultFacts } from '#shared/call/callResult.ts';
import { dispositionCodes, dispositionText } from '#shared/disposition/disposition.ts';
import { correctedAt, type Fact } from '#shared/journal/entry.ts';
import { dialRuleText } from '#shared/policy/dialRuleTexts.ts';
import type { Text } from '#shared/text.ts';
import { stepWords, topicWords } from '../app/text/steps.ts';
import { breakReasonTexts, entryTexts, followUpTexts, noticeTemplateTexts } from '../app/text/words.ts';
import type { JournalRowView, JournalView } from '../app/view.ts';
import type { EntryLine } from '../journal/reading.ts';
import type { StationState } from './state.ts';

const joined = (head: Text, detail: Text | null): Text =>
  detail ? { zh: `${head.zh}：${detail.zh}`, en: `${head.en}: ${detail.en}` } : head;

function detailOf(fact: Fact): Text | null {
  switch (fact.kind) {
    case 'attempt.started':
      if (fact.body.continues !== undefined) return { zh: '同一通电话', en: 'in the same call' };
      return fact.body.direction === 'in' ? { zh: '来电', en: 'incoming' } : { zh: '外呼', en: 'outgoing' };
    case 'step.recorded': {
      const { move } = fact.body;
      if (move.type !== 'answered') return stepWords(move.step);
      return topicWords(move.answers.map((answer) => answer.about));
    }
    case 'disposition.recorded': {
      const result = callResultFacts[fact.body.callResult.confirmed].text;
      const { disposition } = fact.body;
      const code = dispositionCodes.find((known) => known === disposition?.code);
      if (!disposition || !code) return result;
      return joined(result, dispositionText(disposition.sub === undefined ? { code } : { code, sub: disposition.sub }));
    }
    case 'followUp.requested':
      return followUpTexts[fact.body.followUp.kind];
    case 'notice.requested':
      return noticeTemplateTexts[fact.body.template];
    case 'break.started':
      return breakReasonTexts[fact.body.reason];
    case 'dial.blocked':
      return dialRuleText(fact.body.rule) ?? null;
    case 'amended':
      return { zh: `第 ${fact.body.seq} 条`, en: `entry ${fact.body.seq}` };
    default:
      return null;
  }
}

function rowOf({ header, fact, state }: EntryLine): JournalRowView {
  const head = entryTexts[header.kind];
  return {
    seq: header.seq,
    at: correctedAt(header),
    kind: header.kind,
    text: fact ? joined(head, detailOf(fact)) : head,
    rule: fact?.kind === 'dial.blocked' ? fact.body.rule : null,
    caseId: header.caseId,
    state: state.type === 'waiting' ? 'waiting' : state.receipt.state,
    reason: state.type === 'waiting' ? null : (state.receipt.reason ?? null),
  };
}

export function selectJournal({ journal, unsent }: StationState): JournalView {
  return {
    type: 'journal',
    rows: journal.rows.map(rowOf),
    total: unsent?.seq ?? journal.rows.length,
    more: journal.rows.length >= journal.limit,
    unsent: unsent?.unsent ?? 0,
    verified: journal.verified,
    exporting: journal.exporting,
  };
}
