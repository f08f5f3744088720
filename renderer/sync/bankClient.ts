/**
 * The bank server as the station sees it: one function per route of shared/server/api.ts. Every answer is parsed; every function
 * rejects with a Problem whose code is the server's own or one of bankProblem.ts. Times of the server feed the clock.
 */
import type { z } from 'zod';
import { caseAdditions } from '#shared/case/additions.ts';
import type { Clock } from '#shared/clock.ts';
import { type Batch, type BatchAnswer, batchAnswerSchema } from '#shared/journal/upload.ts';
import {
  type Board,
  boardSchema,
  type Directive,
  directivesSchema,
  type Enrolment,
  type EnrolRequest,
  enrolmentSchema,
  headAnswerSchema,
  healthSchema,
  knowsFollowUps,
  leaseAnswerSchema,
  type Presence,
  type SecondPerson,
  type SecondPersonRequest,
  type Settlement,
  type StationProfile,
  secondPersonSchema,
  stationProfileSchema,
  unwrappedSchema,
} from '#shared/server/api.ts';
import { refusedByBank } from './bankProblem.ts';
import { createAsk, type RequestParts } from './bankRequest.ts';
import { type BankSession, createBankSession, type TokenVault } from './bankSession.ts';
import { readBoards } from './boardStream.ts';

/** What a station signs with (renderer/journal/stationKey.ts). */
export type Signer = { station: string; sign(text: string): Promise<string> };

export type BankClient = {
  session: BankSession;
  enrol(request: EnrolRequest): Promise<Enrolment>;
  /** The data key of this station, base64, for a signed-in agent in a browser. */
  unwrap(station: string, wrapped: string): Promise<string>;
  profile(station: string): Promise<StationProfile>;
  /** Cases in the answer are not parsed yet, and hold what this station knows: renderer/journal/leases.ts does that one by one. */
  leases(station: string, most: number): Promise<z.infer<typeof leaseAnswerSchema>>;
  returnLeases(station: string): Promise<void>;
  directives(station: string): Promise<Directive[]>;
  presence(presence: Presence): Promise<void>;
  /** Another person of the team, by their own password; nobody is signed in by it. */
  secondPerson(request: SecondPersonRequest): Promise<SecondPerson>;
  /** Takes an exception off the board of the lead's team. */
  settle(settlement: Settlement): Promise<void>;
  head(journal: string, signer: Signer): Promise<{ seq: number; hash: string }>;
  /** A server that is busy is an answer (`tryLater`), not a Problem. */
  batch(batch: Batch, signer: Signer): Promise<BatchAnswer>;
  board(): Promise<Board>;
  /** Boards as they change, until `signal` aborts (resolves) or the stream ends or falls silent for 30 s (rejects with a Problem). */
  boardStream(onBoard: (board: Board) => void, signal: AbortSignal): Promise<void>;
  health(): Promise<z.infer<typeof healthSchema>>;
};

export type BankClientParts = Omit<RequestParts, 'clock'> & { clock: Clock; vault: TokenVault };

const batchTimeoutMs = 30_000;
const probeTimeoutMs = 5_000;
/** What a busy server that names no time is given. */
const usualPauseSeconds = 10;

const api = '/api/v1';
/** This board knows every type of exception there is. */
const knows = `knows=${knowsFollowUps}`;

export function createBankClient(parts: BankClientParts): BankClient {
  const ask = createAsk(parts);
  const session = createBankSession(ask, parts.vault, parts.clock);
  const timeout = parts.timeout ?? AbortSignal.timeout;
  const post = { method: 'POST' } as const;
  const get = { method: 'GET' } as const;

  const health = () => ask.value({ ...get, path: '/health', answer: healthSchema, timeoutMs: probeTimeoutMs });

  return {
    session,
    enrol: (request) =>
      ask.value({ ...post, path: `${api}/stations`, text: JSON.stringify(request), answer: enrolmentSchema }),
    async unwrap(station, wrapped) {
      const path = `${api}/stations/${station}/data-key`;
      const text = JSON.stringify({ wrapped });
      return (await session.authorised({ ...post, path, text, answer: unwrappedSchema })).dataKey;
    },
    profile: (station) =>
      session.authorised({ ...get, path: `${api}/stations/${station}/profile`, answer: stationProfileSchema }),
    leases: (station, most) =>
      session.authorised({
        ...post,
        path: `${api}/leases`,
        text: JSON.stringify({ station, most, knows: caseAdditions }),
        answer: leaseAnswerSchema,
      }),
    returnLeases: (station) =>
      session.authorised({
        ...post,
        path: `${api}/leases/return`,
        text: JSON.stringify({ station }),
        answer: null,
      }),
    async directives(station) {
      const path = `${api}/directives?station=${encodeURIComponent(station)}`;
      return (await session.authorised({ ...get, path, answer: directivesSchema })).directives;
    },
    presence: (presence) =>
      session.authorised({ ...post, path: `${api}/presence`, text: JSON.stringify(presence), answer: null }),
    secondPerson: (request) =>
      session.authorised({
        ...post,
        path: `${api}/second-person`,
        text: JSON.stringify(request),
        answer: secondPersonSchema,
      }),
    settle: (settlement) =>
      session.authorised({ ...post, path: `${api}/board/settled`, text: JSON.stringify(settlement), answer: null }),
    async head(journal, { station, sign }) {
      const path = `${api}/journals/${journal}/head`;
      // The signature carries the time; the server refuses one that is minutes off its own.
      if (parts.clock.offset().ms === null) await health();
      const time = new Date(parts.clock.now()).toISOString();
      const headers = {
        'x-station': station,
        'x-station-time': time,
        'x-station-signature': await sign(`GET ${path}\n${time}`),
      };
      const { seq, hash } = await ask.value({ ...get, path, headers, answer: headAnswerSchema });
      return { seq, hash };
    },
    async batch(batch, { station, sign }) {
      // Made once: what is signed is what is sent, byte for byte.
      const text = JSON.stringify(batch);
      const path = `${api}/journals/${batch.journal}/batches`;
      const headers = { 'x-station': station, 'x-station-signature': await sign(text) };
      const reply = await ask.reply({
        ...post,
        path,
        text,
        headers,
        answer: batchAnswerSchema,
        timeoutMs: batchTimeoutMs,
      });
      if (reply.ok) return reply.value;
      const { code, afterSeconds } = reply.failure;
      if (code === 'TRY_LATER' || code === 'TOO_MANY_TRIES' || afterSeconds !== undefined)
        return { type: 'tryLater', afterSeconds: afterSeconds ?? usualPauseSeconds };
      throw refusedByBank(reply.failure);
    },
    board: () => session.authorised({ ...get, path: `${api}/board?${knows}`, answer: boardSchema }),
    boardStream: (onBoard, signal) =>
      readBoards({
        open: async (opened) => {
          const headers = { authorization: await session.bearer(), accept: 'application/x-ndjson' };
          return ask.raw({ ...get, path: `${api}/board/stream?${knows}`, headers }, opened);
        },
        onBoard,
        signal,
        timeout,
      }),
    health,
  };
}
