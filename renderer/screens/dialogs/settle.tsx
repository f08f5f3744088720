/** A lead takes a row off the board: what was decided about it. */
import { useSend, useText } from '../../app/context.tsx';
import { clockTime } from '../../app/text/time.ts';
import { exceptionTexts } from '../../app/text/words.ts';
import type { DialogView } from '../../app/view.ts';
import { ReasonForm } from './reasonForm.tsx';

export function Settle({ dialog }: { dialog: Extract<DialogView, { type: 'settle' }> }) {
  const say = useText();
  const send = useSend();
  const { exception, problem, busy } = dialog;
  return (
    <ReasonForm
      label={{ zh: '处理结果', en: 'What was decided' }}
      placeholder={{
        zh: '例如：已安排另一坐席核实；已回复客户',
        en: 'For example: another agent verifies it; the customer has been answered',
      }}
      confirm={{ zh: '处理完毕', en: 'Settle' }}
      hint={{
        zh: '处理结果、工号和时间会存入后台审计；此条不再显示，再有新情况会重新出现。',
        en: 'What was decided, by whom and when is kept by the server. The row goes, and comes back when something new happens.',
      }}
      busy={busy}
      onReason={(reason) => send({ type: 'exception.settled', id: exception.id, at: exception.at, reason })}
    >
      <p>
        {[
          say(exceptionTexts[exception.type]),
          exception.respondent ?? exception.caseId ?? '',
          exception.agent ?? '',
          clockTime(Date.parse(exception.at)),
        ]
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      {problem !== null && (
        <p className="problem line" role="alert">
          {say(problem)}
        </p>
      )}
    </ReasonForm>
  );
}
