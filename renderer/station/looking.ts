/**
 * When the screen looks at what changed: once a frame, however much changed in it. A look costs 10 to 30 ms, which some keys cannot spare:
 *
 *   changed ──► next frame ──► look                    a hidden window has no frames: a timer stands behind
 *   dial key ──► quiet for 60 ms ──► look              the INVITE goes first
 *   confirming key ──► quiet while it becomes durable, at most 60 ms ──► look at once, without waiting for the frame
 *
 * Nobody sees a wait of 60 ms; a word "saving" that is gone after 20 is only in the way.
 */
export type LookingParts = {
  /** Looks at everything and draws it. */
  look: () => void;
  /** Milliseconds of a clock that does not jump. */
  now: () => number;
  nextFrame: (run: () => void) => void;
  later: (run: () => void, ms: number) => void;
};

export type Looking = {
  /** Something that a screen shows changed. */
  changed(): void;
  /** Nothing is looked at for `ms`, or until `over` says true at a change; then at once. */
  quiet(ms: number, over?: () => boolean): void;
};

/** A window without frames is looked at this late (ms). */
const hiddenLookMs = 100;
/** What no key may have to wait for (ms). */
export const quietMs = 60;

export function createLooking({ look, now, nextFrame, later }: LookingParts): Looking {
  let scheduled = false;
  let quietUntil = 0;
  let isOver: (() => boolean) | null = null;
  /** A frame or a timer that was asked for before the quiet began waits for its end too. */
  const run = () => {
    if (!scheduled) return;
    const left = quietUntil - now();
    if (left > 0) return later(run, left);
    scheduled = false;
    look();
  };
  return {
    changed() {
      if (isOver?.()) {
        isOver = null;
        quietUntil = 0;
        scheduled = true;
        queueMicrotask(run); // after the machine has told everybody
        return;
      }
      if (scheduled) return;
      scheduled = true;
      nextFrame(run);
      later(run, hiddenLookMs);
    },
    quiet(ms, over) {
      quietUntil = now() + ms;
      isOver = over ?? null;
    },
  };
}
