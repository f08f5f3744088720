/** Serves the browser build of the workstation. Files with a hash in their name are kept by the browser, everything else is not. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Bank } from '../bank.ts';
import { answerFailure } from './failures.ts';
import { contentSecurityPolicy, isApi } from './headers.ts';

const hashed = new RegExp(`\\${sep}assets\\${sep}[^\\${sep}]+-[\\w-]{8,}\\.\\w+$`);

export async function installRenderer(app: FastifyInstance, bank: Bank, folder: string | undefined): Promise<void> {
  const root = folder === undefined ? undefined : resolve(folder);
  const indexFile = root === undefined ? undefined : join(root, 'index.html');

  async function index(reply: FastifyReply): Promise<FastifyReply> {
    if (indexFile === undefined || !existsSync(indexFile)) return answerFailure(reply, 'NOT_FOUND');
    return reply
      .headers({ 'content-security-policy': await contentSecurityPolicy(bank), 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(readFileSync(indexFile, 'utf8'));
  }

  if (root !== undefined)
    await app.register(async (scope) => {
      scope.addHook('onRoute', (route) => {
        route.config = { ...route.config, who: 'public' };
        route.schema = { ...route.schema, hide: true };
      });
      await scope.register(fastifyStatic, {
        root,
        index: false,
        // Looked up at each request: a build made under a running server leaves no white page.
        wildcard: true,
        cacheControl: false,
        setHeaders: (reply, path) => {
          reply.header('cache-control', hashed.test(path) ? 'public, max-age=31536000, immutable' : 'no-store');
        },
      });
    });

  app.get('/', { config: { who: 'public' }, schema: { hide: true } }, (_request, reply) => index(reply));
  app.get('/index.html', { config: { who: 'public' }, schema: { hide: true } }, (_request, reply) => index(reply));
  // A page's own addresses (/board) are the index; an unknown interface or file is not.
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage = request.method === 'GET' && !isApi(path) && !/\.\w+$/.test(path);
    return isPage ? index(reply) : answerFailure(reply, 'NOT_FOUND');
  });
}
