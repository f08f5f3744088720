/** A reason that goes into the journal: for a case that is skipped, and for a missed call that is closed without a call back. */
import { type ReactNode, type SubmitEvent, useState } from 'react';
import type { Text } from '#shared/text.ts';
import { useSend, useText } from '../../app/context.tsx';
import { Kbd } from '../../components/pieces.tsx';
import { ui } from '../names.ts';

type Props = {
  label: Text;
  placeholder: Text;
  /** What the button does, in a word. */
  confirm: Text;
  draft?: string;
  /** Never called with an empty reason. */
  onReason: (reason: string) => void;
  children?: ReactNode;
};

export function ReasonForm({ label, placeholder, confirm, draft = '', onReason, children }: Props) {
  const say = useText();
  const send = useSend();
  const [text, setText] = useState(draft);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() !== '') onReason(text.trim());
  };
  return (
    <form onSubmit={submit}>
      {children}
      <input
        className="input"
        data-dialog-focus
        value={text}
        maxLength={500}
        autoComplete="off"
        aria-label={say(label)}
        placeholder={say(placeholder)}
        onChange={(event) => setText(event.target.value)}
      />
      <p className="hint">
        {say({
          zh: '原因会记入日志，班长可见。',
          en: 'The reason goes into the journal and can be seen by your lead.',
        })}
      </p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => send({ type: 'dialog.closed' })}>
          {say(ui.cancel)} <Kbd>Esc</Kbd>
        </button>
        <button type="submit" className="button primary" disabled={text.trim() === ''}>
          {say(confirm)} <Kbd>Enter</Kbd>
        </button>
      </div>
    </form>
  );
}
