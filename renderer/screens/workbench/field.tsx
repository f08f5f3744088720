import { useId } from 'react';
import type { Text } from '#shared/text.ts';
import { useSend, useText } from '../../app/context.tsx';
import { echoOf } from '../../app/echo.ts';
import { normaliseTyped } from '../../app/typed.ts';
import type { FieldView } from '../../app/view.ts';
import { Options } from '../../components/options.tsx';
import { TypedInput } from '../../components/typedInput.tsx';

const placeholders: Readonly<Record<Exclude<FieldView['answer'], 'choice'>, Text>> = {
  text: { zh: '客户怎么说就怎么记', en: 'As the person says it' },
  name: { zh: '全称，按客户所说', en: 'The full name, as said' },
  money: { zh: '可写 一万五、1.5万、15000', en: 'For example 15000 or 1.5万' },
  date: { zh: '例如 2019-03、2019年3月', en: 'For example 2019-03' },
  number: { zh: '数字', en: 'A figure' },
  lastFour: { zh: '后四位', en: 'The last four' },
};

type Props = {
  field: FieldView;
  slip: Text | null;
  /** The only field of its question: the sentence is its label. */
  alone: boolean;
  /** Bare digits mean this field's options now. */
  numbers: boolean;
  firstFocus: boolean;
};

/** One field of a question: typed, or chosen, or typed with a way out (不清楚, 拒绝回答). */
export function Field({ field, slip, alone, numbers, firstFocus }: Props) {
  const say = useText();
  return (
    <div className="field">
      <p className={alone ? 'field-label lone' : 'field-label'}>
        <span>{say(field.label)}</span>
        {field.mandatory && <span className="faint">{say({ zh: '必问', en: 'required' })}</span>}
        {field.private && (
          <span className="faint">{say({ zh: '只记结论，不存原话', en: 'only the verdict is kept' })}</span>
        )}
      </p>
      {field.answer === 'choice' ? (
        <>
          <FieldOptions field={field} numbers={numbers} firstFocus={firstFocus} />
          {slip !== null ? (
            <p className="line problem" role="alert">
              {say(slip)}
            </p>
          ) : (
            field.reply !== null && <Reply words={field.reply} />
          )}
        </>
      ) : (
        <TypedField field={field} slip={slip} numbers={numbers} firstFocus={firstFocus} />
      )}
    </div>
  );
}

function TypedField({ field, slip, numbers, firstFocus }: Omit<Props, 'alone'>) {
  const say = useText();
  const send = useSend();
  const noteId = useId();
  const { answer } = field;
  if (answer === 'choice') return null;
  const echo = echoOf(field.draft, answer);
  return (
    <>
      <TypedInput
        data-key="text"
        data-name={field.about}
        data-first-focus={firstFocus || undefined}
        className={`input answer ${field.draftChoice !== null ? 'unused' : ''}`}
        inputMode={answer === 'money' || answer === 'number' ? 'decimal' : undefined}
        maxLength={answer === 'lastFour' ? 4 : 500}
        placeholder={say(placeholders[answer])}
        aria-label={say(field.label)}
        aria-required={field.mandatory}
        aria-invalid={slip !== null}
        aria-describedby={noteId}
        draft={field.draft}
        normalise={(text) => normaliseTyped(text, answer)}
        onDraft={(text) => send({ type: 'draft.typed', about: field.about, text })}
      />
      <div className="field-under">
        {field.choices.length > 0 && <FieldOptions field={field} numbers={numbers} firstFocus={false} />}
        {slip === null && field.reply !== null ? (
          <Reply words={field.reply} id={noteId} />
        ) : (
          <p
            className={`line ${slip === null ? 'hint' : 'problem'}`}
            id={noteId}
            role={slip === null ? undefined : 'alert'}
          >
            {slip !== null ? say(slip) : echo === null ? '' : `= ${say(echo)}`}
          </p>
        )}
      </div>
    </>
  );
}

/** A sentence to say, between quotation marks as all that is read out beside the question. */
function Reply({ words, id }: { words: Text; id?: string }) {
  const say = useText();
  return (
    <p className="line reply" id={id} role="status">
      {say({ zh: `「${words.zh}」`, en: `“${words.en}”` })}
    </p>
  );
}

function FieldOptions({ field, numbers, firstFocus }: { field: FieldView; numbers: boolean; firstFocus: boolean }) {
  const say = useText();
  const send = useSend();
  return (
    <Options
      name={field.about}
      label={say(field.label)}
      numbers={numbers}
      look={field.answer === 'choice' ? 'cards' : 'small'}
      firstFocus={firstFocus}
      options={field.choices.map((choice) => ({
        id: choice.as,
        label: choice.label,
        hint: choice.hint ?? null,
        chosen: choice.as === field.draftChoice,
      }))}
      onChoose={(as) => send({ type: 'draft.chosen', about: field.about, as })}
    />
  );
}
