/** A missed call is closed without a call back: why. */
import { type SubmitEvent, useState } from 'react';
import { useSend, useText } from '../../app/context.tsx';
import { clockTime } from '../../app/text/time.ts';
import type { DialogView } from '../../app/view.ts';
import { Kbd } from '../../components/pieces.tsx';
import { ui } from '../names.ts';

export function CloseMissed({ dialog }: { dialog: Extract<DialogView, { type: 'closeMissed' }> }) {
  const say = useText();
  const send = useSend();
  const [reason, setReason] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (reason.trim() !== '') send({ type: 'missed.closed', attempt: dialog.attempt, reason: reason.trim() });
  };
  return (
    <form onSubmit={submit}>
      <p>
        {[dialog.who, dialog.number, say({ zh: `${clockTime(dialog.at)} 来电`, en: `rang at ${clockTime(dialog.at)}` })]
          .filter((part) => part !== null && part !== '')
          .join(' · ')}
      </p>
      <input
        className="input"
        data-dialog-focus
        value={reason}
        maxLength={500}
        autoComplete="off"
        aria-label={say({ zh: '不回拨的原因', en: 'Why there is no call back' })}
        placeholder={say({
          zh: '例如：客户经理已回电；不是本行客户',
          en: 'For example: the account manager has called; no customer of ours',
        })}
        onChange={(event) => setReason(event.target.value)}
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
        <button type="submit" className="button primary" disabled={reason.trim() === ''}>
          {say({ zh: '关闭任务', en: 'Close the task' })} <Kbd>Enter</Kbd>
        </button>
      </div>
    </form>
  );
}
