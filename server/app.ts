/**
 * The bank server (后台) as a Fastify instance: everything but the process around it, so that tests can `inject`.
 *
 *   request ──► headers, CORS ──► who may (guard) ──► schema ──► route ──► schema ──► answer
 *                                                                  └─ Refusal ──► failureSchema
 *
 * Logs name routes, times and codes; never a body, a query, a name or a number.
 */
import fastifyCookie from '@fastify/cookie';
import fastifySwagger from '@fastify/swagger';
import fastify, { LogController } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import { healthSchema } from '#shared/server/api.ts';
import type { Bank } from './bank.ts';
import { presenceRoutes } from './board/presence.ts';
import { boardRoutes } from './board/routes.ts';
import { directiveRoutes } from './directives/directives.ts';
import type { Api } from './http/api.ts';
import { answerBroken, installFailures } from './http/failures.ts';
import { installGuard } from './http/guard.ts';
import { installHeaders } from './http/headers.ts';
import { installRenderer } from './http/renderer.ts';
import { intakeRoutes } from './intake/routes.ts';
import { leaseRoutes } from './leases/routes.ts';
import { sessionRoutes } from './signIn/routes.ts';
import { secondPersonRoutes } from './signIn/secondPerson.ts';
import { stationRoutes } from './stations/routes.ts';

export type AppOptions = {
  /** Folder of the browser build; none: the interface only. */
  renderer?: string;
  /** Where log lines go; none: nowhere. */
  log?: { write(line: string): void };
  tls?: { key: string; cert: string };
  /** Addresses or networks of balancers whose X-Forwarded-For is believed; none: nobody's. */
  trustProxy?: readonly string[];
  /** A request that is not complete after so long is cut off; for tests. */
  requestMs?: number;
};

const bodyBytes = 256 * 1024;
const usualRequestMs = 30_000;

export async function buildApp(bank: Bank, options: AppOptions = {}): Promise<Api> {
  const requestMs = options.requestMs ?? usualRequestMs;
  const server = timeLimits(requestMs);
  const app = fastify({
    logger: options.log === undefined ? false : { level: 'info', stream: options.log, serializers: quietSerializers },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytes,
    requestTimeout: requestMs,
    connectionTimeout: 0, // the board's stream stays open
    trustProxy: options.trustProxy === undefined ? false : [...options.trustProxy],
    routerOptions: { maxParamLength: 100 },
    forceCloseConnections: true,
    clientErrorHandler: answerBroken,
    ...(options.tls === undefined ? { http: server } : { https: { ...options.tls, ...server } }),
  }).withTypeProvider<ZodTypeProvider>() as unknown as Api; // with TLS Fastify's types name another server class; ours is the same to us
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installFailures(app);
  installHeaders(app, bank);
  await app.register(fastifyCookie);
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: 'Huifang bank server', version: bank.version } },
    transform: jsonSchemaTransform,
  });
  installGuard(app, bank);
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        route: request.routeOptions.url,
        method: request.method,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      },
      'answered',
    );
  });

  await app.register(
    async (scope) => {
      const api = scope.withTypeProvider<ZodTypeProvider>() as Api; // the scope is the same instance type
      sessionRoutes(api, bank);
      secondPersonRoutes(api, bank);
      stationRoutes(api, bank);
      leaseRoutes(api, bank);
      directiveRoutes(api, bank);
      presenceRoutes(api, bank);
      boardRoutes(api, bank);
      await scope.register(async (inner) => intakeRoutes(inner.withTypeProvider<ZodTypeProvider>() as Api, bank));
    },
    { prefix: '/api/v1' },
  );

  app.get('/health', { config: { who: 'public' }, schema: { response: { 200: healthSchema } } }, async () => ({
    status: await sql`select 1`.execute(bank.database).then(
      () => 'ok' as const,
      () => 'degraded' as const,
    ),
    database: bank.databaseKind,
    demo: bank.demo,
    serverTime: bank.clock.now().toISOString(),
    version: bank.version,
  }));
  app.get(
    '/openapi.json',
    { config: { who: 'public' }, schema: { hide: true, response: { 200: z.any() } } },
    async () => app.swagger(),
  );
  await installRenderer(app, bank, options.renderer);
  await app.ready();
  return app;
}

/**
 * Told to Node when it makes the server, not afterwards as Fastify does: its limit for the headers would stay 60 seconds, and of two
 * limits Node gives a body the longer one. It looks for late requests every 30 seconds unless told otherwise.
 */
const timeLimits = (requestMs: number) => ({
  requestTimeout: requestMs,
  connectionsCheckingInterval: Math.ceil(requestMs / 6),
});

/** Pino's own serializers would write addresses and messages. */
const quietSerializers = {
  req: () => ({}),
  res: () => ({}),
  err: (error: { name: string }) => ({ type: error.name, message: '', stack: '' }),
};
