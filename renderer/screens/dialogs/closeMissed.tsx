/** A missed call is closed without a call back: why. */
import { useSend, useText } from '../../app/context.tsx';
import { clockTime } from '../../app/text/time.ts';
import type { DialogView } from '../../app/view.ts';
import { ReasonForm } from './reasonForm.tsx';

export function CloseMissed({ dialog }: { dialog: Extract<DialogView, { type: 'closeMissed' }> }) {
  const say = useText();
  const send = useSend();
  return (
    <ReasonForm
      label={{ zh: '不回拨的原因', en: 'Why there is no call back' }}
      placeholder={{
        zh: '例如：客户经理已回电；不是本行客户',
        en: 'For example: the account manager has called; no customer of ours',
      }}
      confirm={{ zh: '关闭任务', en: 'Close the task' }}
      onReason={(reason) => send({ type: 'missed.closed', attempt: dialog.attempt, reason })}
    >
      <p>
        {[dialog.who, dialog.number, say({ zh: `${clockTime(dialog.at)} 来电`, en: `rang at ${clockTime(dialog.at)}` })]
          .filter((part) => part !== null && part !== '')
          .join(' · ')}
      </p>
    </ReasonForm>
  );
}
