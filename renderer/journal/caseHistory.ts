/**
 * What this station recorded about a case since the server last told it: derived from the entries, not stored a second time. Pure.
 * Entries up to `includes` are in the server's picture already; a later word of the server (a lead's correction, say) is not
 * overwritten by them.
 */
import type { Appointment, Case, Contact, PastAttempt } from '#shared/case/case.ts';
import { preNoticeLines, preNoticeOf } from '#shared/case/noticeLines.ts';
import { sameNumber } from '#shared/case/number.ts';
import { areLinked, toldByBorrower, toldContact } from '#shared/case/toldContact.ts';
import { correctedAt, type EntryBody, type EntryHeader, type EntryKind } from '#shared/journal/entry.ts';
import { isEmployerRole } from '#shared/policy/hours.ts';
import type { Entry } from './reading.ts';

/** What the entries of one case come to: a shift's are held in memory, so the entries themselves are not. */
export type CaseHistory = {
  /** Attempts with a result that stands, oldest first. `includes` covers the result: the server's word about it comes before ours. */
  readonly attempts: readonly { past: PastAttempt; isIncluded: boolean }[];
  readonly contacts: readonly { change: EntryBody<'contact.changed'>; at: string }[];
  readonly appointment?: Appointment;
  /** When this station asked for an SMS notice before the first call. */
  readonly preNoticeAt?: string;
};

type HistoryEntry = Pick<Entry, 'order' | 'fact'> & {
  header: Pick<EntryHeader, 'at' | 'clockOffset' | 'seq' | 'journal'>;
};

/** The kinds of entries that change the picture of a case. */
export const historyKinds: ReadonlySet<EntryKind> = new Set([
  'attempt.started',
  'attempt.ended',
  'disposition.recorded',
  'amended',
  'contact.changed',
  'appointment.made',
  'notice.requested',
]);

type Found = {
  started?: EntryBody<'attempt.started'>;
  at?: string;
  ended?: EntryBody<'attempt.ended'>;
  results: { seq: number; order: number; journal: string; body: EntryBody<'disposition.recorded'> }[];
};

function attemptsOf(entries: readonly HistoryEntry[]): Map<string, Found> {
  const found = new Map<string, Found>();
  const of = (attempt: string): Found => {
    const known = found.get(attempt) ?? { results: [] };
    found.set(attempt, known);
    return known;
  };
  for (const { fact, header, order } of entries) {
    if (fact.kind === 'attempt.started') Object.assign(of(fact.body.attempt), { started: fact.body, at: header.at });
    else if (fact.kind === 'attempt.ended') of(fact.body.attempt).ended = fact.body;
    else if (fact.kind === 'disposition.recorded')
      of(fact.body.attempt).results.push({ seq: header.seq, order, journal: header.journal, body: fact.body });
    else if (fact.kind === 'amended' && fact.body.what === 'TAKEN_BACK') {
      const { seq } = fact.body;
      for (const attempt of found.values())
        attempt.results = attempt.results.filter((r) => r.seq !== seq || r.journal !== header.journal);
    }
  }
  return found;
}

function pastAttempts(entries: readonly HistoryEntry[], includes: number): CaseHistory['attempts'] {
  return [...attemptsOf(entries)].flatMap(([attempt, { started, at, ended, results }]) => {
    const result = results.at(-1);
    if (started === undefined || at === undefined || result === undefined) return [];
    const { callResult, disposition } = result.body;
    const past: PastAttempt = {
      attempt,
      at,
      contact: started.contact ?? '',
      direction: started.direction,
      callResult: callResult.confirmed,
      ...(disposition === undefined ? {} : { disposition: disposition.code }),
      talkedSeconds: Math.round(ended?.talkedSeconds ?? 0),
      ...(started.continues === undefined ? {} : { continued: true as const }),
    };
    return [{ past, isIncluded: result.order <= includes }];
  });
}

function changedContact(contact: Contact, { status, number, slot }: EntryBody<'contact.changed'>, at: string): Contact {
  const sources = number === undefined ? contact.sources : [...contact.sources, { ...number, at }].slice(-8);
  return {
    ...contact,
    sources,
    ...(status === undefined ? {} : { status }),
    ...(slot === undefined ? {} : { slot }),
  };
}

/**
 * Whether an entry was recorded with a result that was taken back: it stands behind that result, of the same attempt, and before the
 * amendment. What its successor says comes after the amendment, and counts.
 */
