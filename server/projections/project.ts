/**
 * Projections: what entries mean, as rows the board, the leases and a lead can read. Derived from entries alone.
 *
 * Assumptions
 *  - entries of one journal come in order; journals come in any order: so rows are keyed by (journal, seq), and what depends on
 *    several of them (a case's state, an attempt's result) is computed anew from the rows, never counted up;
 *  - an entry that is disputed about its lease or its content takes effect too: both stand and the lead decides (architecture §5).
 *
 * To add a kind: a case in `effect` (exhaustive).
 */
import { sql } from 'kysely';
import { dispositionSchema, needsSecondVerification } from '#shared/disposition/disposition.ts';
import { finishesCase } from '#shared/disposition/finishes.ts';
import type { EntryBody } from '#shared/journal/entry.ts';
import type { DisputeReason, ReceiptState } from '#shared/journal/upload.ts';
import { assertNever } from '#shared/problem.ts';
import type { DatabaseTransaction } from '../database/schema.ts';
import { correctedTime, type PlacedEntry } from '../intake/intake.ts';
import type { Readable } from '../intake/read.ts';
import { withoutEffect } from './effect.ts';
import { helpOf, recomputeAttempts, recomputeCases } from './recompute.ts';

export type Arrived = {
  entry: PlacedEntry;
  fork: number;
  state: ReceiptState;
  reason: DisputeReason | undefined;
};

type Scope = { station: string; journal: string; now: Date };

/** Applies new entries in order. `all` are those that took no effect too: they are shown as exceptions. */
export async function project(
  transaction: DatabaseTransaction,
  scope: Scope,
  effective: readonly Arrived[],
  all: readonly Arrived[],
): Promise<void> {
  const { team } = await transaction
    .selectFrom('stations')
    .select('team')
    .where('id', '=', scope.station)
    .executeTakeFirstOrThrow();
  const touched: Touched = { attempts: new Set(), cases: new Set() };
  for (const { entry, reason } of effective)
    if (entry.readable !== undefined) {
      if (entry.readable.header.caseId !== null) touched.cases.add(entry.readable.header.caseId);
      await effect(transaction, { ...scope, team, reason }, entry.readable, touched);
    }
  for (const one of all) await exceptionOf(transaction, team, scope, one);
  await recomputeAttempts(transaction, [...touched.attempts]);
  await recomputeCases(transaction, [...touched.cases]);
}

type Touched = { attempts: Set<string>; cases: Set<string> };

/**
 * The attempt of the same journal this one went on from in the same call; null: it is a call of its own, which a claim that is not true makes it
 * too. An attempt that is another journal's by its id is nobody's to go on from.
 */
async function wentOnFrom(
  transaction: DatabaseTransaction,
  { journal, reason }: Scope & { reason: DisputeReason | undefined },
  { continues }: EntryBody<'attempt.started'>,
): Promise<string | null> {
  if (continues === undefined || reason === 'NO_NOTICE') return null;
  const before = await transaction
    .selectFrom('attempts')
    .select('attempt')
    .where('attempt', '=', continues)
    .where('journal', '=', journal)
    .executeTakeFirst();
  return before?.attempt ?? null;
}

