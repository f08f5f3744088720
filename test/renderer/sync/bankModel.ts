/**
 * The bank server as its protocol describes it, in memory, behind a `fetch` whose faults a test chooses. Only the wire is played:
 * client, session, uploader and journal are the real ones.
 */
import { createPublicKey, verify } from 'node:crypto';
import { bodyHashOf, firstPrev, hashOf } from '#shared/journal/chain.ts';
import type { WireEntry } from '#shared/journal/entry.ts';
import { type Batch, type BatchAnswer, batchSchema, type Receipt } from '#shared/journal/upload.ts';
import type { StationKey } from '../../../renderer/journal/stationKey.ts';
import type { Wait } from '../../../renderer/sync/timing.ts';
import type { handClock } from '../journal/support.ts';

export const faults = [
  'unreachable', // never arrives
  'lostAnswer', // arrives, the answer does not
  'twice', // arrives twice
  'http500',
  'html',
  'garbage',
  'halfReceipts',
  'tryLater',
  'busy', // 503 with Retry-After
  'cutAnswer',
] as const;
export type Fault = (typeof faults)[number];

export type BankModel = {
  fetch: typeof globalThis.fetch;
  /** Entries by hash with how often they had an effect. */
  effects: Map<string, number>;
  /** Sequence numbers in the order in which they first had an effect. */
  order: number[];
  batches: Batch[];
  /** Decides the fault of the next request. */
  fault: (path: string) => Fault | undefined;
  /** Forgets everything after `seq`, as a server restored from a backup. */
  restore(journal: string, seq: number): void;
  /** Takes an entry of a journal as if this disk had another twin. */
  take(entry: WireEntry): void;
};

