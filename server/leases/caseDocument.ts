/**
 * A case as it stands now: the imported document, and what happened since, from the projections. Nothing is edited in place, so the
 * same entries always give the same document, and a leased revision can be told apart from today's.
 */
import type { Selectable } from 'kysely';
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
import { parseNumber } from '#shared/case/number.ts';
import { toldContact } from '#shared/case/toldContact.ts';
import type { DatabaseTransaction, Tables } from '../database/schema.ts';

/** Longest lists of `caseSchema`; the newest are kept. */
const longest = 200;

/** The documents of these cases with their present revisions. Unknown ids are left out. */
export async function caseDocuments(transaction: DatabaseTransaction, ids: readonly string[]): Promise<Case[]> {
  if (ids.length === 0) return [];
  const cases = await transaction
    .selectFrom('cases')
    .innerJoin('case_states', 'case_states.case_id', 'cases.id')
    .select(['cases.id', 'cases.document', 'cases.base_revision', 'case_states.changes', 'case_states.appointment'])
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
    .select(['case_id', 'sent_at'])
    .where('case_id', 'in', ids)
    .where('sent_at', 'is not', null)
    .orderBy('sent_at')
    .execute();
  const blocked = new Set(
    (await transaction.selectFrom('do_not_call').select('digits').execute()).map((row) => row.digits),
  );
  return cases.map((row) => {
    const base = caseSchema.parse(JSON.parse(row.document));
    const past = attempts.filter((attempt) => attempt.case_id === row.id).map(pastAttempt);
    const noticeLines = notices
      .filter((notice) => notice.case_id === row.id)
      .map((notice) => ({
        at: (notice.sent_at ?? new Date(0)).toISOString(),
        text: { zh: '已发送短信通知', en: 'SMS notice sent' },
      }));
    const { appointment: _imported, ...rest } = base;
    const appointment = appointmentOf(row.appointment);
    return {
      ...rest,
      ...(appointment === undefined ? {} : { appointment }),
      revision: row.base_revision + row.changes + noticeLines.length,
      contacts: withChanges(
        base.contacts,
        changes.filter((change) => change.case_id === row.id),
        blocked,
      ),
      attempts: [...base.attempts, ...past].slice(-longest),
      history: [...base.history, ...noticeLines].slice(-longest),
    };
  });
}

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

function newContact(change: Selectable<Tables['contact_changes']>, model: Contact | undefined): Contact | undefined {
  if (change.number === null) return undefined;
  const told = {
    number: change.number,
    source: numberSourceSchema.parse(change.source),
    role: contactRoleSchema.safeParse(change.role).data,
    owner: change.owner ?? undefined,
  };
  return toldContact(change.contact, told, change.at.toISOString(), model);
}

function changed(contact: Contact, change: Selectable<Tables['contact_changes']>): Contact {
  const status = contactStatusSchema.safeParse(change.status);
  const next: Contact = status.success ? { ...contact, status: status.data } : contact;
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
