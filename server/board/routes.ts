import { z } from 'zod';
import { boardSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Api } from '../http/api.ts';
import { personOf } from '../http/guard.ts';
import { boardOf } from './board.ts';
import { createBoardFeed } from './stream.ts';

const who = ['lead', 'manager'] as const;

export function boardRoutes(app: Api, bank: Bank): void {
  const feed = createBoardFeed(bank);
  app.addHook('preClose', async () => feed.close());

  app.get('/board', { config: { who }, schema: { response: { 200: boardSchema } } }, (request) =>
    boardOf(bank, personOf(request).team),
  );

  app.get(
    '/board/stream',
    {
      config: { who },
      schema: {
        description: 'NDJSON: a Board a line when it changed, a blank line each 10 s.',
        response: { 200: z.any() },
      },
    },
    (request, reply) => {
      const { team, session } = personOf(request);
      reply.header('x-accel-buffering', 'no');
      return reply.type('application/x-ndjson; charset=utf-8').send(feed.listen(team, session));
    },
  );
}
