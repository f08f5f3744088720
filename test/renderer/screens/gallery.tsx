/**
 * The gallery: one sample view on a page, without a workstation behind it. `?view=NAME&language=en&theme=dark`.
 * Tests steer it through `window.gallery`.
 */
import { createRoot } from 'react-dom/client';
import type { Source } from '../../../renderer/app/context.tsx';
import type { UserEvent, View } from '../../../renderer/app/view.ts';
import { App } from '../../../renderer/screens/app.tsx';
import { now, views } from './views.ts';

export type Gallery = { show: (name: string, change?: Partial<View>) => void; sent: UserEvent[]; names: string[] };
declare global {
  interface Window {
    gallery: Gallery;
  }
}

const parameters = new URLSearchParams(location.search);
const looks: Partial<View> = {
  language: parameters.get('language') === 'en' ? 'en' : 'zh',
  theme: parameters.get('theme') === 'dark' ? 'dark' : 'light',
};
const named = (name: string): View => {
  const found = views[name];
  if (found === undefined) throw new Error(`no sample view ${name}`);
  return { ...found, ...looks };
};

let view = named(parameters.get('view') ?? 'script');
const listeners = new Set<() => void>();
const sent: UserEvent[] = [];
window.gallery = {
  sent,
  names: Object.keys(views),
  show: (name, change) => {
    view = { ...named(name), ...change };
    for (const listener of listeners) listener();
  },
};
const source: Source = {
  subscribe: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  getView: () => view,
  send: (event) => sent.push(event),
  now: () => now,
  onLevel: (listener) => {
    listener(0.4, 0.3);
    return () => undefined;
  },
};
const place = document.getElementById('root');
if (place !== null) createRoot(place).render(<App source={source} />);
