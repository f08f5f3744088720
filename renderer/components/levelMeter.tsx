import { useRef } from 'react';
import { useLevel } from '../app/context.tsx';

/** 20 dB (of 60) in 1.7 s, as a peak programme meter falls (IEC 60268-10, type I), at ten looks a second. */
const fallPerLook = 20 / 60 / 17;

/** Up at once, down slowly: a syllable is seen, not only what was said in the very moment of a look. Levels 0..1. */
export const shownLevel = (shown: number, now: number): number => Math.min(1, Math.max(0, now, shown - fallPerLook));

/** Ten times a second without React: bars, lit by the level of the microphone or of the far side. */
export function LevelMeter({ of, wide = false }: { of: 'microphone' | 'far'; wide?: boolean }) {
  const bars = useRef<HTMLSpanElement>(null);
  const shown = useRef(0);
  useLevel((level, farLevel) => {
    shown.current = shownLevel(shown.current, of === 'far' ? farLevel : level);
    bars.current?.style.setProperty('--level', shown.current.toFixed(2));
  });
  return (
    <span className={wide ? 'level wide' : 'level'} ref={bars} aria-hidden="true" data-level-of={of}>
      <u />
      <u />
      <u />
      <u />
    </span>
  );
}
