/**
 * Who may use a route. Every route says it in `config.who`; one that does not is refused when the server is built, so a
 * forgotten check cannot exist.
 *
 *   'public'     no credential
 *   'station'    the station's signature over the exact body, or over "GET <path>\n<x-station-time>" (at most 5 minutes old)
 *   [roles]      a bearer token of a session that is not revoked, at no revoked station, of an account with one of these roles
 *
 * Role and team are read from the database with each request: an access token only says which session it belongs to.
 */
import { createPublicKey, verify } from 'node:crypto';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import { idSchema } from '#shared/journal/entry.ts';
import { type Role, roleSchema } from '#shared/server/api.ts';
import type { Bank } from '../bank.ts';
import { readAccessToken } from '../signIn/tokens.ts';
import { Refusal } from './refusal.ts';

export type Who = 'public' | 'station' | readonly Role[];

export type SignedIn = {
  account: string;
  name: string;
  role: Role;
  team: string;
  session: string;
  station: string | null;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    who?: Who;
  }
  interface FastifyRequest {
    signedIn: SignedIn | null;
    /** The station that signed this request. */
    stationId: string | null;
  }
}

/** The person of a request on a route for roles. */
export function personOf(request: FastifyRequest): SignedIn {
  if (request.signedIn === null) throw new Refusal('NOT_SIGNED_IN');
  return request.signedIn;
}

/** The station of a request on a route for stations. */
export function stationOf(request: FastifyRequest): string {
  if (request.stationId === null) throw new Refusal('BAD_SIGNATURE');
  return request.stationId;
}

export function installGuard(app: FastifyInstance, bank: Bank): void {
  app.decorateRequest('signedIn', null);
  app.decorateRequest('stationId', null);
  // Asked when all routes are there: a scope (the renderer's files) says it for its routes after the outer scope has seen them.
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    routes.push(route);
  });
  app.addHook('onReady', async () => {
    for (const route of routes)
      if (route.config?.who === undefined) throw new Error(`${route.method} ${route.url} does not say who may use it`);
  });
  app.addHook('onRequest', async (request) => {
    const who = request.routeOptions.config.who;
    if (who === undefined || who === 'public' || who === 'station') return;
    const signedIn = await signedInBy(bank, request.headers.authorization);
    if (!who.includes(signedIn.role)) throw new Refusal('NOT_ALLOWED');
    request.signedIn = signedIn;
  });
  app.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.who === 'station') request.stationId = await stationThatSigned(bank, request);
  });
}

async function signedInBy(bank: Bank, authorization: string | undefined): Promise<SignedIn> {
  const token = /^Bearer ([\w.-]+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) throw new Refusal('NOT_SIGNED_IN');
  const session = await readAccessToken(bank.keys, token);
  const row = await bank.database
    .selectFrom('sessions')
    .innerJoin('accounts', 'accounts.account', 'sessions.account')
    .leftJoin('stations', 'stations.id', 'sessions.station')
    .select(['accounts.account', 'accounts.name', 'accounts.role', 'accounts.team', 'sessions.station'])
    .select('stations.real_revoked_at as station_revoked_at')
    .where('sessions.id', '=', session)
    .where('sessions.real_revoked_at', 'is', null)
    .where('sessions.real_expires_at', '>', new Date())
    .where('accounts.locked', '=', false)
    .executeTakeFirst();
  if (row === undefined) throw new Refusal('TOKEN_EXPIRED');
  const { station_revoked_at, ...person } = row;
  if (station_revoked_at !== null) throw new Refusal('STATION_REVOKED');
  return { ...person, role: roleSchema.parse(row.role), session };
}

const signatureAgeMs = 5 * 60_000;

async function stationThatSigned(bank: Bank, request: FastifyRequest): Promise<string> {
  const id = idSchema.safeParse(request.headers['x-station']);
  const signature = request.headers['x-station-signature'];
  if (!id.success || typeof signature !== 'string' || signature.length > 200) throw new Refusal('BAD_SIGNATURE');
  const station = await bank.database
    .selectFrom('stations')
    .select(['public_key', 'real_revoked_at'])
    .where('id', '=', id.data)
    .executeTakeFirst();
  if (station === undefined) throw new Refusal('STATION_UNKNOWN');
  if (station.real_revoked_at !== null) throw new Refusal('STATION_REVOKED');
  const text = signedTextOf(bank, request);
  const key = createPublicKey({ key: JSON.parse(station.public_key), format: 'jwk' });
  const sound = verify(
    'sha256',
    Buffer.from(text, 'utf8'),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64'),
  );
  if (!sound) throw new Refusal('BAD_SIGNATURE');
  return id.data;
}

function signedTextOf(bank: Bank, request: FastifyRequest): string {
  if (request.method !== 'GET') {
    if (typeof request.body !== 'string') throw new Refusal('BAD_REQUEST');
    return request.body;
  }
  const time = request.headers['x-station-time'];
  const age = typeof time === 'string' ? Math.abs(bank.clock.now().getTime() - Date.parse(time)) : Number.NaN;
  if (!(age <= signatureAgeMs)) throw new Refusal('BAD_SIGNATURE');
  return `GET ${request.url}\n${time}`;
}
