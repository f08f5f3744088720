import { z } from 'zod';
import { firstPrev } from '#shared/journal/chain.ts';
import { idSchema } from '#shared/journal/entry.ts';
import { batchAnswerSchema } from '#shared/journal/upload.ts';
import { headAnswerSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Api } from '../http/api.ts';
import { stationOf } from '../http/guard.ts';
import { Refusal } from '../http/refusal.ts';
import { intake } from './intake.ts';

/** Body text of a full batch, and the envelope's own words. */
const batchBytes = 1_500_000;
const journalParameter = z.strictObject({ journal: idSchema });

/** In a scope of its own: here a JSON body stays the exact text that was signed. */
export async function intakeRoutes(app: Api, bank: Bank): Promise<void> {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.post(
    '/journals/:journal/batches',
    {
      config: { who: 'station' },
      bodyLimit: batchBytes,
      schema: {
        description: 'The exact text of a Batch (shared/journal/upload.ts), signed by the station.',
        params: journalParameter,
        body: z.string(),
        response: { 200: batchAnswerSchema },
      },
    },
    (request) => intake(bank, stationOf(request), request.body, request.params.journal),
  );

  app.get(
    '/journals/:journal/head',
    { config: { who: 'station' }, schema: { params: journalParameter, response: { 200: headAnswerSchema } } },
    async (request) => {
      const row = await bank.database
        .selectFrom('journals')
        .select(['station', 'head_seq', 'head_hash'])
        .where('journal', '=', request.params.journal)
        .executeTakeFirst();
      if (row !== undefined && row.station !== stationOf(request)) throw new Refusal('NOT_ALLOWED');
      return {
        seq: row?.head_seq ?? 0,
        hash: row?.head_hash ?? firstPrev,
        serverTime: bank.clock.now().toISOString(),
      };
    },
  );
}
