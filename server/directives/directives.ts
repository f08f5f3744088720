/** Directives (指令): what the server tells stations. Pulled; each station answers with an entry, and then hears it no more. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { idSchema } from '#shared/journal/entry.ts';
import { type Directive, directiveSchema, directivesSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Database, DatabaseTransaction } from '../database/schema.ts';
import type { Api } from '../http/api.ts';
import { personOf } from '../http/guard.ts';
import { refuseForeignStation } from '../signIn/sessions.ts';

/** To one agent, one station, or (neither) every station. Returns its id. */
export async function giveDirective(
  database: Database | DatabaseTransaction,
  directive: { at: Date; agent?: string; station?: string; order: Directive['order']; reason: string },
): Promise<string> {
  const id = randomUUID();
  await database
    .insertInto('directives')
    .values({
      id,
      at: directive.at,
      agent: directive.agent ?? null,
      station: directive.station ?? null,
      order_json: JSON.stringify(directive.order),
      reason: directive.reason,
    })
    .execute();
  return id;
}

/** What this station has not acknowledged yet, oldest first; nothing from before it was enrolled. */
export async function directivesFor(bank: Bank, agent: string, station: string): Promise<Directive[]> {
  const rows = await bank.database
    .selectFrom('directives')
    .innerJoin('stations', (join) => join.on('stations.id', '=', station))
    .select(['directives.id', 'directives.at', 'directives.order_json', 'directives.reason'])
    .whereRef('directives.at', '>=', 'stations.enrolled_at')
    .where((where) => where.or([where('directives.agent', 'is', null), where('directives.agent', '=', agent)]))
    .where((where) => where.or([where('directives.station', 'is', null), where('directives.station', '=', station)]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('directive_acknowledgements as a')
            .select('a.directive')
            .whereRef('a.directive', '=', 'directives.id')
            .where('a.station', '=', station),
        ),
      ),
    )
    .orderBy('directives.at')
    .orderBy('directives.id')
    .execute();
  return rows.map((row) =>
    directiveSchema.parse({
      id: row.id,
      at: row.at.toISOString(),
      order: JSON.parse(row.order_json),
      reason: row.reason,
    }),
  );
}

export function directiveRoutes(app: Api, bank: Bank): void {
  app.get(
    '/directives',
    {
      config: { who: ['agent', 'lead'] },
      schema: { querystring: z.strictObject({ station: idSchema }), response: { 200: directivesSchema } },
    },
    async (request) => {
      const person = personOf(request);
      await refuseForeignStation(bank, request.query.station, person.team);
      return {
        directives: await directivesFor(bank, person.account, request.query.station),
        serverTime: bank.clock.now().toISOString(),
      };
    },
  );
}
