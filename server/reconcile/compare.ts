/**
 * A PBX's call records beside the attempts. A record belongs to an attempt by
 *
 *   1. the attempt's id, which every INVITE carries as X-Attempt-Id          (sure)
 *   2. the Call-ID, which attempt.ended has                                  (sure)
 *   3. the same number within the tolerance, the nearest in time first       (probable: PBXs that record neither)
 *
 * Further records of an attempt that was found by 1 or 2 are its other legs: a PBX writes one for each, and a colleague who is consulted is called
 * under the same attempt. Attempts that went on in the call of another (several employees of one employer) are that one's call: one record, with
 * the seconds of all. The leg to the attempt's own number is the call. An attempt is missed at the PBX only where an INVITE is sure to
 * have left: one that failed at the station, or was cut off with it, need not be there.
 */
import type { CallEnded } from '#shared/call/callResult.ts';
import type { CallRecord } from './callRecords.ts';

export type ReconciledAttempt = {
  attempt: string;
  caseId: string | null;
  agent: string;
  station: string;
  direction: 'out' | 'in';
  number: string;
  /** ms since the epoch */
  startedAt: number;
  /** null: no end is recorded, or not yet. */
  ended: CallEnded | null;
  callId: string | null;
  talkedSeconds: number | null;
  /** The attempt before it in the same call; null: a call of its own. */
  continues: string | null;
};

export type FoundBy = 'attempt' | 'callId' | 'numberAndTime';
export type Match = { record: CallRecord; attempt: ReconciledAttempt; by: FoundBy };

/** What both have, and say differently. */
export type Contradiction = Match & { about: 'number' | 'answered' | 'seconds' };

export type Comparison = {
  matches: Match[];
  /** Further records of an attempt that has one. */
  otherLegs: number;
  /** The PBX has it, the journal has not. */
  unrecorded: CallRecord[];
  /** The journal has it, the PBX has not. */
  unknownToPbx: ReconciledAttempt[];
  contradictions: Contradiction[];
};

export type Tolerance = {
  /** Between the two clocks, and between the dial and the PBX's first look at it; s. */
  startSeconds: number;
  /** Between the two talk times, s. */
  talkSeconds: number;
};
export const usualTolerance: Tolerance = { startSeconds: 120, talkSeconds: 5 };

/** Digits as both sides can be compared by: without country code, trunk prefix, separators. Landlines keep their area code without the 0. */
export function comparableNumber(text: string): string {
  const digits = text
    .replace(/^sips?:|^tel:/i, '')
    .replace(/@.*$/, '')
    .replace(/[^\d+]/g, '');
  return digits
    .replace(/^(\+86|0086|86(?=1[3-9]\d{9}$))/, '')
    .replace(/^[+]/, '')
    .replace(/^0+(?=\d{7,})/, '');
}

/** A gateway may put its outside line before the number (9, 0): then one ends with the other. */
function sameNumber(a: string, b: string): boolean {
  const [one, other] = [comparableNumber(a), comparableNumber(b)];
  if (one === '' || other === '') return false;
  if (one === other) return true;
  const [long, short] = one.length > other.length ? [one, other] : [other, one];
  return short.length >= 7 && long.length - short.length <= 2 && long.endsWith(short);
}

/** PBXs record a Call-ID with or without its host part. */
const comparableCallId = (text: string) => text.replace(/@.*$/, '');

/** Sure to have left the station. */
const wasSent = ({ direction, callId, ended }: ReconciledAttempt) =>
  direction === 'out' && callId !== null && ended !== null && ended.by !== 'STATION' && ended.reason !== 'LINE_LOST';

const answeredWords = /^(answered|answer|normal_clearing|ok|200|connected|success|接通|已接通|已接听|成功|应答)$/i;
const unansweredWords =
  /^(no[ _]?answer|busy|user_busy|failed|congestion|cancel(led)?|originator_cancel|chanunavail|call_rejected|unallocated_number|[345]\d\d|6\d\d|未接通|未接听|无应答|忙|失败|取消|空号)$/i;

/** undefined: the record does not say. */
function answeredAtPbx({ disposition, duration }: CallRecord): boolean | undefined {
  if (answeredWords.test(disposition.trim())) return true;
  if (unansweredWords.test(disposition.trim())) return false;
  return duration !== undefined && duration > 0 && disposition === '' ? true : undefined;
}

function contradictionsOf(match: Match, { talkSeconds }: Tolerance): Contradiction[] {
  const { record, attempt } = match;
  const found: Contradiction[] = [];
  const differs = (about: Contradiction['about']) => found.push({ ...match, about });
  if (attempt.direction === 'out' && record.number !== '' && !sameNumber(record.number, attempt.number))
    differs('number');
  if (attempt.talkedSeconds === null) return found;
  const answered = answeredAtPbx(record);
  const talked = attempt.talkedSeconds > 0;
  if (answered !== undefined && answered !== talked) differs('answered');
  else if (talked && answered && record.duration !== undefined)
    if (Math.abs(record.duration - attempt.talkedSeconds) > talkSeconds) differs('seconds');
  return found;
}

