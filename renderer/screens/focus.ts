/** Between the page and the words of keys.ts: where the focus is, and how to move it. */
import { type Focus, type FocusTarget, noFocus } from '../app/keys.ts';

const kinds: Readonly<Record<string, Focus['kind']>> = {
  text: 'text',
  search: 'search',
  choice: 'choice',
  tick: 'tick',
  queue: 'queue',
};

/** Reads an element's place from its data attributes; anything that takes text without them is text too. */
export function focusOf(element: Element | null): Focus {
  if (!(element instanceof HTMLElement)) return noFocus;
  const { key, name = null, group, index } = element.dataset;
  if (group !== undefined) return { ...noFocus, kind: 'group', name: group };
  const typed = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
  const kind = kinds[key ?? ''];
  if (kind !== undefined) {
    return {
      kind,
      name,
      text: typed ? element.value : '',
      index: index === undefined ? null : Number(index),
      chosen: element.getAttribute('aria-checked') === 'true',
    };
  }
  if (typed && element.type !== 'checkbox') return { ...noFocus, kind: 'text', text: element.value };
  if (typed || element instanceof HTMLButtonElement || element instanceof HTMLAnchorElement)
    return { ...noFocus, kind: 'button' };
  return noFocus;
}

const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];

function step(elements: readonly HTMLElement[], by: 1 | -1): void {
  const at = elements.findIndex((element) => element.isSameNode(document.activeElement));
  const next = at === -1 ? (by === 1 ? 0 : elements.length - 1) : Math.min(elements.length - 1, Math.max(0, at + by));
  const target = elements[next];
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

/** Moves the focus; a target that is not on the page changes nothing. */
export function moveFocus(target: FocusTarget): void {
  switch (target.at) {
    case 'field':
      document.querySelector<HTMLElement>(`[data-key=text][data-name="${CSS.escape(target.name)}"]`)?.focus();
      return;
    case 'options':
      document.querySelector<HTMLElement>(`[data-group="${CSS.escape(target.name)}"]`)?.focus();
      return;
    case 'search':
      document.querySelector<HTMLElement>('[data-key=search]')?.focus();
      return;
    case 'missing':
      document.querySelector<HTMLElement>('[data-middle] [data-missing]')?.focus();
      return;
    case 'queue': {
      const rows = all('[data-key=queue]');
      const selected = rows.find((row) => row.getAttribute('aria-current') === 'true');
      const inside = rows.some((row) => row === document.activeElement);
      if (!inside && selected !== undefined && document.activeElement?.getAttribute('data-key') !== 'search')
        selected.focus();
      else step(rows, target.step);
      return;
    }
    case 'option': {
      const group = document.activeElement?.closest('[data-group]');
      if (group instanceof HTMLElement)
        step([...group.querySelectorAll<HTMLElement>('[data-key=choice]')], target.step);
      return;
    }
  }
}

/** After a change of the middle: its first field, its list or itself; a search or a dialog keeps the focus it has. */
export function focusMiddle(): void {
  const current = document.activeElement;
  if (current instanceof HTMLElement && current.closest('[data-key=search], [role=dialog], .menu') !== null) return;
  const places = all('[data-middle] [data-first-focus]');
  (places.find((place) => place.closest('.exits') !== null) ?? places[0])?.focus({ preventScroll: true });
}
