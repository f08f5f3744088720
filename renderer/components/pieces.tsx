/** The small pieces of every screen. */
import type { ReactNode } from 'react';
import { useLanguage, useNow, useText, useView } from '../app/context.tsx';
import { type Command, chordLabel, chordName } from '../app/keyMap.ts';
import { age, runningTime } from '../app/text/time.ts';
import type { Badge, Tone } from '../app/view.ts';

export function Tag({ badge }: { badge: Badge }) {
  const say = useText();
  return (
    <span className={`tag ${badge.tone}`} title={say(badge.text)}>
      {say(badge.text)}
    </span>
  );
}

export function ToneTag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={`tag ${tone}`}>{children}</span>;
}

/** One line that never breaks the layout: cut with an ellipsis, whole in the tooltip. */
export function Clipped({ text, className = '' }: { text: string; className?: string }) {
  return (
    <span className={`clip ${className}`} title={text}>
      {text}
    </span>
  );
}

export type ButtonLook = 'normal' | 'primary' | 'danger' | 'plain' | 'on';

/** A key as it stands on a button; not part of the button's name. */
export function Kbd({ children }: { children: ReactNode }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a kbd takes no focus
  return <kbd aria-hidden="true">{children}</kbd>;
}

/** A button with its key on it. The key itself is read in one place (useKeys), not here. */
export function KeyButton({
  label,
  command,
  look = 'normal',
  disabled = false,
  pressed,
  onPress,
}: {
  label: string;
  command?: Command;
  look?: ButtonLook;
  disabled?: boolean;
  pressed?: boolean;
  onPress: () => void;
}) {
  const host = useView((view) => view.host);
  const keys = useView((view) => view.keys);
  const chord = command === undefined ? undefined : keys[command][0];
  return (
    <button
      type="button"
      className={`button ${look}`}
      disabled={disabled}
      aria-pressed={pressed}
      aria-label={label}
      aria-keyshortcuts={chord === undefined ? undefined : chordName(chord)}
      onClick={onPress}
    >
      {label}
      {chord !== undefined && <Kbd>{chordLabel(chord, host)}</Kbd>}
    </button>
  );
}

/** Running time since an instant: `00:42`. */
export function Running({ since, until }: { since: number; until?: number }) {
  const now = useNow(1000);
  const total = until === undefined ? '' : ` / ${runningTime(until * 1000)}`;
  return (
    <span role="timer" aria-live="off">
      {runningTime(now - since)}
      {total}
    </span>
  );
}

/** How old something is: `3 分`. */
export function Age({ since, everyMs = 1000 }: { since: number; everyMs?: number }) {
  const now = useNow(everyMs);
  return <>{age(now - since, useLanguage())}</>;
}

/** Said to a screen reader and seen by nobody. */
export function Spoken({ children }: { children: ReactNode }) {
  return (
    <span className="hidden-words" role="status" aria-live="polite">
      {children}
    </span>
  );
}

/** A named group of things that belong together. */
export function Group({ label, className = '', children }: { label: string; className?: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups form controls; these are words and numbers
    <div role="group" aria-label={label} className={className}>
      {children}
    </div>
  );
}
