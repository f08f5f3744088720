/**
 * The time, as a station knows it.
 *
 *    wallNow   what the machine says; may be wrong and may jump
 *    now       server time at the last contact plus what the monotonic source counted since: a jump of the wall clock does not move
 *              it. Before any contact: the wall clock at the start plus what was counted.
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
  /** A server said its time (ISO 8601) in an answer that took `roundTripMs`; nonsense is ignored. */
  learn(serverTimeIso: string, roundTripMs: number): void;
};

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
  return {
    wallNow: wall,
    now: () => anchor.time + (monotonic() - anchor.at),
    offset: () =>
      contact === undefined
        ? { ms: null, ageMs: null }
        : { ms: Math.round(contact.offset), ageMs: Math.max(0, Math.round(monotonic() - contact.at)) },
    learn(serverTimeIso, roundTripMs) {
      const said = Date.parse(serverTimeIso);
      if (!Number.isFinite(said) || !Number.isFinite(roundTripMs) || roundTripMs < 0) return;
      if (contact !== undefined && roundTripMs > slowAnswerMs) return;
      const time = said + roundTripMs / 2;
      const at = monotonic();
      anchor = { time, at };
      contact = { offset: time - wall(), at };
    },
  };
}
