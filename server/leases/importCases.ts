/**
 * Cases come in. Each is judged by itself: a bad one is named with its place and a sentence, and costs the others nothing unless
 * all or nothing was asked for. What changed gets a higher revision; what is the same is left alone.
 */
import { type Case, caseSchema } from '#shared/case/case.ts';
import { issueSentence } from '#shared/case/importFile.ts';
import type { Text } from '#shared/text.ts';
import type { Database, DatabaseTransaction } from '../database/schema.ts';
import { inTransaction } from '../database/transaction.ts';
import { recomputeCases } from '../projections/recompute.ts';
import { keepEmployerLines } from './employerLines.ts';

export type BadCase = {
  /** Place in the list, from 0, and the id when it could be read. */
  index: number;
  id: string | undefined;
  /** Where in the case: `contacts.0.number`. */
  path: string;
  sentence: Text;
};
export type ImportReport = { added: number; changed: number; unchanged: number; bad: BadCase[] };

/** `allOrNothing`: with one bad case nothing is imported. */
export async function importCases(
  database: Database,
  list: readonly unknown[],
  options: { allOrNothing: boolean },
): Promise<ImportReport> {
  const report: ImportReport = { added: 0, changed: 0, unchanged: 0, bad: [] };
  const good: Case[] = [];
  const seen = new Set<string>();
  for (const [index, raw] of list.entries()) {
    const judged = judge(raw, index, seen);
    if (Array.isArray(judged)) report.bad.push(...judged);
    else good.push(judged);
  }
  if (report.bad.length > 0 && options.allOrNothing) return report;
  await inTransaction(database, async (transaction) => {
    for (const one of good) {
      const outcome = await keep(transaction, one);
      if (outcome === 'otherTeam')
        report.bad.push({
          index: list.findIndex((raw) => idOf(raw) === one.id),
          id: one.id,
          path: 'team',
          sentence: {
            zh: '同一客户的任务属于另一个班组，一个客户只能由一个班组回访。',
            en: 'This person has cases in another team; one person is called by one team only.',
          },
        });
      else report[outcome] += 1;
    }
    for (let from = 0; from < good.length; from += 500)
      await recomputeCases(
        transaction,
        good.slice(from, from + 500).map((one) => one.id),
      );
  });
  return report;
}

function judge(raw: unknown, index: number, seen: Set<string>): Case | BadCase[] {
  const id = idOf(raw);
  const parsed = caseSchema.safeParse(raw);
  if (!parsed.success)
    return parsed.error.issues.map((issue) => ({
      index,
      id,
      path: issue.path.join('.'),
      sentence: issueSentence(issue),
    }));
  const wrong = (path: string, zh: string, en: string): BadCase[] => [{ index, id, path, sentence: { zh, en } }];
  if (JSON.stringify(raw).includes('\\u0000')) return wrong('', '内容含有空字符。', 'It holds a NUL character.');
  if (seen.has(parsed.data.id))
    return wrong('id', '任务编号在文件中重复出现。', 'This id stands in the file more than once.');
  seen.add(parsed.data.id);
  return parsed.data;
}

function idOf(raw: unknown): string | undefined {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined;
  return typeof id === 'string' ? id.slice(0, 60) : undefined;
}

async function keep(
  transaction: DatabaseTransaction,
  one: Case,
): Promise<'added' | 'changed' | 'unchanged' | 'otherTeam'> {
  await transaction
    .insertInto('persons')
    .values({ person: one.person, team: one.team, epoch: 0 })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const person = await transaction
    .selectFrom('persons')
    .select('team')
    .where('person', '=', one.person)
    .executeTakeFirstOrThrow();
  if (person.team !== one.team) return 'otherTeam';
  const document = JSON.stringify(one);
  const values = {
    person: one.person,
    team: one.team,
    kind: one.kind,
    deadline: new Date(one.deadline),
    appointment_at: one.appointment === undefined ? null : new Date(one.appointment.at),
    appointment: one.appointment === undefined ? null : JSON.stringify(one.appointment),
    document,
  };
  const before = await transaction
    .selectFrom('cases')
    .select(['document', 'base_revision'])
    .where('id', '=', one.id)
    .executeTakeFirst();
  if (before === undefined) {
    await transaction
      .insertInto('cases')
      .values({ id: one.id, ...values, base_revision: one.revision, withdrawn_at: null })
      .execute();
    await keepEmployerLines(transaction, one);
    return 'added';
  }
  if (before.document === document) return 'unchanged';
  await transaction
    .updateTable('cases')
    .set({ ...values, base_revision: before.base_revision + 1 })
    .where('id', '=', one.id)
    .execute();
  await keepEmployerLines(transaction, one);
  return 'changed';
}
