/**
 * A case as it stands now: the imported document, and what happened since, from the projections. Nothing is edited in place, so the
 * same entries always give the same document, and a leased revision can be told apart from today's.
 */
import type { Selectable } from 'kysely';
import { borrowerSaid, borrowerTopics } from '#shared/case/borrowerSaid.ts';
import {
  type Appointment,
  appointmentSchema,
  type Case,
  type Contact,
  caseSchema,
  contactRoleSchema,
  contactStatusSchema,
  numberSourceSchema,
  type PastAttempt,
} from '#shared/case/case.ts';
import { noticeSentLine, preNoticeLines } from '#shared/case/noticeLines.ts';
import { parseNumber, sameNumber } from '#shared/case/number.ts';
import { type Slot, slotOfAnswer, slotSchema } from '#shared/case/slot.ts';
import { toldContact } from '#shared/case/toldContact.ts';
import type { Answer } from '#shared/script/move.ts';
import type { Text } from '#shared/text.ts';
import type { DatabaseTransaction, Tables } from '../database/schema.ts';
import { readBody, readHeader } from '../intake/read.ts';
import { tookEffect } from '../projections/effect.ts';
import { toldToEmployers } from './toldToEmployer.ts';

/** Longest lists of `caseSchema`; the newest are kept. */
const longest = 200;

/** The documents of these cases with their present revisions. Unknown ids are left out. */
export async function caseDocuments(transaction: DatabaseTransaction, ids: readonly string[]): Promise<Case[]> {
  if (ids.length === 0) return [];
  const cases = await transaction
    .selectFrom('cases')
    .innerJoin('case_states', 'case_states.case_id', 'cases.id')
    .select(['cases.id', 'cases.person', 'cases.kind', 'cases.document', 'cases.base_revision'])
    .select(['case_states.changes', 'case_states.appointment'])
    .where('cases.id', 'in', ids)
    .execute();
  const attempts = await transaction
    .selectFrom('attempts')
    .selectAll()
    .where('case_id', 'in', ids)
    .orderBy('started_at')
    .orderBy('attempt')
    .execute();
  const changes = await transaction
    .selectFrom('contact_changes')
    .selectAll()
    .where('case_id', 'in', ids)
    .where('standing', '=', true)
    .orderBy('at')
    .orderBy('journal')
    .orderBy('seq')
    .execute();
  const notices = await transaction
    .selectFrom('notices')
    .select(['case_id', 'attempt', 'requested_at', 'sent_at', 'cancelled_at'])
    .where('case_id', 'in', ids)
    .orderBy('requested_at')
    .orderBy('journal')
    .orderBy('seq')
    .execute();
  const spoken = await borrowersSpoke(
    transaction,
    cases.filter((row) => row.kind === 'EMPLOYER').map((row) => row.person),
  );
  const blocked = new Set(
    (await transaction.selectFrom('do_not_call').select('digits').execute()).map((row) => row.digits),
  );
  const bases = new Map(cases.map(({ id, document }) => [id, caseSchema.parse(JSON.parse(document))]));
  const told = await toldToEmployers(transaction, [...bases.values()]);
  return cases.map((row) => {
    const base = bases.get(row.id)!; // made of the same rows
    const here = told.get(row.id);
    const past = attempts.filter((attempt) => attempt.case_id === row.id).map(pastAttempt);
    const mine = notices.filter((notice) => notice.case_id === row.id);
    const noticeLines = mine.flatMap(noticeLine);
    // What only the server says of a case; a file that brings it is not believed.
    const { appointment: _a, borrowerSaid: _b, callsElsewhere: _c, sharedNumbers: _s, ...rest } = base;
    const heard = row.kind === 'EMPLOYER' ? spoken.filter((one) => one.person === row.person) : [];
    const linked = heard.filter((one) => base.linkedCases.includes(one.caseId)).map((one) => one.answers);
    const said = borrowerSaid(linked.flat());
    const appointment = appointmentOf(row.appointment);
    return {
      ...rest,
      ...(appointment === undefined ? {} : { appointment }),
      ...(Object.keys(said).length === 0 ? {} : { borrowerSaid: said }),
      revision: row.base_revision + row.changes + mine.filter(settledHere).length + heard.length + (here?.changes ?? 0),
      contacts: withSlots(
        withChanges(
          [...base.contacts, ...(here?.contacts ?? [])],
          changes.filter((change) => change.case_id === row.id),
          blocked,
        ),
        linked,
      ),
      attempts: [...base.attempts, ...past].slice(-longest),
      history: [...base.history, ...noticeLines].slice(-longest),
    };
  });
}

/**
 * What these persons said of their job and of when to call there, in their own calls, oldest first; each is a change of their employer's
 * case too. Read from the entries: a few of a call, and only where an employer is still to be called.
 */
async function borrowersSpoke(transaction: DatabaseTransaction, persons: readonly string[]) {
  if (persons.length === 0) return [];
  const rows = await transaction
    .selectFrom('entries')
    .innerJoin('cases', 'cases.id', 'entries.case_id')
    .select(['cases.person', 'entries.case_id as caseId', 'entries.header', 'entries.body'])
    .where('cases.person', 'in', persons)
    .where('cases.kind', '=', 'PRELOAN_BORROWER')
    .where('entries.kind', '=', 'step.recorded')
    .where(tookEffect)
    .where(({ eb, or }) =>
      or([...borrowerTopics, 'employer.slot'].map((topic) => eb('entries.body', 'like', `%"${topic}"%`))),
    )
    .orderBy('entries.at')
    .orderBy('entries.position')
    .execute();
  return rows.map(({ person, caseId, header, body }) => {
    const entry = header === null || body === null ? undefined : readBody(readHeader(header), body);
    const move = entry?.kind === 'step.recorded' ? entry.body.move : undefined;
    return { person, caseId: caseId ?? '', answers: move?.type === 'answered' ? move.answers : [] };
  });
}

