/**
 * The uploader: takes what waits in the journal to the bank server. The protocol is shared/journal/upload.ts.
 *
 *    stopped ──start──► otherWindow ──lock──► checking ──head is mine──► idle ◄──────────┐
 *                       (waits its turn)        │ ▲                       │ something    │ nothing left
 *                                head not mine: │ │                       ▼ waits        │
 *                                begin a new    │ └── after each ──────  sending ────────┤
 *                                journal ───────┘     failure             │ │ receipts   │
 *                                                      ▲                  │ └────────────┘
 *                                                      └──── paused ◄─────┘ tryLater, failure, no progress
 *
 * Assumptions
 *  - an answer may be lost: the same entries go again, the server counts them once;
 *  - receipts may cover half of a batch: what has none goes again;
 *  - there is no last attempt: a failure only makes the pause longer, up to a minute; a person or a network change can end a pause,
 *    but not one the server asked for;
 *  - one uploader at a time for a database, over all windows (Web Locks); without locks the server's own counting-once is what holds;
 *  - a `gap` sends the uploader back to the entry the server expects, receipts or not (a server restored from a backup);
 *  - a server head that this journal does not contain means that this disk was restored or cloned: a new journal is begun that names
 *    the old head, and what waits in the old one still goes (the server keeps both and tells a lead).
 */
import type { Clock } from '#shared/clock.ts';
import type { ChainPoint } from '#shared/journal/chain.ts';
import type { WireEntry } from '#shared/journal/entry.ts';
import { type BatchAnswer, batchLimit, protocolVersion, type ReceiptState } from '#shared/journal/upload.ts';
import { assertNever, Problem } from '#shared/problem.ts';
import type { Journal } from '../journal/journal.ts';
import type { UploadPart } from '../journal/reading.ts';
import type { BankClient, Signer } from './bankClient.ts';
import { bankProblems } from './bankProblem.ts';
import { backOffMs, createSleeper, type Fraction, type Wait } from './timing.ts';

export type UploaderState =
  | { type: 'stopped' }
  | { type: 'otherWindow' }
  | { type: 'checking' }
  | { type: 'idle' }
  | { type: 'sending'; entries: number }
  /** `until`: wall clock, milliseconds. `problem`: null when the server asked for the pause. */
  | { type: 'paused'; until: number; problem: Problem | null; tries: number };

export type Uploader = {
  state(): UploaderState;
  /** Called after each change; returns the way to stop. */
  onChange(listener: (state: UploaderState) => void): () => void;
  /** Runs until the returned function is called; that resolves when the batch under way is done. */
  start(): () => Promise<void>;
  /** Online again, woken up, or a person: try now. */
  wake(): void;
};

export type UploaderParts = {
  journal: Pick<
    Journal,
    'waitingBatch' | 'batchFrom' | 'contains' | 'head' | 'keepReceipts' | 'startNewJournal' | 'onChange'
  >;
  client: Pick<BankClient, 'batch' | 'head'>;
  signer: Signer;
  /** navigator.locks; undefined where there are none. */
  locks: Pick<LockManager, 'request'> | undefined;
  lockName: string;
  wait: Wait;
  fraction: Fraction;
  clock: Pick<Clock, 'wallNow'>;
};

/** Each state means that the server has the entry, durably; a new state has to be judged here. */
const serverHas: Readonly<Record<ReceiptState, boolean>> = {
  stored: true,
  duplicate: true,
  disputed: true,
  unreadable: true,
};

type Step = { type: 'next' } | { type: 'nothingLeft' } | { type: 'pause'; seconds: number };
const next: Step = { type: 'next' };

