/**
 * The one door between the screens and everything below: a source of views that takes events. Components never see a machine.
 *
 *     source.getView() ──► useView(select) ──► a screen ──► useSend()(event) ──► source.send
 */
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import type { Language, Text } from '#shared/text.ts';
import { changesScreen } from './enterGuard.ts';
import type { UserEvent, View } from './view.ts';

export type Source = {
  /** Called after each change of the view; returns the way to stop listening. */
  subscribe(listener: () => void): () => void;
  /** The same object until the next change. */
  getView(): View;
  send(event: UserEvent): void;
  /** The corrected clock, epoch ms; the machine's own when absent. */
  now?(): number;
  /** The levels of the microphone and of the far side, 0..1, about ten times a second; kept out of React's state. */
  onLevel?(listener: (level: number, farLevel: number) => void): () => void;
};

/** The person's last event that can bring another screen, by key or mouse: a change of the screen that follows it is not a change "under" them. */
export type LastSent = { event: UserEvent; at: number } | null;
type Context = { source: Source; lastSent: { current: LastSent }; now: () => number };

const SourceContext = createContext<Context | null>(null);

export function WorkstationProvider({ source, children }: { source: Source; children: ReactNode }) {
  const lastSent = useRef<LastSent>(null);
  const context = useMemo(() => ({ source, lastSent, now: () => source.now?.() ?? Date.now() }), [source]);
  return <SourceContext value={context}>{children}</SourceContext>;
}

/** For the keys only; screens use the hooks below. */
export function useWorkstation(): Context {
  const context = useContext(SourceContext);
  if (context === null) throw new Error('a screen stands outside of WorkstationProvider');
  return context;
}

/** Are two plain values (as a view is made of) the same? Lets a panel sleep while others change. */
export function sameView(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameView(Reflect.get(a, key), Reflect.get(b, key)));
}

/** A part of the view; renders again only when that part differs. */
export function useView<T>(select: (view: View) => T): T {
  const { source } = useWorkstation();
  const last = useRef<{ value: T } | null>(null);
  return useSyncExternalStore(source.subscribe, () => {
    const value = select(source.getView());
    if (last.current !== null && sameView(last.current.value, value)) return last.current.value;
    last.current = { value };
    return value;
  });
}

/** The view of this very moment, for a key that must not act on what was drawn a frame ago. */
export function useLatestView(): () => View {
  return useWorkstation().source.getView;
}

/** Says something to the workstation, and remembers that it was the person who did. */
export function useSend(): (event: UserEvent) => void {
  const { source, lastSent } = useWorkstation();
  return useCallback(
    (event) => {
      if (changesScreen(event)) lastSent.current = { event, at: performance.now() };
      source.send(event);
    },
    [source, lastSent],
  );
}

/** The corrected time, epoch ms; renders again every `everyMs`. */
export function useNow(everyMs: number): number {
  const { now } = useWorkstation();
  const [at, setAt] = useState(now);
  useEffect(() => {
    setAt(now());
    const timer = setInterval(() => setAt(now()), everyMs);
    return () => clearInterval(timer);
  }, [now, everyMs]);
  return at;
}

export type Translate = (text: Text) => string;

/** Picks the words of the language that is chosen. */
export function useText(): Translate {
  const language = useLanguage();
  return useCallback((text) => text[language], [language]);
}

export function useLanguage(): Language {
  return useView((view) => view.language);
}

/** Hears the levels (0..1) outside of React's state; nothing is heard where the source has none. */
export function useLevel(listener: (level: number, farLevel: number) => void): void {
  const { source } = useWorkstation();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => source.onLevel?.((level, farLevel) => latest.current(level, farLevel)), [source]);
}