function takenBackWith(entries: readonly HistoryEntry[]): (entry: HistoryEntry) => boolean {
  const undone = entries.flatMap(({ fact, header }) => {
    if (fact.kind !== 'amended' || fact.body.what !== 'TAKEN_BACK') return [];
    const { seq: from } = fact.body;
    const result = entries.find((entry) => entry.header.journal === header.journal && entry.header.seq === from);
    if (result?.fact.kind !== 'disposition.recorded') return [];
    return [{ journal: header.journal, attempt: result.fact.body.attempt, from, to: header.seq }];
  });
  return ({ fact, header }) =>
    undone.some(
      ({ journal, attempt, from, to }) =>
        header.journal === journal &&
        header.seq > from &&
        header.seq < to &&
        'attempt' in fact.body &&
        fact.body.attempt === attempt,
    );
}

/** `entries`: of one case, oldest first; `includes`: up to where the server's picture has them. */
export function historyOf(entries: readonly HistoryEntry[], includes: number): CaseHistory {
  const contacts: CaseHistory['contacts'][number][] = [];
  let appointment: Appointment | undefined;
  let preNoticeAt: string | undefined;
  const isTakenBack = takenBackWith(entries);
  for (const entry of entries) {
    const { fact, header, order } = entry;
    if (order <= includes || isTakenBack(entry)) continue;
    if (fact.kind === 'contact.changed') contacts.push({ change: fact.body, at: header.at });
    else if (fact.kind === 'appointment.made') appointment = fact.body.appointment;
    else if (fact.kind === 'notice.requested') preNoticeAt ??= new Date(correctedAt(header)).toISOString();
  }
  return {
    attempts: pastAttempts(entries, includes),
    contacts,
    ...(appointment && { appointment }),
    ...(preNoticeAt !== undefined && { preNoticeAt }),
  };
}

/** The case with its attempts, contacts, appointment and pre-notice as they stand here. */
export function caseWithHistory(leased: Case, history: CaseHistory): Case {
  const attempts = new Map(leased.attempts.map((past) => [past.attempt, past]));
  for (const { past, isIncluded } of history.attempts)
    if (!isIncluded || !attempts.has(past.attempt)) attempts.set(past.attempt, past);
  const contacts = [...leased.contacts];
  for (const { change, at } of history.contacts) {
    const n = contacts.findIndex((contact) => contact.id === change.contact);
    const before = contacts[n];
    const told = change.number && toldContact(change.contact, { ...change.number, slot: change.slot }, at, contacts[0]);
    if (before) contacts[n] = changedContact(before, change, at);
    else if (told && contacts.length < 20) contacts.push(told);
  }
  const asked = history.preNoticeAt !== undefined && preNoticeOf(leased) === null;
  return {
    ...leased,
    contacts,
    ...(asked && {
      history: [...leased.history, { at: history.preNoticeAt, text: preNoticeLines.requested }].slice(-200),
    }),
    attempts: [...attempts.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
    ...(history.appointment && { appointment: history.appointment }),
  };
}

/** What borrowers named here of their employers since the server last told, by the borrower's case. */
export type ToldHere = readonly { of: Case; said: Parameters<typeof toldByBorrower>[1] }[];

export function toldOf(of: Case, { contacts }: CaseHistory): ToldHere {
  if (of.kind === 'EMPLOYER') return [];
  const said = contacts.flatMap(({ change: { contact, number: told, slot }, at }) =>
    told?.role !== undefined && isEmployerRole(told.role) && told.source === 'BORROWER'
      ? [{ contact, number: told.number, role: told.role, owner: told.owner, slot, at }]
      : [],
  );
  return said.length === 0 ? [] : [{ of, said }];
}

/** An employer's case with the numbers its borrower named: the server adds them to the next lease, a station offline does not wait for it. */
export function withTold(leased: Case, told: ToldHere): Case {
  if (leased.kind !== 'EMPLOYER') return leased;
  const contacts = toldByBorrower(
    leased,
    told.flatMap(({ of, said }) => (areLinked(leased, of) ? said : [])).sort((a, b) => a.at.localeCompare(b.at)),
  );
  return contacts.length === 0 ? leased : { ...leased, contacts: [...leased.contacts, ...contacts].slice(0, 20) };
}

/** The case with every contact on one of these numbers marked 谢绝来电. */
export function withBarred(leased: Case, numbers: readonly string[]): Case {
  const isBarred = ({ number, status }: Contact) =>
    status !== 'DO_NOT_CALL' && numbers.some((barred) => sameNumber(barred, number));
  if (!leased.contacts.some(isBarred)) return leased;
  const contacts = leased.contacts.map((contact) =>
    isBarred(contact) ? { ...contact, status: 'DO_NOT_CALL' as const } : contact,
  );
  return { ...leased, contacts };
}
