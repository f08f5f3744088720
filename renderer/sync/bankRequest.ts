/**
 * One request to the bank server: what comes back is hostile until its schema says otherwise.
 *
 *    answer of the right shape      ─► the value          the server was reached
 *    failure of the right shape     ─► Problem, its code  the server was reached
 *    anything else (HTML, garbage)  ─► BANK_ANSWER_UNREADABLE
 *    nothing in time                ─► BANK_TIMEOUT
 *    no connection                  ─► BANK_UNREACHABLE
 */
import type { z } from 'zod';
import type { Clock } from '#shared/clock.ts';
import { type Failure, failureSchema } from '#shared/server/api.ts';
import { bankProblems, refusedByBank } from './bankProblem.ts';

export type Reach = { heard(): void; missed(): void };

export type RequestParts = {
  /** Scheme, host and port; no path. */
  origin: string;
  fetch: typeof globalThis.fetch;
  host: 'shell' | 'browser';
  clock: Pick<Clock, 'learn'>;
  /** Milliseconds that only grow. */
  monotonic: () => number;
  reach: Reach;
  /** A signal that aborts after so many milliseconds; AbortSignal.timeout outside of tests. */
  timeout?: (ms: number) => AbortSignal;
};

export type BankRequest<T> = {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** null: an answer without a body (204). */
  answer: z.ZodType<T> | null;
  /** The exact text; sent as application/json. */
  text?: string;
  headers?: Readonly<Record<string, string>>;
  timeoutMs?: number;
};

/** A refusal keeps what the server said beside the Problem: `afterSeconds` is for the uploader. */
export type BankReply<T> = { ok: true; value: T } | { ok: false; status: number; failure: Failure };

const usualTimeoutMs = 10_000;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function afterSecondsOf(response: Response, failure: Failure): Failure {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return failure.afterSeconds === undefined && seconds > 0 ? { ...failure, afterSeconds: seconds } : failure;
}

export type Ask = {
  /** Rejects with a Problem for everything but an answer of the right shape. */
  value<T>(request: BankRequest<T>): Promise<T>;
  /** Lets refusals of the server through as values. */
  reply<T>(request: BankRequest<T>): Promise<BankReply<T>>;
  /** For streams: the response itself, its head checked. */
  raw(request: Omit<BankRequest<never>, 'answer'>, signal: AbortSignal): Promise<Response>;
};

export function createAsk(parts: RequestParts): Ask {
  const { origin, fetch, host, clock, monotonic, reach, timeout = AbortSignal.timeout } = parts;

  const send = async (request: Omit<BankRequest<never>, 'answer'>, signal: AbortSignal): Promise<Response> =>
    fetch(origin + request.path, {
      method: request.method,
      cache: 'no-store',
      redirect: 'error',
      // Electron's page has its token in the vault and never sends a cookie.
      credentials: host === 'browser' ? 'include' : 'omit',
      headers: {
        accept: 'application/json',
        ...(host === 'browser' ? { 'x-client': 'browser' } : {}),
        ...(request.text === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.text === undefined ? {} : { body: request.text }),
      signal,
    });

  const failed = (error: unknown, signal: AbortSignal) => {
    reach.missed();
    return signal.aborted ? bankProblems.timeout(error) : bankProblems.unreachable(error);
  };
  const unreadable = () => {
    reach.missed();
    return bankProblems.unreadable();
  };

  const reply = async <T>(request: BankRequest<T>): Promise<BankReply<T>> => {
    const signal = timeout(request.timeoutMs ?? usualTimeoutMs);
    const sentAt = monotonic();
    let response: Response;
    let text: string;
    try {
      response = await send(request, signal);
      text = await response.text();
    } catch (error) {
      throw failed(error, signal);
    }
    const roundTrip = monotonic() - sentAt;
    const json = parsed(text);
    if (!response.ok) {
      const failure = failureSchema.safeParse(json);
      if (!failure.success) throw unreadable();
      reach.heard();
      return { ok: false, status: response.status, failure: afterSecondsOf(response, failure.data) };
    }
    if (request.answer === null) {
      reach.heard();
      // The caller said there is no value: T is undefined there.
      return { ok: true, value: undefined as T };
    }
    const value = request.answer.safeParse(json);
    if (!value.success) throw unreadable();
    reach.heard();
    if (typeof json === 'object' && json !== null && 'serverTime' in json)
      clock.learn(String(json.serverTime), roundTrip);
    return { ok: true, value: value.data };
  };

  return {
    reply,
    async value(request) {
      const answer = await reply(request);
      if (!answer.ok) throw refusedByBank(answer.failure);
      return answer.value;
    },
    async raw(request, signal) {
      let response: Response;
      try {
        response = await send(request, signal);
      } catch (error) {
        throw failed(error, signal);
      }
      if (response.ok) return response;
      const failure = failureSchema.safeParse(parsed(await response.text().catch(() => '')));
      if (!failure.success) throw unreadable();
      throw refusedByBank(failure.data);
    },
  };
}
