/** Ctrl+K: cases by name, last digits or number, and what can be done by a word. Found anew at each look: cases may arrive meanwhile. */
import { caseKindTexts } from '#shared/case/kind.ts';
import { matchesSearch } from '#shared/case/queue.ts';
import type { Language, Text } from '#shared/text.ts';
import { preNoticeText } from '../app/text/words.ts';
import type { DialogView } from '../app/view.ts';
import { preNoticeOffered } from '../casework/acts.ts';
import { displayName } from './selectCase.ts';
import type { StationState } from './state.ts';

type Found = Extract<DialogView, { type: 'finder' }>['results'][number];

/** Most cases shown; whoever sees more types another letter. */
const most = 8;

export function findAll({ shift, person }: StationState, query: string, language: Language): Found[] {
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
    ...commands.filter(({ label }) => fits(label)),
  ];
}
