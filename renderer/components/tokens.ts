/** The colours, once: antd gets them as tokens, our own CSS as variables. Contrast of each pair is tested (test/renderer/screens/tokens.test.ts). */
export type Palette = {
  bg: string;
  panel: string;
  ink: string;
  ink2: string;
  ink3: string;
  line: string;
  edge: string;
  soft: string;
  accent: string;
  onAccent: string;
  accentSoft: string;
  ok: string;
  okSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  onBad: string;
  badSoft: string;
  bar: string;
};

export const light: Palette = {
  bg: '#f4f5f7',
  panel: '#ffffff',
  ink: '#1d2129',
  ink2: '#4f5865',
  ink3: '#616b79',
  line: '#e3e6eb',
  edge: '#8b94a1',
  soft: '#f0f2f5',
  accent: '#1457c8',
  onAccent: '#ffffff',
  accentSoft: '#e8f0fe',
  ok: '#0c6d4d',
  okSoft: '#e3f5ee',
  warn: '#8f4f00',
  warnSoft: '#fff2dd',
  bad: '#b42318',
  onBad: '#ffffff',
  badSoft: '#fdeceb',
  bar: '#4c7fd9',
};

export const dark: Palette = {
  bg: '#0f1318',
  panel: '#171c23',
  ink: '#e8ebf0',
  ink2: '#adb6c3',
  ink3: '#95a0ae',
  line: '#272e38',
  edge: '#667180',
  soft: '#1e242d',
  accent: '#7aa9ff',
  onAccent: '#0c1524',
  accentSoft: '#1a2b4a',
  ok: '#4cc79a',
  okSoft: '#12312a',
  warn: '#e5a65a',
  warnSoft: '#33270f',
  bad: '#f08a80',
  onBad: '#1b0f0e',
  badSoft: '#3a1c1a',
  bar: '#5f86cf',
};

const cssNames: Readonly<Record<keyof Palette, string>> = {
  bg: '--bg',
  panel: '--panel',
  ink: '--ink',
  ink2: '--ink2',
  ink3: '--ink3',
  line: '--line',
  edge: '--edge',
  soft: '--soft',
  accent: '--accent',
  onAccent: '--on-accent',
  accentSoft: '--accent-soft',
  ok: '--ok',
  okSoft: '--ok-soft',
  warn: '--warn',
  warnSoft: '--warn-soft',
  bad: '--bad',
  onBad: '--on-bad',
  badSoft: '--bad-soft',
  bar: '--bar',
};

/** Puts a palette on the page as CSS variables. */
export function applyPalette(style: CSSStyleDeclaration, palette: Palette): void {
  for (const [name, property] of Object.entries(cssNames)) style.setProperty(property, Reflect.get(palette, name));
}
