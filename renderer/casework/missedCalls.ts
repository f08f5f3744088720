/**
 * Missed calls that nobody has answered for yet (来电未接,10 分钟内回拨; domain.md 0.12). The journal decides, and nothing is stored twice:
 * the same entries give the same tasks after a restart.
 *
 *   followUp.requested CALL_BACK_MISSED ──► open ──┬─ an attempt out that counts, to this case or number ──► closed
 *                                            ▲     ├─ they rang again and were answered ──► closed
 *                                            │     └─ followUp.closed, with the agent's reason ──► closed
 *                                            └── that result was taken back
 *
 * Assumptions
 *  - who rings twice is one task, with the earlier deadline: the promise was made at the first call;
 *  - a call back that never left (no line, no microphone) closes nothing;
 *  - a withheld number can be closed by the agent only.
 */
import { callResultFacts } from '#shared/call/callResult.ts';
import { sameNumber } from '#shared/case/number.ts';
import { correctedAt, type EntryKind } from '#shared/journal/entry.ts';
import type { Entry } from '../journal/reading.ts';

/** Times in epoch milliseconds of the corrected clock. */
export type MissedCall = {
  /** The attempts behind it, the first one first; that one names the task. */
  attempts: readonly [string, ...string[]];
  caseId: string | null;
  contact: string | null;
  /** As the caller showed it; '' when withheld. Unmasked. */
  number: string;
  at: number;
  due: number;
};

/** The kinds of entries that say what was missed and what became of it. */
export const missedKinds: ReadonlySet<EntryKind> = new Set([
  'attempt.started',
  'disposition.recorded',
  'followUp.requested',
  'followUp.closed',
  'amended',
]);

/** A missed call older than this (ms) is the server's to remember, not this screen's. */
export const missedForMs = 24 * 60 * 60_000;

type Begun = Pick<MissedCall, 'caseId' | 'contact' | 'number' | 'at'> & { direction: 'out' | 'in' };

const aboutTheSame = (task: MissedCall, begun: Pick<MissedCall, 'caseId' | 'number'>): boolean =>
  (task.caseId !== null && task.caseId === begun.caseId) ||
  (task.number !== '' && sameNumber(task.number, begun.number));

export type MissedCalls = {
  /** Further entries, in order. True when the open ones are others now. */
  take(entries: readonly Pick<Entry, 'header' | 'fact'>[]): boolean;
  /** The most urgent first; the same array as long as nothing changed. */
  open(): readonly MissedCall[];
};

export function createMissedCalls(): MissedCalls {
  const attempts = new Map<string, Begun>();
  /** By the hash of the entry that closed them: it may be taken back. */
  const closedBy = new Map<string, readonly MissedCall[]>();
  let open: readonly MissedCall[] = [];

  const put = (tasks: readonly MissedCall[]) => {
    open = [...tasks].sort((a, b) => a.due - b.due || a.at - b.at);
  };

  const missed = (attempt: string, due: string | undefined, contact: string | undefined) => {
    const begun = attempts.get(attempt);
    if (!begun || open.some((task) => task.attempts.includes(attempt))) return;
    const known = open.find((task) => aboutTheSame(task, begun));
    if (known) {
      put(open.map((task) => (task === known ? { ...known, attempts: [...known.attempts, attempt] } : task)));
      return;
    }
    const { caseId, number, at } = begun;
    const task: MissedCall = {
      attempts: [attempt],
      caseId,
      contact: contact ?? begun.contact,
      number,
      at,
      due: due === undefined ? at : Date.parse(due),
    };
    put([...open, task]);
  };

  const close = (hash: string, isClosed: (task: MissedCall) => boolean) => {
    const closed = open.filter(isClosed);
    if (closed.length === 0) return;
    closedBy.set(hash, closed);
    put(open.filter((task) => !closed.includes(task)));
  };

  const take = ({ header, fact }: Pick<Entry, 'header' | 'fact'>) => {
    switch (fact.kind) {
      case 'attempt.started': {
        const { attempt, direction, contact = null, number } = fact.body;
        attempts.set(attempt, { direction, contact, number, caseId: fact.caseId ?? null, at: correctedAt(header) });
        return;
      }
      case 'followUp.requested':
        if (fact.body.followUp.kind === 'CALL_BACK_MISSED')
          missed(fact.body.attempt, fact.body.followUp.due, fact.body.followUp.contact);
        return;
      case 'followUp.closed':
        if (fact.body.kind === 'CALL_BACK_MISSED')
          close(header.hash, (task) => task.attempts.includes(fact.body.attempt));
        return;
      case 'disposition.recorded': {
        const begun = attempts.get(fact.body.attempt);
        const { confirmed } = fact.body.callResult;
        const reached =
          begun?.direction === 'out' ? callResultFacts[confirmed].counts : confirmed !== 'MISSED_INCOMING';
        if (begun && reached) close(header.hash, (task) => aboutTheSame(task, begun));
        return;
      }
      case 'amended':
        if (fact.body.what === 'TAKEN_BACK') {
          put([...open, ...(closedBy.get(fact.body.hash) ?? [])]);
          closedBy.delete(fact.body.hash);
        }
        return;
      default:
        return;
    }
  };

  return {
    take(entries) {
      const before = open;
      for (const entry of entries) take(entry);
      return before !== open;
    },
    open: () => open,
  };
}
