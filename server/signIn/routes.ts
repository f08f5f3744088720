/**
 * /session. A browser has no vault: it gets its refresh token in a cookie no script can read, and then only our own pages and the
 * configured origins may use these routes. Electron keeps the token in its vault and sends it in the body.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { refreshSchema, type Session, sessionSchema, signInSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import type { Api } from '../http/api.ts';
import { Refusal } from '../http/refusal.ts';
import { endSession, endSessionOf, refresh, signIn } from './sessions.ts';
import { readAccessToken, refreshSeconds } from './tokens.ts';

const cookieName = 'huifang_refresh';
const cookiePath = '/api/v1/session';

const isBrowser = (request: FastifyRequest) => request.headers['x-client'] === 'browser';

/** The page that asks must be ours: a cookie travels with every request to us, whoever wrote it. */
function refuseForeignPage(bank: Bank, request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin === undefined) throw new Refusal('NOT_ALLOWED');
  if (bank.origins.includes(origin)) return;
  const own = URL.canParse(origin) && new URL(origin).host === host;
  if (!own) throw new Refusal('NOT_ALLOWED');
}

export function sessionRoutes(app: Api, bank: Bank): void {
  const cookie = { path: cookiePath, httpOnly: true, sameSite: 'strict', secure: bank.secure } as const;

  /** The refresh token leaves in exactly one way: in the cookie, or in the body. */
  function send(request: FastifyRequest, reply: FastifyReply, session: Session & { refreshToken: string }): Session {
    if (!isBrowser(request)) return session;
    const { refreshToken, ...withoutToken } = session;
    reply.setCookie(cookieName, refreshToken, { ...cookie, maxAge: refreshSeconds });
    return withoutToken;
  }

  app.post(
    '/session',
    { config: { who: 'public' }, schema: { body: signInSchema, response: { 200: sessionSchema } } },
    async (request, reply) => {
      if (isBrowser(request)) refuseForeignPage(bank, request);
      return send(request, reply, await signIn(bank, { ...request.body, address: request.ip }));
    },
  );

  app.post(
    '/session/refresh',
    { config: { who: 'public' }, schema: { body: refreshSchema, response: { 200: sessionSchema } } },
    async (request, reply) => {
      if (isBrowser(request)) refuseForeignPage(bank, request);
      const token = isBrowser(request) ? request.cookies[cookieName] : request.body.refreshToken;
      if (token === undefined || token.length > 200) throw new Refusal('NOT_SIGNED_IN');
      try {
        return send(request, reply, await refresh(bank, token, request.body.station));
      } catch (error) {
        if (isBrowser(request)) reply.clearCookie(cookieName, cookie);
        throw error;
      }
    },
  );

  app.delete(
    '/session',
    { config: { who: 'public' }, schema: { response: { 204: z.undefined() } } },
    async (request, reply) => {
      const bearer = /^Bearer ([\w.-]+)$/.exec(request.headers.authorization ?? '')?.[1];
      if (bearer !== undefined) {
        // An expired token cannot end anything; the cookie or the end of the session does.
        const session = await readAccessToken(bank.keys, bearer).catch(() => undefined);
        if (session !== undefined) await endSession(bank, session);
      }
      const token = request.cookies[cookieName];
      if (isBrowser(request) && token !== undefined) {
        refuseForeignPage(bank, request);
        await endSessionOf(bank, token);
        reply.clearCookie(cookieName, cookie);
      }
      return reply.status(204).send();
    },
  );
}
