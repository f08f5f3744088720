/**
 * Ctrl+K: cases by name, last digits or number, what can be done by a word, and what to answer a customer who asks back. Found anew at each look:
 * cases may arrive meanwhile, and whether a sentence may be said depends on where the call stands.
 */
import { caseKindTexts } from '#shared/case/kind.ts';
import { matchesSearch } from '#shared/case/queue.ts';
import { type CustomerQuestion, customerQuestions, fitsQuestion } from '#shared/script/customerQuestions.ts';
import type { Secret } from '#shared/script/format.ts';
import { identityConfirmed, mayReveal } from '#shared/script/scriptMachine.ts';
import { fillPlaceholders } from '#shared/script/words.ts';
import type { Language, Text } from '#shared/text.ts';
import { preNoticeText } from '../app/text/words.ts';
import type { DialogView } from '../app/view.ts';
import { caseOf, preNoticeOffered } from '../casework/acts.ts';
import type { Conversation } from '../casework/work.ts';
import { displayName } from './selectCase.ts';
import { minutesOf } from './selectScript.ts';
import type { StationState } from './state.ts';

type Found = Extract<DialogView, { type: 'finder' }>['results'][number];

/** Most cases shown; whoever sees more types another letter. */
const most = 8;

export function findAll(state: StationState, query: string, language: Language): Found[] {
  const { shift, person } = state;
  const wanted = query.trim();
  const casework = shift?.casework.getSnapshot();
  const { cases } = casework?.context ?? { cases: [] };
  const offered = casework?.matches('preview') && preNoticeOffered(casework.context);
  const commands: Found[] = [
    ...(offered ? [{ id: 'preNotice', label: preNoticeText, hint: null }] : []),
    { id: 'screen:workbench', label: { zh: '工作台', en: 'Workbench' }, hint: null },
    { id: 'screen:journal', label: { zh: '我的日志', en: 'My journal' }, hint: null },
    ...(person?.role === 'agent' ? [] : [{ id: 'screen:board', label: { zh: '班长看板', en: 'Board' }, hint: null }]),
    { id: 'settings', label: { zh: '设置 声音设备', en: 'Settings, sound devices' }, hint: null },
    { id: 'selfCheck', label: { zh: '自检', en: 'Self-check' }, hint: null },
    ...(shift ? [{ id: 'reconnect', label: { zh: '立即重连', en: 'Reconnect now' }, hint: null }] : []),
    { id: 'lock', label: { zh: '锁屏', en: 'Lock the screen' }, hint: null },
    { id: 'signOut', label: { zh: '签出', en: 'Sign out' }, hint: null },
  ];
  const fits = ({ zh, en }: Text) =>
    wanted === '' || zh.includes(wanted) || en.toLowerCase().includes(wanted.toLowerCase());
  const found = wanted === '' ? [] : cases.filter((case_) => matchesSearch(case_, wanted)).slice(0, most);
  // In a call all of them stand there at once: who is asked has no time to find a word.
  const inCall = shift?.casework.getSnapshot().context.work?.conversation != null;
  const questions = answersNow(state, (question) => (wanted === '' ? inCall : fitsQuestion(question, wanted))).map(
    (question): Found => ({ id: `${questionId}${question.id}`, label: question.question, hint: question.answer }),
  );
  return [
    ...found.map((case_): Found => {
      const name = displayName(case_, language);
      const kind = caseKindTexts[case_.kind];
      return {
        id: `case:${case_.id}`,
        label: { zh: name, en: name },
        hint: { zh: `${kind.zh} · ${case_.id}`, en: `${kind.en} · ${case_.id}` },
      };
    }),
    ...questions,
    ...commands.filter(({ label }) => fits(label)),
  ];
}

/** What may be answered now, its placeholders filled. */
function answersNow(
  { shift, person }: StationState,
  fits: (question: CustomerQuestion) => boolean,
): CustomerQuestion[] {
  const context = shift?.casework.getSnapshot().context;
  if (!context) return [];
  const case_ = context.work ? context.work.case : caseOf(context, context.selected);
  const conversation = context.work?.conversation ?? null;
  const isEmployer = case_?.kind === 'EMPLOYER';
  const words = {
    ...(person && { agentId: person.account }),
    ...(case_ && { caseRef: case_.id, minutes: minutesOf(case_.kind) }),
  };
  return customerQuestions
    .filter(fits)
    .filter(({ asker }) => asker === 'either' || asker === (isEmployer ? 'employer' : 'customer'))
    .filter(({ reveals }) => reveals === undefined || (conversation !== null && maySay(conversation, reveals)))
    .map((question) => ({ ...question, answer: fillPlaceholders(question.answer, words) }));
}

const maySay = ({ script, snapshot }: Conversation, secret: Secret): boolean =>
  mayReveal(script, snapshot, secret) && (secret === 'recording' || identityConfirmed(script, snapshot));

const questionId = 'question:';

/** The question of a result of the finder; undefined for any other result, and when its sentence may not be said any more. */
export function questionOf(state: StationState, id: string): CustomerQuestion | undefined {
  if (!id.startsWith(questionId)) return undefined;
  return answersNow(state, (question) => `${questionId}${question.id}` === id)[0];
}
