/** A reason that is kept: why a case is skipped, why a missed call is closed without a call back, what a lead decided about a row of the board. */
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
  /** What becomes of the reason; without one, that it goes into the journal. */
  hint?: Text;
  busy?: boolean;
  /** Never called with an empty reason. */
  onReason: (reason: string) => void;
  children?: ReactNode;
};

const intoJournal: Text = {
  zh: '原因会记入日志，班长可见。',
  en: 'The reason goes into the journal and can be seen by your lead.',
};

export function ReasonForm({ label, placeholder, confirm, draft = '', hint, busy = false, onReason, children }: Props) {
  const say = useText();
  const send = useSend();
  const [text, setText] = useState(draft);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() !== '' && !busy) onReason(text.trim());
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
      <p className="hint">{say(hint ?? intoJournal)}</p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => send({ type: 'dialog.closed' })}>
          {say(ui.cancel)} <Kbd>Esc</Kbd>
        </button>
        <button type="submit" className="button primary" disabled={text.trim() === '' || busy}>
          {say(confirm)} <Kbd>Enter</Kbd>
        </button>
      </div>
    </form>
  );
}
