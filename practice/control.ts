/**
 * The switches behind the exchange, for drills and tests: HTTP on the SIP port, JSON, a bearer token, no browsers.
 *
 *     GET  /health             {"ready":true}                       open to everybody on this machine
 *     GET  /control/calls      {"calls":[…],"resources":{…}}
 *     POST /control/ring-back  {"user","number","seconds"?} → {"callId"}, the customer gives up after so many seconds (30)
 *     POST /control/hang-up    {"callId"}               → {"done":true}, the customer hangs up
 *     POST /control/hold       {"callId","held"}        → {"done":true}, the customer holds or takes the call up again
 *     POST /control/spoil      {"callId","loss"?,"jitter"?,"delay"?} → {"done":true}, the network between customer and agent gets bad
 *     POST /control/passwords  {"user","passwords"}     → {"done":true}, from now on these are taken and no others
 *     POST /control/drop-line  {"user"}                 → {"done":true}, the socket is cut
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { Problem } from '#shared/problem.ts';
import { equalSecrets } from './digest.ts';
import type { ExchangeControl } from './exchange.ts';

const MOST_BYTES = 1024;
const ringBackSchema = z.strictObject({
  user: z.string().min(1),
  number: z.string().min(1),
  seconds: z.number().min(1).max(60).optional(),
});
const hangUpSchema = z.strictObject({ callId: z.string().min(1) });
const holdSchema = z.strictObject({ callId: z.string().min(1), held: z.boolean() });
const spoilSchema = z.strictObject({
  callId: z.string().min(1),
  loss: z.number().min(0).max(1).default(0),
  jitter: z.number().min(0).max(1000).default(0),
  delay: z.number().min(0).max(1000).default(0),
});
const passwordsSchema = z.strictObject({
  user: z.string().min(1),
  passwords: z.array(z.string().min(1)).min(1).max(2),
});
const dropLineSchema = z.strictObject({ user: z.string().min(1) });

type Answer = { status: number; body: unknown };
const done = (found: boolean): Answer =>
  found ? { status: 200, body: { done: true } } : { status: 404, body: { error: 'not found' } };

/** Answers one request, whatever it is; never throws. */
export function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  control: ExchangeControl,
  token: string | undefined,
): void {
  decide(request, control, token)
    .catch((error: unknown): Answer => {
      if (error instanceof Problem) return { status: 409, body: { error: error.code, sentence: error.sentence } };
      return { status: 400, body: { error: 'not understood' } };
    })
    .then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(`${JSON.stringify(body)}\n`);
    })
    .catch(() => response.destroy()); // the asker went away in the middle of the answer
}

async function decide(request: IncomingMessage, control: ExchangeControl, token: string | undefined): Promise<Answer> {
  const route = `${request.method} ${request.url?.split('?')[0]}`;
  if (route === 'GET /health') return { status: 200, body: { ready: true } };
  if (request.headers.origin !== undefined) return { status: 403, body: { error: 'no browsers' } };
  if (token === undefined || !equalSecrets(request.headers.authorization ?? '', `Bearer ${token}`))
    return { status: 401, body: { error: 'token required' } };
  switch (route) {
    case 'GET /control/calls':
      return { status: 200, body: { calls: control.calls(), resources: resources() } };
    case 'POST /control/ring-back': {
      const { user, number, ...how } = ringBackSchema.parse(await readJson(request));
      return { status: 200, body: { callId: await control.ringAgent(user, number, how) } };
    }
    case 'POST /control/hang-up':
      return done(control.hangUp(hangUpSchema.parse(await readJson(request)).callId));
    case 'POST /control/hold': {
      const { callId, held } = holdSchema.parse(await readJson(request));
      return done(await control.hold(callId, held));
    }
    case 'POST /control/spoil': {
      const { callId, ...network } = spoilSchema.parse(await readJson(request));
      return done(control.spoil(callId, network));
    }
    case 'POST /control/passwords': {
      const { user, passwords } = passwordsSchema.parse(await readJson(request));
      return done(control.changePasswords(user, passwords));
    }
    case 'POST /control/drop-line':
      return done(control.dropLine(dropLineSchema.parse(await readJson(request)).user));
    default:
      return { status: 404, body: { error: 'not found' } };
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MOST_BYTES) throw new Error('too long');
  }
  return JSON.parse(text);
}

/** What keeps the process busy, by kind: a test sees from it that a call left no socket and no timer. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
