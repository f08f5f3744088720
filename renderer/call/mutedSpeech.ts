/**
 * Whether the agent talks while muted («已静音,但您在说话»). Pure: it is fed with levels of the microphone and their times.
 *
 *   level ──► above 0.35 (-39 dBFS) and 12 dB above the quietest of the last 3 s? ──► loud time fills, else drains
 *                                                       1 s of it ──► speaking ──► under 0.3 s ──► quiet
 *
 * No false alarm: a fan or a full office is steady, so it never stands 12 dB above itself; typing and a cough are short, and their
 * pauses drain more than they fill. Speech is loud for most of the time and pauses between syllables.
 */
export const mutedSpeech = {
  /** Level 0..1 of `Phone.microphoneLevel`: 1/60 a decibel. */
  least: 0.35,
  aboveFloor: 0.2,
  floorMs: 3_000,
  speechMs: 1_000,
  quietMs: 300,
  mostMs: 1_500,
  /** A pause takes so much of its length away. */
  drain: 0.75,
} as const;

/** How often the microphone is asked, ms. */
export const listenEveryMs = 100;

/** The function takes a level and its time (ms of a clock that does not jump) and says whether the agent is speaking now. */
export function createSpeechDetector(): (level: number, at: number) => boolean {
  const recent: { level: number; at: number }[] = [];
  let loudMs = 0;
  let speaking = false;
  let before: number | undefined;
  return (level, at) => {
    // A timer that was held up counts no more than two turns: what happened meanwhile is not known.
    const passed = before === undefined ? 0 : Math.min(2 * listenEveryMs, Math.max(0, at - before));
    before = at;
    recent.push({ level, at });
    while ((recent[0]?.at ?? at) < at - mutedSpeech.floorMs) recent.shift();
    const floor = Math.min(...recent.map((sample) => sample.level));
    const loud = level >= mutedSpeech.least && level - floor >= mutedSpeech.aboveFloor;
    loudMs = Math.min(mutedSpeech.mostMs, Math.max(0, loudMs + (loud ? passed : -passed * mutedSpeech.drain)));
    if (loudMs >= mutedSpeech.speechMs) speaking = true;
    else if (loudMs <= mutedSpeech.quietMs) speaking = false;
    return speaking;
  };
}
