import { z } from 'zod';
import { boardQuerySchema, boardSchema, knowsFollowUps, settlementSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Api } from '../http/api.ts';
import { personOf } from '../http/guard.ts';
import { boardOf } from './board.ts';
import { forOlderBoards, settle } from './exceptions.ts';
import { createBoardFeed } from './stream.ts';

const who = ['lead', 'manager'] as const;

const knowsAll = ({ knows = '' }: { knows?: string | undefined }) => knows.split(',').includes(knowsFollowUps);

export function boardRoutes(app: Api, bank: Bank): void {
  const feed = createBoardFeed(bank);
  app.addHook('preClose', async () => feed.close());

  app.get(
    '/board',
    { config: { who }, schema: { querystring: boardQuerySchema, response: { 200: boardSchema } } },
    async (request) => {
      const board = await boardOf(bank, personOf(request).team);
      return knowsAll(request.query) ? board : forOlderBoards(board);
    },
  );

  app.post(
    '/board/settled',
    { config: { who }, schema: { body: settlementSchema, response: { 204: z.undefined() } } },
    async (request, reply) => {
      await settle(bank, personOf(request), request.body);
      return reply.status(204).send();
    },
  );

  app.get(
    '/board/stream',
    {
      config: { who },
      schema: {
        querystring: boardQuerySchema,
        description: 'NDJSON: a Board a line when it changed, a blank line each 10 s.',
        response: { 200: z.any() },
      },
    },
    (request, reply) => {
      const { team, session } = personOf(request);
      reply.header('x-accel-buffering', 'no');
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .send(feed.listen(team, session, knowsAll(request.query)));
    },
  );
}