type NoticeRow = Pick<Selectable<Tables['notices']>, 'attempt' | 'requested_at' | 'sent_at' | 'cancelled_at'>;

/** What the history says of a notice; nothing of one after an attempt that was not sent. */
function noticeLine({ attempt, requested_at, sent_at, cancelled_at }: NoticeRow): Case['history'] {
  const line = (at: Date, text: Text) => [{ at: at.toISOString(), text }];
  if (attempt !== null) return sent_at === null ? [] : line(sent_at, noticeSentLine);
  if (sent_at !== null) return line(sent_at, preNoticeLines.sent);
  return cancelled_at === null
    ? line(requested_at, preNoticeLines.requested)
    : line(cancelled_at, preNoticeLines.notSent);
}

/** Whether the history changed without an entry: the server sent it, or let it be. What a station takes back is an entry of its own. */
const settledHere = ({ attempt, sent_at, cancelled_at }: NoticeRow): boolean =>
  sent_at !== null || (attempt === null && cancelled_at !== null);

function appointmentOf(stored: string | null): Appointment | undefined {
  return stored === null ? undefined : appointmentSchema.parse(JSON.parse(stored));
}

function pastAttempt(row: Selectable<Tables['attempts']>): PastAttempt {
  return {
    attempt: row.attempt,
    at: row.started_at.toISOString(),
    contact: row.contact ?? 'unknown',
    direction: row.direction === 'in' ? 'in' : 'out',
    // An attempt without a result is still open, or its station has not sent more yet.
    callResult: row.call_result ?? 'INTERRUPTED',
    ...(row.disposition === null ? {} : { disposition: row.disposition }),
    talkedSeconds: Math.round(row.talked_seconds ?? 0),
    ...(row.continues === null ? {} : { continued: true as const }),
  };
}

/** How numbers are compared; one that is no phone number compares as its digits. */
export function digitsOf(number: string): string {
  try {
    return parseNumber(number).digits;
  } catch {
    return number.replace(/\D/g, '');
  }
}

function withChanges(
  contacts: readonly Contact[],
  changes: readonly Selectable<Tables['contact_changes']>[],
  blocked: ReadonlySet<string>,
): Contact[] {
  const byId = new Map(contacts.map((contact) => [contact.id, contact]));
  const model = contacts[0];
  for (const change of changes) {
    const before = byId.get(change.contact);
    const contact = before ?? newContact(change, model);
    if (contact === undefined) continue;
    byId.set(change.contact, changed(contact, change));
  }
  return [...byId.values()]
    .map((contact) =>
      blocked.has(digitsOf(contact.number)) ? { ...contact, status: 'DO_NOT_CALL' as const } : contact,
    )
    .slice(0, 20);
}

/** When an employer's number is well called, as the borrower said when naming it; the latest word counts. */
function withSlots(contacts: Contact[], answered: readonly (readonly Answer[])[]): Contact[] {
  return contacts.map((contact) => {
    const named = answered.findLast(
      (answers) =>
        answers.some(({ about }) => about === 'employer.slot') &&
        answers.some(
          ({ about, value }) => about === 'employer.phone' && value !== undefined && sameNumber(value, contact.number),
        ),
    );
    const slot = slotOfAnswer(named?.find(({ about }) => about === 'employer.slot')?.as);
    return slot === undefined ? contact : { ...contact, slot };
  });
}

function newContact(change: Selectable<Tables['contact_changes']>, model: Contact | undefined): Contact | undefined {
  if (change.number === null) return undefined;
  const told = {
    number: change.number,
    source: numberSourceSchema.parse(change.source),
    role: contactRoleSchema.safeParse(change.role).data,
    owner: change.owner ?? undefined,
    slot: slotOf(change),
  };
  return toldContact(change.contact, told, change.at.toISOString(), model);
}

const slotOf = ({ slot }: Selectable<Tables['contact_changes']>): Slot | undefined =>
  slot === null ? undefined : slotSchema.parse(JSON.parse(slot));

function changed(contact: Contact, change: Selectable<Tables['contact_changes']>): Contact {
  const status = contactStatusSchema.safeParse(change.status);
  const slot = slotOf(change);
  const next: Contact = {
    ...contact,
    ...(status.success ? { status: status.data } : {}),
    ...(slot === undefined ? {} : { slot }),
  };
  const source = numberSourceSchema.safeParse(change.source);
  if (change.number === null || !source.success) return next;
  const named = { source: source.data, number: change.number, at: change.at.toISOString() };
  const agreeing = contact.sources.filter(
    (known) => known.source !== source.data && digitsOf(known.number) === digitsOf(change.number ?? ''),
  );
  // The picture showed the number that was replaced.
  const { formImage: _old, ...rest } = next;
  const same = digitsOf(contact.number) === digitsOf(change.number);
  return { ...(same ? next : rest), number: change.number, sources: [...agreeing, named].slice(-8) };
}
