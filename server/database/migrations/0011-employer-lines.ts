import { caseSchema } from '#shared/case/case.ts';
import { addEmployerLines } from '../../leases/employerLines.ts';
import type { DatabaseTransaction } from '../schema.ts';

/** Which case gives which number as whose: two employers with one telephone are found without reading every case. */
export const employerLines = {
  name: '0011-employer-lines',
  statements: [
    `create table employer_lines (
       case_id text not null references cases(id) on delete cascade, digits text not null, number text not null, employer text not null,
       primary key (case_id, number, employer))`,
    'create index employer_lines_by_digits on employer_lines (digits)',
  ],
  async fill(transaction: DatabaseTransaction): Promise<void> {
    for (let after = ''; ; ) {
      const rows = await transaction
        .selectFrom('cases')
        .select(['id', 'document'])
        .where('id', '>', after)
        .orderBy('id')
        .limit(500)
        .execute();
      const last = rows.at(-1);
      if (last === undefined) return;
      after = last.id;
      // A document that no longer fits keeps no bank from starting.
      const cases = rows.flatMap(({ document }) => caseSchema.safeParse(JSON.parse(document)).data ?? []);
      await addEmployerLines(transaction, cases);
    }
  },
} as const;
