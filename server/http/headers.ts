/** Headers of every answer, and what other origins may do. */
import type { FastifyInstance } from 'fastify';
import type { Bank } from '../bank.ts';
import { lineOrigins } from '../stations/stations.ts';

/** Electron's page; the others are configured. */
export const shellOrigin = 'app://huifang';

const allowedHeaders = 'authorization, content-type, x-client, x-station, x-station-signature, x-station-time';

export function installHeaders(app: FastifyInstance, bank: Bank): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    if (bank.secure) reply.header('strict-transport-security', 'max-age=31536000');
    if (isApi(request.url)) reply.header('cache-control', 'no-store');
    const { origin } = request.headers;
    if (origin === undefined || !bank.origins.includes(origin)) return undefined;
    reply.headers({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'retry-after',
      'cross-origin-resource-policy': 'cross-origin',
      vary: 'origin',
    });
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
      return undefined;
    return reply
      .status(204)
      .headers({
        'access-control-allow-methods': 'GET, POST, DELETE',
        'access-control-allow-headers': allowedHeaders,
        'access-control-max-age': '600',
      })
      .send();
  });
}

export function isApi(url: string): boolean {
  return url.startsWith('/api/');
}

/** Only our own scripts; connections to us and to the proxies of the lines; nobody may frame the page. */
export async function contentSecurityPolicy(bank: Bank): Promise<string> {
  const lines = await lineOrigins(bank);
  return [
    "default-src 'self'",
    `connect-src ${["'self'", ...lines].join(' ')}`,
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "media-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