const json = (value: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json', ...headers } });

export function createBankModel(key: StationKey, clock: ReturnType<typeof handClock>): BankModel {
  const journals = new Map<string, Map<number, WireEntry[]>>();
  const effects = new Map<string, number>();
  const order: number[] = [];
  const batches: Batch[] = [];
  const publicKey = createPublicKey({ key: { ...key.publicKey }, format: 'jwk' });
  const entriesOf = (journal: string) => {
    const known = journals.get(journal) ?? new Map<number, WireEntry[]>();
    journals.set(journal, known);
    return known;
  };
  const headOf = (journal: string) => {
    const entries = entriesOf(journal);
    let seq = 0;
    while (entries.has(seq + 1)) seq += 1;
    return { seq, hash: entries.get(seq)?.[0]?.header.hash ?? firstPrev };
  };
  const take = (entry: WireEntry): Receipt => {
    const { header } = entry;
    const known = entriesOf(header.journal);
    const same = known.get(header.seq) ?? [];
    if (same.some((other) => other.header.hash === header.hash))
      return { seq: header.seq, hash: header.hash, state: 'duplicate' };
    known.set(header.seq, [...same, entry]);
    effects.set(header.hash, (effects.get(header.hash) ?? 0) + 1);
    order.push(header.seq);
    return same.length === 0
      ? { seq: header.seq, hash: header.hash, state: 'stored' }
      : { seq: header.seq, hash: header.hash, state: 'disputed', reason: 'FORK' };
  };
  const signed = (text: string, headers: Headers) =>
    headers.get('x-station') === key.station &&
    verify(
      'sha256',
      Buffer.from(text),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(headers.get('x-station-signature') ?? '', 'base64'),
    );
  const serverTime = () => new Date(clock.wallNow() + 60_000).toISOString();

  const intake = (text: string): BatchAnswer => {
    const batch = batchSchema.parse(JSON.parse(text));
    batches.push(batch);
    for (const { header, salt, body } of batch.entries)
      if (bodyHashOf(salt, body) !== header.bodyHash || hashOf(header) !== header.hash) throw new Error('not verified');
    const expectedSeq = headOf(batch.journal).seq + 1;
    if (batch.entries[0]!.header.seq > expectedSeq) return { type: 'gap', expectedSeq };
    const receipts = batch.entries.map(take);
    return { type: 'receipts', receipts, head: headOf(batch.journal), serverTime: serverTime() };
  };

  const answer = (path: string, text: string, headers: Headers): Response => {
    const journal = path.split('/')[4] ?? '';
    if (path.endsWith('/head')) {
      const said = `GET ${path}\n${headers.get('x-station-time')}`;
      if (!signed(said, headers))
        return json({ code: 'BAD_SIGNATURE', sentence: { zh: '签名不对', en: 'wrong signature' } }, 401);
      return json({ ...headOf(journal), serverTime: serverTime() });
    }
    if (!path.endsWith('/batches')) return json({ status: 'ok', database: 'pglite', demo: true, version: '0' });
    if (!signed(text, headers))
      return json({ code: 'BAD_SIGNATURE', sentence: { zh: '签名不对', en: 'wrong signature' } }, 401);
    return json(intake(text));
  };

  const model: BankModel = {
    effects,
    order,
    batches,
    fault: () => undefined,
    take,
    restore(journal, seq) {
      const entries = entriesOf(journal);
      for (const known of [...entries.keys()]) if (known > seq) entries.delete(known);
      effects.clear();
      order.length = 0;
    },
    fetch: async (input, init) => {
      const path = new URL(String(input)).pathname;
      const text = typeof init?.body === 'string' ? init.body : '';
      const headers = new Headers(init?.headers);
      const fault = model.fault(path);
      switch (fault) {
        case 'unreachable':
          throw new TypeError('fetch failed');
        case 'http500':
          return json({ code: 'INTERNAL', sentence: { zh: '内部错误', en: 'internal error' } }, 500);
        case 'html':
          return new Response('<html>502 Bad Gateway</html>', { status: 502 });
        case 'garbage':
          return new Response('{"type":"receipts","receipts":[{"seq":"one"}]}', { status: 200 });
        case 'tryLater':
          return path.endsWith('/batches')
            ? json({ type: 'tryLater', afterSeconds: 7 })
            : json({ code: 'TRY_LATER', sentence: { zh: '稍后再试', en: 'try later' }, afterSeconds: 7 }, 503);
        case 'busy':
          return json({ code: 'TRY_LATER', sentence: { zh: '稍后再试', en: 'try later' } }, 503, {
            'retry-after': '9',
          });
        default:
      }
      const response = answer(path, text, headers);
      if (fault === 'lostAnswer') throw new TypeError('terminated');
      if (fault === 'cutAnswer') return new Response((await response.text()).slice(0, 40), { status: 200 });
      if (fault === 'twice') return answer(path, text, headers);
      if (fault === 'halfReceipts') {
        const whole = (await response.json()) as { receipts?: unknown[] }; // as this model built it
        const half = whole.receipts?.slice(0, Math.ceil(whole.receipts.length / 2));
        return json(half === undefined ? whole : { ...whole, receipts: half });
      }
      return response;
    },
  };
  return model;
}

/** Time that passes at once, written down; an endless wait ends with its signal only. */
export function handWait(clock: ReturnType<typeof handClock>): Wait & { waited: number[] } {
  const waited: number[] = [];
  const wait: Wait = (ms, signal) =>
    new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve());
      if (!Number.isFinite(ms)) return;
      waited.push(ms);
      clock.advance(ms);
      setImmediate(resolve);
    });
  return Object.assign(wait, { waited });
}

/** Web Locks for one name: one holder at a time, in order. */
export function createLocks(): Pick<LockManager, 'request'> {
  let last: Promise<unknown> = Promise.resolve();
  const request = async (
    _name: string,
    options: LockOptions,
    work: (lock: Lock | null) => unknown,
  ): Promise<unknown> => {
    const before = last;
    let free = () => {};
    last = new Promise<void>((resolve) => {
      free = resolve;
    });
    try {
      await before;
      if (options.signal?.aborted) throw new DOMException('aborted', 'AbortError');
      return await work(null);
    } finally {
      free();
    }
  };
  return { request: request as LockManager['request'] }; // the one overload that is used
}
