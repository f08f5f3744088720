/** 先记后问: which question the customer answered ahead, then its fields. By keys alone: a digit or arrows, typing, Enter. */
import { type SubmitEvent, useEffect, useRef } from 'react';
import { useSend, useText } from '../../app/context.tsx';
import { listNames } from '../../app/keys.ts';
import type { DialogView } from '../../app/view.ts';
import { Options } from '../../components/options.tsx';
import { Kbd } from '../../components/pieces.tsx';
import { ui } from '../names.ts';
import { Field } from '../workbench/field.tsx';

export function OpenQuestions({ dialog }: { dialog: Extract<DialogView, { type: 'openQuestions' }> }) {
  const say = useText();
  const send = useSend();
  const place = useRef<HTMLDivElement>(null);
  const { chosen, questions } = dialog;
  useEffect(() => {
    if (chosen?.step !== undefined) place.current?.querySelector<HTMLElement>('[data-first-focus]')?.focus();
  }, [chosen?.step]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send({ type: 'dialog.closed' });
  };
  return (
    <div className="open-questions" ref={place}>
      <p className="hint">
        {say({
          zh: '客户提前说到的先记下来，问到那一题时会填好，仍要确定。',
          en: 'Note what the customer tells ahead; it waits at its question, to be committed there.',
        })}
      </p>
      {chosen === null ? (
        <Options
          name={listNames.openQuestions}
          label={say({ zh: '未问的问题', en: 'Open questions' })}
          numbers
          look="small"
          firstFocus
          options={questions.map(({ step, label, noted }) => ({
            id: step,
            label,
            badge: noted ? { text: { zh: '已记', en: 'noted' }, tone: 'info' as const } : null,
            chosen: false,
          }))}
          onChoose={(step) => send({ type: 'openQuestion.chosen', step })}
        />
      ) : (
        <form onSubmit={submit}>
          {chosen.fields.map((field, index) => (
            <Field
              key={`${chosen.step} ${field.about}`}
              field={field}
              slip={null}
              alone={chosen.fields.length === 1}
              numbers={chosen.fields.length === 1}
              firstFocus={index === 0}
            />
          ))}
          <div className="dialog-foot">
            <button type="button" className="button" onClick={() => send({ type: 'dialog.closed' })}>
              {say(ui.close)} <Kbd>Esc</Kbd>
            </button>
            <button type="submit" className="button primary">
              {say({ zh: '记下', en: 'Note it' })} <Kbd>Enter</Kbd>
            </button>
          </div>
        </form>
      )}
    </div>
  );
}
