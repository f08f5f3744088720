/**
 * A text field whose draft lives in the workstation. What is typed is shown at once and said with every change; the workstation's echo
 * never moves the caret, and nothing is replaced while an input method composes.
 */
import { type ComponentProps, useEffect, useRef, useState } from 'react';

type Props = {
  draft: string;
  onDraft: (text: string) => void;
  /** Normalisation of what is typed, before it is said (full width to half width). */
  normalise?: (text: string) => string;
  lines?: number;
} & Pick<
  ComponentProps<'input'>,
  | 'id'
  | 'maxLength'
  | 'inputMode'
  | 'placeholder'
  | 'disabled'
  | 'aria-label'
  | 'aria-describedby'
  | 'aria-invalid'
  | 'aria-required'
  | 'className'
> & {
    'data-key': 'text' | 'search';
    'data-name': string;
    'data-first-focus'?: boolean | undefined;
    'data-missing'?: boolean | undefined;
  };

export function TypedInput({ draft, onDraft, normalise, lines = 1, className = 'input', ...rest }: Props) {
  const [text, setText] = useState(draft);
  const said = useRef(draft);
  const composing = useRef(false);

  useEffect(() => {
    if (draft === said.current || composing.current) return;
    said.current = draft;
    setText(draft);
  }, [draft]);

  const say = (typed: string) => {
    const clean = normalise?.(typed) ?? typed;
    if (clean !== typed) setText(clean);
    said.current = clean;
    onDraft(clean);
  };
  const handlers = {
    value: text,
    onChange: (event: { target: { value: string } }) => {
      setText(event.target.value);
      if (!composing.current) say(event.target.value);
    },
    onCompositionStart: () => {
      composing.current = true;
    },
    onCompositionEnd: (event: { currentTarget: { value: string } }) => {
      composing.current = false;
      say(event.currentTarget.value);
    },
    autoComplete: 'off',
    spellCheck: false,
    className,
  };
  const { inputMode, ...others } = rest;
  return lines > 1 ? (
    <textarea rows={lines} {...others} {...handlers} />
  ) : (
    <input type="text" inputMode={inputMode} {...others} {...handlers} />
  );
}