async function effect(
  transaction: DatabaseTransaction,
  scope: Scope & { team: string; reason: DisputeReason | undefined },
  entry: Readable,
  touched: Touched,
): Promise<void> {
  const { header } = entry;
  const at = correctedTime(header);
  const key = { journal: header.journal, seq: header.seq };
  switch (entry.kind) {
    case 'attempt.started': {
      touched.attempts.add(entry.body.attempt);
      await transaction
        .insertInto('attempts')
        .values({
          ...key,
          attempt: entry.body.attempt,
          case_id: header.caseId,
          agent: header.agent,
          station: scope.station,
          team: scope.team,
          direction: entry.body.direction,
          contact: entry.body.contact ?? null,
          number: entry.body.number,
          continues: await wentOnFrom(transaction, scope, entry.body),
          started_at: at,
          ended_at: null,
          call_id: null,
          rang_seconds: null,
          talked_seconds: null,
          ended: null,
          quality: null,
          call_result: null,
          disposition: null,
          sub: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    }
    case 'attempt.ended': {
      await transaction
        .updateTable('attempts')
        .set({
          ended_at: at,
          call_id: entry.body.callId ?? null,
          rang_seconds: entry.body.rangSeconds,
          talked_seconds: entry.body.talkedSeconds,
          ended: JSON.stringify(entry.body.ended),
          quality: entry.body.quality === undefined ? null : JSON.stringify(entry.body.quality),
        })
        .where('attempt', '=', entry.body.attempt)
        .where('journal', '=', header.journal)
        .execute();
      return;
    }
    case 'disposition.recorded': {
      const { attempt, callResult, disposition, flags, note, by } = entry.body;
      touched.attempts.add(attempt);
      const named = dispositionSchema.safeParse(
        disposition === undefined ? undefined : { code: disposition.code, sub: disposition.sub },
      );
      const known = named.success
        ? { code: named.data.code, ...(named.data.sub === undefined ? {} : { sub: named.data.sub }) }
        : undefined;
      await transaction
        .insertInto('dispositions')
        .values({
          ...key,
          attempt,
          case_id: header.caseId,
          agent: header.agent,
          team: scope.team,
          at,
          call_result: callResult.confirmed,
          code: disposition?.code ?? null,
          sub: disposition?.sub ?? null,
          finishes: known !== undefined && finishesCase(known),
          flags: JSON.stringify(flags),
          evidence: JSON.stringify(disposition?.evidence ?? {}),
          note,
          by_whom: by,
          standing: true,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      for (const type of lookedAt(known, flags))
        await addException(transaction, scope.team, { ...key, type, caseId: header.caseId, agent: header.agent, at });
      return;
    }
    case 'contact.changed': {
      if (header.caseId === null) return;
      await transaction
        .insertInto('contact_changes')
        .values({
          ...key,
          case_id: header.caseId,
          contact: entry.body.contact,
          status: entry.body.status ?? null,
          number: entry.body.number?.number ?? null,
          source: entry.body.number?.source ?? null,
          role: entry.body.number?.role ?? null,
          owner: entry.body.number?.owner ?? null,
          slot: entry.body.slot === undefined ? null : JSON.stringify(entry.body.slot),
          agent: header.agent,
          at,
          standing: true,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    }
    case 'appointment.made': {
      if (header.caseId === null) return;
      await transaction
        .insertInto('appointments')
        .values({
          ...key,
          case_id: header.caseId,
          attempt: entry.body.attempt,
          at: new Date(entry.body.appointment.at),
          body: JSON.stringify(entry.body.appointment),
          made_at: at,
          standing: true,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    }
    case 'followUp.requested': {
      const { attempt, followUp } = entry.body;
      await transaction
        .insertInto('follow_ups')
        .values({
          ...key,
          case_id: header.caseId,
          attempt,
          kind: followUp.kind,
          due: followUp.due === undefined ? null : new Date(followUp.due),
          contact: followUp.contact ?? null,
          rule: followUp.rule,
          at,
          standing: true,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      if (followUp.kind === 'SMS_NOTICE')
        await transaction
          .insertInto('notices')
          .values({
            ...key,
            attempt,
            case_id: header.caseId,
            contact: followUp.contact ?? null,
            template: null,
            requested_at: at,
            real_held_until: sql<Date>`now() + interval '5 seconds'`, // so long the agent may take the result back
            sent_at: null,
            cancelled_at: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      return;
    }
    case 'notice.requested': {
      if (header.caseId === null) return;
      // The first one counts, whoever asked: an index holds that there is one a case.
      await transaction
        .insertInto('notices')
        .values({
          ...key,
          attempt: null,
          case_id: header.caseId,
          contact: entry.body.contact,
          template: entry.body.template,
          requested_at: at,
          real_held_until: sql<Date>`now()`, // the agent confirmed it: there is nothing to take back
          sent_at: null,
          cancelled_at: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return;
    }
    case 'followUp.closed': {
      await transaction
        .updateTable('follow_ups')
        .set({ standing: false })
        .where('journal', '=', header.journal)
        .where('attempt', '=', entry.body.attempt)
        .where('kind', '=', entry.body.kind)
        .execute();
      return;
    }
    case 'help.asked': {
      const { attempt } = entry.body;
      touched.attempts.add(attempt);
      const id = helpOf(header.journal, attempt);
      const { caseId, agent } = header;
      await addException(transaction, scope.team, { ...key, id, type: 'HELP', caseId, agent, at });
      return;
    }
    case 'directive.acknowledged': {
      // Only a directive that exists; a station may say anything.
      await sql`insert into directive_acknowledgements (directive, station, at)
        select id, ${scope.station}, ${at} from directives where id = ${entry.body.directive} on conflict do nothing`.execute(
        transaction,
      );
      return;
    }
    case 'amended': {
      if (entry.body.what === 'TAKEN_BACK') await takeBack(transaction, header, entry.body, touched, scope.now);
      return;
    }
    // Facts that are read from the entries themselves when somebody asks.
    case 'shift.started':
    case 'shift.ended':
    case 'break.started':
    case 'break.ended':
    case 'step.recorded':
    case 'script.left':
    case 'value.unmasked':
    case 'dial.blocked':
    case 'case.skipped':
      return;
    default:
      return assertNever(entry);
  }
}

/** Undoes one wrap-up: the disposition, and what was requested with it, up to the entry that takes it back. */
async function takeBack(
  transaction: DatabaseTransaction,
  header: { journal: string; seq: number },
  target: { seq: number; hash: string },
  touched: Touched,
  now: Date,
): Promise<void> {
  const undone = await transaction
    .updateTable('dispositions')
    .set({ standing: false })
    .where('journal', '=', header.journal)
    .where('seq', '=', target.seq)
    .where('seq', '<', header.seq)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('entries')
          .select('entries.seq')
          .where('entries.journal', '=', header.journal)
          .where('entries.seq', '=', target.seq)
          .where('entries.fork', '=', 0)
          .where('entries.hash', '=', target.hash),
      ),
    )
    .returning(['attempt', 'case_id'])
    .executeTakeFirst();
  if (undone === undefined) return;
  touched.attempts.add(undone.attempt);
  if (undone.case_id !== null) touched.cases.add(undone.case_id);
  for (const table of ['appointments', 'follow_ups'] as const)
    await transaction
      .updateTable(table)
      .set({ standing: false })
      .where('journal', '=', header.journal)
      .where('attempt', '=', undone.attempt)
      .where('seq', '>', target.seq)
      .where('seq', '<', header.seq)
      .execute();
  await transaction
    .updateTable('contact_changes')
    .set({ standing: false })
    .where('journal', '=', header.journal)
    .where('case_id', '=', undone.case_id)
    .where('seq', '>', target.seq)
    .where('seq', '<', header.seq)
    .execute();
  await transaction
    .updateTable('exceptions')
    .set({ standing: false })
    .where('journal', '=', header.journal)
    .where('seq', '=', target.seq)
    .where('type', 'in', ['SECOND_VERIFICATION', 'COMPLAINT', 'FRAUD'])
    .execute();
  await transaction
    .updateTable('notices')
    .set({ cancelled_at: now })
    .where('journal', '=', header.journal)
    .where('attempt', '=', undone.attempt)
    .where('seq', '>', target.seq)
    .where('sent_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .execute();
}

export type ExceptionType =
  | 'HELP'
  | 'CONFLICT'
  | 'SECOND_VERIFICATION'
  | 'COMPLAINT'
  | 'JOURNAL_BROKEN'
  | 'DISPUTED'
  | 'FRAUD';

/** What a lead has to look at because of a result. */
function lookedAt(
  disposition: Parameters<typeof finishesCase>[0] | undefined,
  flags: readonly string[],
): ExceptionType[] {
  if (disposition === undefined) return flags.length > 0 ? ['FRAUD'] : [];
  return [
    ...(disposition.code === 'COMPLAINT' ? (['COMPLAINT'] as const) : []),
    ...(disposition.code === 'SUSPECTED_FRAUD' || disposition.code === 'DENIES_APPLICATION'
      ? (['FRAUD'] as const)
      : []),
    ...(needsSecondVerification(disposition) ? (['SECOND_VERIFICATION'] as const) : []),
  ];
}

/**
 * An entry that cannot be true, or cannot be read: the newest per journal, case and reason, for a broken disk must not fill the board, and what
 * a lead has settled must not hide what comes after.
 */
async function exceptionOf(
  transaction: DatabaseTransaction,
  team: string,
  scope: Scope,
  { entry, state, reason }: Arrived,
): Promise<void> {
  if (state !== 'disputed' && state !== 'unreadable') return;
  const header = entry.wire?.header;
  const broken = state === 'unreadable' || (reason !== undefined && withoutEffect.has(reason));
  const { journal } = scope;
  await addException(transaction, team, {
    id: [broken ? 'broken' : 'disputed', journal, header?.caseId ?? '', reason ?? state].join(':'),
    journal,
    seq: entry.seq,
    type: broken ? 'JOURNAL_BROKEN' : 'DISPUTED',
    caseId: header?.caseId ?? null,
    agent: header?.agent ?? null,
    at: header === undefined ? scope.now : correctedTime(header),
    newest: true,
  });
}

async function addException(
  transaction: DatabaseTransaction,
  team: string,
  exception: {
    id?: string;
    journal: string;
    seq: number;
    type: ExceptionType;
    caseId: string | null;
    agent: string | null;
    at: Date;
    /** What comes later under the same id takes its place. */
    newest?: boolean;
  },
): Promise<void> {
  const { seq, at, agent } = exception;
  await transaction
    .insertInto('exceptions')
    .values({
      id: exception.id ?? `${exception.type}:${exception.journal}:${exception.seq}`,
      type: exception.type,
      case_id: exception.caseId,
      agent: exception.agent,
      team,
      journal: exception.journal,
      seq: exception.seq,
      at: exception.at,
      standing: true,
    })
    .onConflict((conflict) =>
      exception.newest ? conflict.column('id').doUpdateSet({ seq, at, agent }) : conflict.doNothing(),
    )
    .execute();
}
