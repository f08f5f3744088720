import { z } from 'zod';
import { idSchema } from '#shared/journal/entry.ts';
import { leaseAnswerSchema, leaseRequestSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Api } from '../http/api.ts';
import { personOf } from '../http/guard.ts';
import { refuseForeignStation } from '../signIn/sessions.ts';
import { lease, returnLeases } from './leases.ts';

export function leaseRoutes(app: Api, bank: Bank): void {
  app.post(
    '/leases',
    { config: { who: ['agent'] }, schema: { body: leaseRequestSchema, response: { 200: leaseAnswerSchema } } },
    async (request) => {
      const person = personOf(request);
      await refuseForeignStation(bank, request.body.station, person.team);
      const answer = await lease(
        bank,
        { agent: person.account, team: person.team, station: request.body.station },
        request.body.most,
        request.body.knows ?? [],
      );
      return { ...answer, serverTime: bank.clock.now().toISOString() };
    },
  );

  app.post(
    '/leases/return',
    {
      config: { who: ['agent'] },
      schema: { body: z.strictObject({ station: idSchema }), response: { 204: z.undefined() } },
    },
    async (request, reply) => {
      const person = personOf(request);
      await refuseForeignStation(bank, request.body.station, person.team);
      await returnLeases(bank, { agent: person.account, station: request.body.station });
      return reply.status(204).send();
    },
  );
}
