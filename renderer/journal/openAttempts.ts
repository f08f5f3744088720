/**
 * Which attempts are open: started, and without an end or without a result that stands. Pure; kept in the head row by every append,
 * so that after a crash the question costs one read however long the journal is.
 *
 *    attempt.started ──► attempt.ended ──► disposition.recorded ──► closed
 *                                               ▲      │ amended TAKEN_BACK (within its 5 seconds)
 *                                               └──────┘ open again
 */
import type { EntryRow, OpenAttempt } from './database.ts';

export type AttemptRow = Pick<EntryRow, 'journal' | 'seq' | 'kind' | 'attempt' | 'amends' | 'header'>;

/** The open attempt that the rows of one attempt describe; undefined when it is closed or was never started. */
export function openAttemptOf(rows: readonly AttemptRow[]): OpenAttempt | undefined {
  const started = rows.find((row) => row.kind === 'attempt.started');
  if (started?.attempt === undefined) return undefined;
  const ended = rows.some((row) => row.kind === 'attempt.ended');
  const isTakenBack = (disposition: AttemptRow) =>
    rows.some(
      ({ amends, journal }) => amends?.takenBack && journal === disposition.journal && amends.seq === disposition.seq,
    );
  const settled = rows.some((row) => row.kind === 'disposition.recorded' && !isTakenBack(row));
  if (ended && settled) return undefined;
  const { header } = started;
  return { attempt: started.attempt, caseId: header.caseId, agent: header.agent, startedAt: header.at, ended };
}

/** Kinds after which an attempt may be open or closed. */
export const attemptKinds: ReadonlySet<EntryRow['kind']> = new Set([
  'attempt.started',
  'attempt.ended',
  'disposition.recorded',
  'amended',
]);
