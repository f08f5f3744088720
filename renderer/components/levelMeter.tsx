import { useRef } from 'react';
import { useLevel } from '../app/context.tsx';

/** Ten times a second without React: bars, lit by the level of the microphone or of the far side. */
export function LevelMeter({ of, wide = false }: { of: 'microphone' | 'far'; wide?: boolean }) {
  const bars = useRef<HTMLSpanElement>(null);
  useLevel((level, farLevel) => {
    const now = Math.min(1, Math.max(0, of === 'far' ? farLevel : level));
    bars.current?.style.setProperty('--level', now.toFixed(2));
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
