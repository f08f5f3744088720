/** F1: which key does what, and where a person gives a command another key. */
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { Text } from '#shared/text.ts';
import { useSend, useText, useView } from '../../app/context.tsx';
import { type Chord, type Command, chordLabel, commands, commandTexts, transferChord } from '../../app/keyMap.ts';
import { canChoose, chordOf, keyProblem } from '../../app/ownKeys.ts';
import type { CallBarView } from '../../app/view.ts';
import { CloseButton } from './closeButton.tsx';

const usual: Text = {
  zh: '点一个按键可以更换。输入法选词时，快捷键不起作用；界面突然变化后，Enter 要等 0.6 秒才有效。',
  en: 'Press a key here to change it. While an input method composes, no shortcut acts; after the screen changed by itself, Enter waits 0.6 seconds.',
};

export function Help() {
  const say = useText();
  const send = useSend();
  const host = useView((view) => view.host);
  const keys = useView((view) => view.keys);
  const own = useView((view) => view.ownKeys);
  // A call has the keys of the phone: nothing takes them from it.
  const busy = useView(({ screen }) => screen.type === 'workbench' && callStates.has(screen.callBar.state));
  const [asking, setAsking] = useState<Command | null>(null);
  const [said, setSaid] = useState<{ bad: boolean; text: Text } | null>(null);

  const ask = (command: Command | null) => {
    setAsking(command);
    setSaid(command && { bad: false, text: pressNow(commandTexts[command]) });
  };
  const choose = (command: Command, chord: Chord) => {
    const problem = keyProblem(keys, host, command, chord);
    if (problem) return setSaid({ bad: true, text: problem });
    send({ type: 'key.chosen', command, chord });
    setAsking(null);
    setSaid({ bad: false, text: isNow(commandTexts[command], chordLabel(chord, host)) });
  };
  useEffect(() => {
    if (busy) setAsking(null);
  }, [busy]);
  const more: { keys: string; text: Text }[] = [
    { keys: '1–9', text: { zh: '选择回答或结果', en: 'Choose an answer or a result' } },
    { keys: 'Alt 1–9', text: { zh: '在文本框里选择', en: 'Choose while a text field has the focus' } },
    { keys: '↑ ↓', text: { zh: '在队列或选项中移动', en: 'Move in the queue or in a list' } },
    {
      keys: chordLabel(transferChord(host), host),
      text: { zh: '直接转接给选中的同事', en: 'Pass the call on to the chosen colleague' },
    },
    { keys: 'Del', text: { zh: '关闭未接来电，不回拨', en: 'Close a missed call without a call back' } },
    { keys: 'Space', text: { zh: '勾选、选择', en: 'Tick, choose' } },
  ];
  return (
    <>
      <dl className="keys-list">
        {commands.map((command) => (
          <div key={command}>
            <dt>
              {canChoose(command) ? (
                <KeyChoice
                  command={command}
                  labels={keys[command].map((chord) => chordLabel(chord, host))}
                  asking={asking === command}
                  disabled={busy}
                  onAsk={ask}
                  onChord={choose}
                />
              ) : (
                <kbd>{chordLabel(keys[command][0], host)}</kbd>
              )}
            </dt>
            <dd>{say(commandTexts[command])}</dd>
          </div>
        ))}
        {more.map(({ keys: label, text }) => (
          <div key={label}>
            <dt>
              <kbd>{label}</kbd>
            </dt>
            <dd>{say(text)}</dd>
          </div>
        ))}
      </dl>
      <p className={`hint keys-said${said?.bad ? ' tone-bad' : ''}`} role="status">
        {say(busy ? inCall : (said?.text ?? usual))}
      </p>
      <CloseButton>
        {own && (
          <button
            type="button"
            className="button plain"
            onClick={() => {
              send({ type: 'keys.restored' });
              setSaid({ bad: false, text: { zh: '所有按键已恢复默认。', en: 'All keys are as they came.' } });
            }}
          >
            {say({ zh: '恢复默认按键', en: 'Restore all keys' })}
          </button>
        )}
      </CloseButton>
    </>
  );
}

/** A call rings or is up. */
const callStates: ReadonlySet<CallBarView['state']> = new Set(['dialing', 'ringing', 'talking', 'incoming', 'ending']);
const inCall: Text = {
  zh: '通话结束后可以更换按键。',
  en: 'Keys can be changed when the call is over.',
};
const pressNow = ({ zh, en }: Text): Text => ({
  zh: `「${zh}」：请按新的键，Esc 取消。`,
  en: `“${en}”: press the new key, or Esc to leave it.`,
});
const isNow = ({ zh, en }: Text, label: string): Text => ({
  zh: `「${zh}」现在是 ${label}。`,
  en: `“${en}” is ${label} now.`,
});

/** A key that an input method or a dead key takes. */
const composingKeyCode = 229;

/** While it asks, every key is its own but Tab; another click, or the focus elsewhere, leaves the key as it was. */
function KeyChoice({
  command,
  labels,
  asking,
  disabled,
  onAsk,
  onChord,
}: {
  command: Command;
  labels: string[];
  asking: boolean;
  disabled: boolean;
  onAsk: (command: Command | null) => void;
  onChord: (command: Command, chord: Chord) => void;
}) {
  const say = useText();
  const { zh, en } = commandTexts[command];
  const onKeyDown = (event: KeyboardEvent) => {
    if (!asking || event.code === 'Tab') return;
    event.preventDefault();
    if (event.repeat || event.nativeEvent.isComposing || event.keyCode === composingKeyCode) return;
    const chord = chordOf(event);
    if (event.code === 'Escape') onAsk(null);
    else if (chord) onChord(command, chord);
  };
  return (
    <button
      type="button"
      className="key-choice"
      disabled={disabled}
      data-own-keys={asking ? '' : undefined}
      aria-pressed={asking}
      aria-label={say({ zh: `更改按键：${zh}`, en: `Change the key: ${en}` })}
      onClick={() => onAsk(asking ? null : command)}
      onKeyDown={onKeyDown}
      onBlur={() => asking && onAsk(null)}
    >
      {asking ? (
        <kbd>{say({ zh: '按新键…', en: 'Press…' })}</kbd>
      ) : (
        labels.map((label) => <kbd key={label}>{label}</kbd>)
      )}
    </button>
  );
}
