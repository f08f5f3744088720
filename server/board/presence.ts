/** Presence: the last word of each agent's station; it stays when the connection is gone, with the time it was heard. */
import { z } from 'zod';
import { presenceSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Api } from '../http/api.ts';
import { personOf } from '../http/guard.ts';
import { refuseForeignStation } from '../signIn/sessions.ts';

async function keepPresence(bank: Bank, account: string, presence: z.infer<typeof presenceSchema>): Promise<void> {
  const values = {
    station: presence.station,
    body: JSON.stringify(presence),
    unsent: Math.min(presence.unsent, 2_000_000_000),
    oldest_unsent_at: presence.oldestUnsentAt === null ? null : new Date(presence.oldestUnsentAt),
    heard_at: bank.clock.now(),
  };
  await bank.database
    .insertInto('presence')
    .values({ account, ...values })
    .onConflict((conflict) => conflict.column('account').doUpdateSet(values))
    .execute();
}

export function presenceRoutes(app: Api, bank: Bank): void {
  app.post(
    '/presence',
    { config: { who: ['agent', 'lead'] }, schema: { body: presenceSchema, response: { 204: z.undefined() } } },
    async (request, reply) => {
      const person = personOf(request);
      await refuseForeignStation(bank, request.body.station, person.team);
      await keepPresence(bank, person.account, request.body);
      return reply.status(204).send();
    },
  );
}
