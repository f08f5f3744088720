import { z } from 'zod';
import { idSchema } from '#shared/journal/entry.ts';
import {
  enrolmentSchema,
  enrolSchema,
  stationProfileSchema,
  unwrappedSchema,
  unwrapSchema,
} from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Api } from '../http/api.ts';
import { personOf } from '../http/guard.ts';
import { Refusal } from '../http/refusal.ts';
import { refuseForeignStation } from '../signIn/sessions.ts';
import { enrol, profileOf, unwrapDataKey } from './stations.ts';

const stationParameter = z.strictObject({ station: idSchema });

export function stationRoutes(app: Api, bank: Bank): void {
  app.post(
    '/stations',
    { config: { who: 'public' }, schema: { body: enrolSchema, response: { 200: enrolmentSchema } } },
    (request) => enrol(bank, request.body, request.ip),
  );

  app.get(
    '/stations/:station/profile',
    {
      config: { who: ['agent', 'lead'] },
      schema: { params: stationParameter, response: { 200: stationProfileSchema } },
    },
    async (request) => {
      await refuseForeignStation(bank, request.params.station, personOf(request).team);
      return profileOf(bank, request.params.station);
    },
  );

  app.post(
    '/stations/:station/data-key',
    {
      config: { who: ['agent', 'lead'] },
      schema: { params: stationParameter, body: unwrapSchema, response: { 200: unwrappedSchema } },
    },
    async (request) => {
      const person = personOf(request);
      await refuseForeignStation(bank, request.params.station, person.team);
      if (person.station !== request.params.station) throw new Refusal('NOT_ALLOWED');
      return {
        dataKey: await unwrapDataKey(bank, person.account, request.params.station, request.body.wrapped),
      };
    },
  );
}
