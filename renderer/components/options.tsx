/**
 * A numbered list of answers, results, exits or numbers. One Tab stop; arrows move, digits and Space choose. The group itself takes the
 * focus first, so that an Enter that comes too soon chooses nothing. Numbers are shown on the list that bare digits mean.
 */

import type { ReactNode } from 'react';
import type { Text } from '#shared/text.ts';
import { useText } from '../app/context.tsx';
import type { Badge } from '../app/view.ts';
import { Kbd, Tag } from './pieces.tsx';

export type Option = { id: string; label: Text; hint?: Text | null; badge?: Badge | null; chosen: boolean };

export function Options({
  name,
  label,
  options,
  numbers,
  look = 'cards',
  firstFocus = false,
  missing = false,
  onChoose,
  children,
}: {
  name: string;
  label: string;
  options: readonly Option[];
  /** Show the digits: this is the list they mean. */
  numbers: boolean;
  look?: 'cards' | 'chips' | 'small';
  firstFocus?: boolean;
  missing?: boolean;
  onChoose: (id: string) => void;
  /** What stands at the end of the list, for example «more». */
  children?: ReactNode;
}) {
  const say = useText();
  const chosenAt = options.findIndex((option) => option.chosen);
  return (
    <div
      role="radiogroup"
      aria-label={label}
      tabIndex={-1}
      className={`options ${look} ${numbers ? 'numbered' : ''}`}
      data-group={name}
      data-first-focus={firstFocus || undefined}
      data-missing={missing || undefined}
    >
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useSemanticElements: a radio input cannot hold two lines of text and a key
        <button
          type="button"
          role="radio"
          key={option.id}
          aria-checked={option.chosen}
          aria-label={say(option.label)}
          tabIndex={index === Math.max(0, chosenAt) ? 0 : -1}
          className="option"
          data-key="choice"
          data-name={name}
          data-index={index}
          onClick={() => onChoose(option.id)}
          title={say(option.label)}
        >
          {index < 9 && <Kbd>{index + 1}</Kbd>}
          <span className="option-words">
            <b>{say(option.label)}</b>
            {option.hint != null && <i>{say(option.hint)}</i>}
          </span>
          {option.badge != null && <Tag badge={option.badge} />}
        </button>
      ))}
      {children}
    </div>
  );
}
