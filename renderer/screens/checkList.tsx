/** The self-check as a list: each with its state in a word and, when there is something to do, a sentence. */
import { useEffect, useState } from 'react';
import type { Text } from '#shared/text.ts';
import { useText, useView } from '../app/context.tsx';
import { chordLabel } from '../app/keyMap.ts';
import { chordOf, sameChord } from '../app/ownKeys.ts';
import type { CheckView } from '../app/view.ts';

const checkStates: Readonly<Record<CheckView['state'], { text: Text; tone: string }>> = {
  notRun: { text: { zh: '未试', en: 'not tried' }, tone: 'neutral' },
  running: { text: { zh: '检查中', en: 'checking' }, tone: 'neutral' },
  ok: { text: { zh: '正常', en: 'ok' }, tone: 'good' },
  warning: { text: { zh: '注意', en: 'note' }, tone: 'warning' },
  failed: { text: { zh: '有问题', en: 'trouble' }, tone: 'bad' },
};

/** Some keyboards and tools swallow F keys: one press shows that they arrive. Nobody below can know, so the screen looks itself. */
function useKeyCheck(): CheckView {
  const [seen, setSeen] = useState(false);
  const host = useView((view) => view.host);
  // The key that dials and answers, which in front of a dialog does neither.
  const [key] = useView((view) => view.keys.dialOrAnswer);
  useEffect(() => {
    const look = (event: KeyboardEvent) => {
      const pressed = chordOf(event);
      if (pressed === null || !sameChord(pressed, key)) return;
      event.preventDefault();
      setSeen(true);
    };
    // Beside useKeys, which lets nothing through to the elements below.
    window.addEventListener('keydown', look, true);
    return () => window.removeEventListener('keydown', look, true);
  }, [key]);
  const label = chordLabel(key, host);
  const check = { id: 'keys', label: { zh: '按键', en: 'F keys' } } as const;
  if (seen) return { ...check, state: 'ok' };
  return {
    ...check,
    state: 'warning',
    sentence: {
      zh: `请按一下 ${label}；没有反应的话，键盘或别的软件占用了功能键（试试 Fn 锁）。`,
      en: `Press ${label} once. If nothing happens, the keyboard or another program keeps the F keys: try the Fn lock.`,
    },
  };
}

export function CheckList({ checks: given }: { checks: readonly CheckView[] }) {
  const say = useText();
  const keys = useKeyCheck();
  // Where the hand has something to do, above what the machine finds out alone.
  const at = given.findIndex(({ id }) => id === 'server');
  const place = at === -1 ? given.length : at;
  const checks = [...given.slice(0, place), keys, ...given.slice(place)].filter(
    ({ id }, index, all) => all.findIndex((other) => other.id === id) === index,
  );
  return (
    <ul>
      {checks.map((check) => (
        <li key={check.id} data-check={check.id} data-state={check.state}>
          <span className={`strip-dot ${checkStates[check.state].tone}`} aria-hidden="true" />
          <b>{say(check.label)}</b>
          <span className={`tag ${checkStates[check.state].tone}`}>{say(checkStates[check.state].text)}</span>
          {check.sentence !== undefined && <p>{say(check.sentence)}</p>}
        </li>
      ))}
    </ul>
  );
}