export function createUploader(parts: UploaderParts): Uploader {
  const { journal, client, signer, locks, lockName, wait, fraction, clock } = parts;
  const listeners = new Set<(state: UploaderState) => void>();
  const sleeper = createSleeper(wait);
  let state: UploaderState = { type: 'stopped' };
  let limit: number = batchLimit.entries;
  let resend: { journal: string; seq: number } | undefined;
  let checked = false;
  /** Something was added since the journal was read last: it must not wait for the next one. */
  let added = false;

  const become = (changed: UploaderState) => {
    state = changed;
    for (const listener of listeners) listener(changed);
  };

  /** Begins a new journal when the server's head is not in this one. */
  const compareHead = async (id: string, head: ChainPoint): Promise<void> => {
    if (!(await journal.contains(id, head))) await journal.startNewJournal({ journal: id, ...head });
  };
  const checkHead = async (): Promise<void> => {
    become({ type: 'checking' });
    const { journal: id } = await journal.head();
    try {
      await compareHead(id, await client.head(id, signer));
    } catch (error) {
      // Refused (a wrong station clock spoils the signature's time, say): batches carry no time and their answers name the head too.
      if (!(error instanceof Problem) || error.category !== 'access') throw error;
    }
    checked = true;
  };

  const nextPart = async (): Promise<UploadPart | null> => {
    if (resend !== undefined) {
      const part = await journal.batchFrom(resend.journal, resend.seq, limit);
      if (part !== null) return part;
      resend = undefined;
    }
    return journal.waitingBatch(limit);
  };

  const takeReceipts = async (part: UploadPart, answer: Extract<BatchAnswer, { type: 'receipts' }>): Promise<void> => {
    const receipts = answer.receipts.filter((receipt) => serverHas[receipt.state]);
    const held = new Map(receipts.map(({ seq, hash }) => [seq, hash]));
    await journal.keepReceipts(part.journal, receipts);
    const isHeld = ({ header }: WireEntry) => held.get(header.seq) === header.hash;
    const missing = part.entries.find((entry) => !isHeld(entry));
    // What waits and was received does not come again; what is sent a second time has to be held from its first entry on.
    const [first] = part.entries;
    const progressed = resend === undefined ? part.entries.some(isHeld) : missing !== first;
    if (!progressed) throw bankProblems.noProgress();
    if (resend !== undefined) {
      const last = part.entries.at(-1)?.header.seq ?? resend.seq;
      resend = { journal: part.journal, seq: missing?.header.seq ?? last + 1 };
    }
    await compareHead(part.journal, answer.head);
  };

  const goBack = (part: UploadPart, expectedSeq: number): void => {
    const first = part.entries[0]?.header.seq ?? 0;
    // Either it expects what it was given, or what this journal has not: nothing changes by going there.
    const unchanged = expectedSeq === first;
    resend = { journal: part.journal, seq: expectedSeq };
    if (unchanged || expectedSeq > first) {
      resend = undefined;
      checked = false;
      throw bankProblems.noProgress();
    }
  };

  const sendOne = async (): Promise<Step> => {
    if (!checked) await checkHead();
    const part = await nextPart();
    if (part === null) return { type: 'nothingLeft' };
    become({ type: 'sending', entries: part.entries.length });
    const answer = await client
      .batch({ protocol: protocolVersion, station: signer.station, ...part }, signer)
      .catch((error: unknown) => {
        if (error instanceof Problem && error.code === 'TOO_LARGE') limit = Math.max(1, Math.floor(limit / 2));
        throw error;
      });
    switch (answer.type) {
      case 'receipts':
        await takeReceipts(part, answer);
        return next;
      case 'tryLater':
        return { type: 'pause', seconds: answer.afterSeconds };
      case 'gap':
        goBack(part, answer.expectedSeq);
        return next;
      default:
        return assertNever(answer);
    }
  };

  const drain = async (signal: AbortSignal): Promise<void> => {
    let tries = 0;
    while (!signal.aborted) {
      try {
        sleeper.forget();
        added = false;
        const step = await sendOne();
        tries = 0;
        if (step.type === 'nothingLeft') {
          if (added) continue;
          become({ type: 'idle' });
          await sleeper.sleep(Number.POSITIVE_INFINITY, signal);
        } else if (step.type === 'pause') {
          // Jitter only upwards: never earlier than asked for.
          const ms = Math.round(step.seconds * 1_000 * (1 + fraction() / 5));
          become({ type: 'paused', until: clock.wallNow() + ms, problem: null, tries: 0 });
          await wait(ms, signal);
        }
      } catch (error) {
        // Whatever it was, there is no last attempt; what is not a Problem is a bug, told like an unreadable answer.
        tries += 1;
        checked = false;
        const problem = error instanceof Problem ? error : bankProblems.unreadable(error);
        const ms = backOffMs(tries, fraction);
        become({ type: 'paused', until: clock.wallNow() + ms, problem, tries });
        await sleeper.sleep(ms, signal);
      }
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    const stopListening = journal.onChange(({ unsent }) => {
      if (unsent === 0) return;
      added = true;
      if (state.type === 'idle') sleeper.wake();
    });
    try {
      if (locks === undefined) await drain(signal);
      else {
        become({ type: 'otherWindow' });
        await locks.request(lockName, { signal }, () => drain(signal));
      }
    } catch (error) {
      // Stopped while another window held the lock.
      if (!signal.aborted) throw error;
    } finally {
      stopListening();
      become({ type: 'stopped' });
    }
  };

  return {
    state: () => state,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      const controller = new AbortController();
      const done = run(controller.signal);
      return () => {
        controller.abort();
        return done;
      };
    },
    wake: () => sleeper.wake(),
  };
}
