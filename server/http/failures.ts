/** Every failure leaves as `failureSchema`; only what is safe to read reaches the log: codes and places, never words of a request. */
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Failure, FailureCode } from '#shared/server/api.ts';
import { Refusal, refusals } from './refusal.ts';

export function answerFailure(reply: FastifyReply, code: FailureCode, afterSeconds?: number): FastifyReply {
  const { status, sentence } = refusals[code];
  const failure: Failure = afterSeconds === undefined ? { code, sentence } : { code, sentence, afterSeconds };
  if (afterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(afterSeconds)));
  return reply
    .status(status)
    .type('application/json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(failure);
}

/** Frames of a stack without its first lines, which repeat the message. */
function placesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 12)
    .map((line) => line.trim());
}

function codeOf(error: unknown): { code: FailureCode; afterSeconds?: number | undefined; unexpected: boolean } {
  if (error instanceof Refusal) return { code: error.code, afterSeconds: error.afterSeconds, unexpected: false };
  const status =
    typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  if (status === 413) return { code: 'TOO_LARGE', unexpected: false };
  if (status === 404) return { code: 'NOT_FOUND', unexpected: false };
  if (status === 429) return { code: 'TOO_MANY_TRIES', unexpected: false };
  if (status >= 400 && status < 500) return { code: 'BAD_REQUEST', unexpected: false };
  if (isDatabaseBusy(error)) return { code: 'TRY_LATER', afterSeconds: 2, unexpected: true };
  return { code: 'INTERNAL', unexpected: true };
}

/** PostgreSQL: too many connections, shutting down, lock or statement time-out, serialisation, deadlock; or no connection at all. */
const busyCodes = new Set([
  '53300',
  '57P01',
  '57P03',
  '55P03',
  '57014',
  '40001',
  '40P01',
  'ECONNREFUSED',
  'ECONNRESET',
]);
function isDatabaseBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && busyCodes.has(String(error.code));
}

export function installFailures(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { code, afterSeconds, unexpected } = codeOf(error);
    if (unexpected && error instanceof Error)
      request.log.error(
        { route: request.routeOptions.url, error: error.name, errorCode: errorCodeOf(error), places: placesOf(error) },
        'request failed',
      );
    return answerFailure(reply, code, afterSeconds);
  });
}

const unfinished: Failure = {
  code: 'TRY_LATER',
  sentence: {
    zh: '请求没有及时发完，连接已断开。请检查网络后重试。',
    en: 'The request was not complete in time, and the connection was closed. Check the network and try again.',
  },
};

/** What never became a request has no reply: it is answered on the socket itself, in the same form. */
export function answerBroken(error: Error, socket: Socket): void {
  const code = errorCodeOf(error);
  if (socket.destroyed || code === 'ECONNRESET') return;
  const [status, failure] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? ['408 Request Timeout', unfinished]
      : code === 'HPE_HEADER_OVERFLOW'
        ? ['431 Request Header Fields Too Large', failureOf('TOO_LARGE')]
        : ['400 Bad Request', failureOf('BAD_REQUEST')];
  const body = JSON.stringify(failure);
  const headers = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  if (socket.writable) socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}

const failureOf = (code: FailureCode): Failure => ({ code, sentence: refusals[code].sentence });

function errorCodeOf(error: Error): string | undefined {
  return 'code' in error ? String(error.code) : undefined;
}