/** Of attempts in the order of their start those of a time. A month has a hundred thousand: not all are looked at for each record. */
function within(attempts: readonly ReconciledAttempt[], from: number, until: number): readonly ReconciledAttempt[] {
  const firstNotBefore = (time: number): number => {
    let [low, high] = [0, attempts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((attempts[middle]?.startedAt ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return attempts.slice(firstNotBefore(from), firstNotBefore(until + 1));
}

/** The leg to the attempt's own number, else the one that began nearer to it. */
function isCloser(one: Match, other: Match | undefined): boolean {
  if (!other) return true;
  const own = ({ record, attempt }: Match) => sameNumber(record.number, attempt.number);
  if (own(one) !== own(other)) return own(one);
  const apart = ({ record, attempt }: Match) => Math.abs(record.start - attempt.startedAt);
  return apart(one) < apart(other);
}

/** Attempts as calls: what went on in a call lies with the first one. One whose first is of another time is left out with it. */
export function callsOf(attempts: readonly ReconciledAttempt[]): ReconciledAttempt[] {
  const nextOf = new Map(attempts.flatMap((one) => (one.continues === null ? [] : [[one.continues, one] as const])));
  return attempts
    .filter(({ continues }) => continues === null)
    .map((first) => {
      let call = first;
      for (let next = nextOf.get(first.attempt); next !== undefined; next = nextOf.get(next.attempt)) {
        // Nobody knows how long a part was talked that a crash cut off.
        const cutOff = next.ended?.reason === 'INTERRUPTED';
        const seconds = [call.talkedSeconds, cutOff ? null : next.talkedSeconds];
        call = {
          ...call,
          talkedSeconds: seconds.includes(null) ? null : seconds.reduce<number>((sum, each) => sum + (each ?? 0), 0),
        };
      }
      return call;
    });
}

/** A station's own test call to the echo number: nobody's attempt (renderer/station/echoCheck.ts). */
const selfCheckPrefix = 'selfcheck-';

/** Compares. `all`: the attempts of the records' time, and of the tolerance around it. */
export function compareCalls(
  records: readonly CallRecord[],
  all: readonly ReconciledAttempt[],
  tolerance: Tolerance = usualTolerance,
): Comparison {
  const attempts = callsOf(all);
  const byId = new Map(attempts.map((one) => [one.attempt.toLowerCase(), one]));
  const byCallId = new Map(
    attempts.flatMap((one) => (one.callId === null ? [] : [[comparableCallId(one.callId), one] as const])),
  );
  const matches: Match[] = [];
  const found = new Set<string>();
  /** Where the match of an attempt stands. */
  const places = new Map<string, number>();
  let otherLegs = 0;
  const left: CallRecord[] = [];

  for (const record of records) {
    const named = record.attempt === undefined ? undefined : byId.get(record.attempt);
    if (record.attempt?.startsWith(selfCheckPrefix)) continue;
    const attempt = named ?? (record.callId === undefined ? undefined : byCallId.get(comparableCallId(record.callId)));
    if (!attempt) left.push(record);
    else {
      const before = places.get(attempt.attempt);
      const match: Match = { record, attempt, by: named ? 'attempt' : 'callId' };
      found.add(attempt.attempt);
      if (before === undefined) places.set(attempt.attempt, matches.push(match) - 1);
      else {
        otherLegs += 1;
        if (isCloser(match, matches[before])) matches[before] = match;
      }
    }
  }

  // A record that names an attempt we do not have is not given to another one by its number.
  const free = attempts.filter((one) => !found.has(one.attempt)).sort((a, b) => a.startedAt - b.startedAt);
  const around = tolerance.startSeconds * 1000;
  const pairs = left
    .filter(({ attempt }) => attempt === undefined)
    .flatMap((record) =>
      within(free, record.start - around, record.start + around)
        .filter((attempt) => sameNumber(record.number, attempt.number))
        .map((attempt) => ({ record, attempt, apart: Math.abs(record.start - attempt.startedAt) })),
    )
    .sort((a, b) => a.apart - b.apart);
  const placed = new Set<CallRecord>();
  for (const { record, attempt } of pairs) {
    if (placed.has(record) || found.has(attempt.attempt)) continue;
    placed.add(record);
    found.add(attempt.attempt);
    matches.push({ record, attempt, by: 'numberAndTime' });
  }

  return {
    matches,
    otherLegs,
    unrecorded: left.filter((record) => !placed.has(record)),
    unknownToPbx: attempts.filter((one) => !found.has(one.attempt) && wasSent(one)),
    contradictions: matches.flatMap((match) => contradictionsOf(match, tolerance)),
  };
}
