/**
 * The time, as a station knows it.
 *
 *    wallNow   what the machine says; may be wrong and may jump
 *    now       server time at the last contact plus what the monotonic source counted since: a jump of the wall clock does not move
 *              it. Before any contact: the wall clock at the start plus what was counted, put right by what an earlier start knew.
 *    offset    server clock minus station clock in milliseconds at the last contact, and the age of that knowledge; goes into
 *              every entry's header, so that the server can judge times itself
 *
 * Assumption: the monotonic source may stand still while the machine sleeps (it does on some systems). So whoever hears of a wake
 * asks the server for the time at once; until then `now` may lag by the time slept.
 */
export type Clock = {
  /** The station's wall clock, milliseconds since 1970. */
  wallNow(): number;
  /** Server-corrected time, milliseconds since 1970. */
  now(): number;
  offset(): { ms: number | null; ageMs: number | null };
  /** What an earlier start of this machine learned; for nothing once a server was heard, and not believed of a wall clock that was set back since. */
  recall(known: KnownOffset): void;
  /** Told of every answer that was taken. One listener. */
  onLearned(listener: (known: KnownOffset) => void): void;
  /** A server said its time (ISO 8601) in an answer that took `roundTripMs`; nonsense is ignored. */
  learn(serverTimeIso: string, roundTripMs: number): void;
};

/** Server clock minus station clock, and what the station clock said when that was heard; milliseconds. */
export type KnownOffset = { offset: number; learnedAt: number };

export type ClockSources = {
  /** e.g. Date.now */
  wall: () => number;
  /** Milliseconds that only grow, e.g. performance.now */
  monotonic: () => number;
};

/** A slower answer says too little about the time to replace what is known. */
const slowAnswerMs = 5_000;

export function createClock({ wall, monotonic }: ClockSources): Clock {
  let anchor = { time: wall(), at: monotonic() };
  let contact: { offset: number; at: number } | undefined;
  let isHeard = false;
  let learned: ((known: KnownOffset) => void) | undefined;
  return {
    wallNow: wall,
    now: () => anchor.time + (monotonic() - anchor.at),
    offset: () =>
      contact === undefined
        ? { ms: null, ageMs: null }
        : { ms: Math.round(contact.offset), ageMs: Math.max(0, Math.round(monotonic() - contact.at)) },
    recall({ offset, learnedAt }) {
      const age = wall() - learnedAt;
      if (isHeard || age < 0) return;
      anchor = { time: wall() + offset, at: monotonic() };
      contact = { offset, at: monotonic() - age };
    },
    onLearned(listener) {
      learned = listener;
    },
    learn(serverTimeIso, roundTripMs) {
      const said = Date.parse(serverTimeIso);
      if (!Number.isFinite(said) || !Number.isFinite(roundTripMs) || roundTripMs < 0) return;
      if (isHeard && roundTripMs > slowAnswerMs) return;
      const time = said + roundTripMs / 2;
      const at = monotonic();
      anchor = { time, at };
      contact = { offset: time - wall(), at };
      isHeard = true;
      learned?.({ offset: contact.offset, learnedAt: wall() });
    },
  };
}
