/**
 * Facts beside the attempt, which nobody waits for (a break, a block, a missed call, a case skipped), and a number shown in full.
 *
 *   facts.given ──► queue ──► record ──durable──► the next ones
 *                               └─failed─► kept, first in the queue; `again` (after some seconds, or when the person has seen it)
 *
 * Assumptions
 *  - order: what came later is never recorded before what failed;
 *  - a fact that could not be recorded is kept as long as the shift lives, and the person is told;
 *  - a number is shown only after it is durable who looked at it: what failed is not tried again by itself, the person asks again.
 */
import { fromCallback } from 'xstate';
import type { Fact } from '#shared/journal/entry.ts';
import { Problem } from '#shared/problem.ts';
import type { CaseworkInput } from './context.ts';

type Recording = Pick<CaseworkInput, 'record'>;

export const problemOf = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(
        'NOT_RECORDED',
        'storage',
        {
          zh: '没有存上，请再试一次；屏幕上的内容都还在。',
          en: 'It was not saved; try again. Nothing on the screen is lost.',
        },
        error,
      );

/** The phone refused before there was a call. */
export const notDialled = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(
        'NOT_DIALLED',
        'phone',
        {
          zh: '话机没有拨出这次通话。请确认结果后重拨；若再次发生，请退出并重新登录。',
          en: 'The phone did not place this call. Confirm the result and dial again; sign out and in if it happens again.',
        },
        error,
      );

const keptFor = (error: unknown): Problem =>
  error instanceof Problem
    ? error
    : new Problem(
        'NOT_RECORDED',
        'storage',
        {
          zh: '有一条记录还没有存上，已保留，会自动再试；请勿退出。',
          en: 'A record is not saved yet. It is kept and tried again by itself; do not sign out.',
        },
        error,
      );

/** Records what it is given, in order; `again` tries what failed. Tells `record.failed` each time, and `record.caughtUp` once all is durable. */
export const recorder = fromCallback<{ type: 'facts.given'; facts: readonly Fact[] } | { type: 'again' }, Recording>(
  ({ input, receive, sendBack }) => {
    const queue: (readonly Fact[])[] = [];
    let busy = false;
    let told: Problem | null = null;
    const work = async () => {
      if (busy) return;
      busy = true;
      try {
        for (let facts = queue[0]; facts !== undefined; facts = queue[0]) {
          await input.record(facts);
          queue.shift();
        }
        if (told) sendBack({ type: 'record.caughtUp', problem: told });
        told = null;
      } catch (error) {
        told = keptFor(error);
        sendBack({ type: 'record.failed', problem: told });
      } finally {
        busy = false;
      }
    };
    receive((event) => {
      if (event.type === 'facts.given') {
        if (event.facts.length === 0) return;
        queue.push(event.facts);
        // Behind something that failed: it waits for its turn.
        if (told) return;
      }
      void work();
    });
  },
);

/** Makes durable that a number is looked at, and only then says that it may be shown. A second press while it is on its way is the same. */
export const unmasker = fromCallback<{ type: 'unmasking.asked'; caseId: string; contact: string }, Recording>(
  ({ input, receive, sendBack }) => {
    const underWay = new Set<string>();
    receive(({ caseId, contact }) => {
      const key = `${caseId} ${contact}`;
      if (underWay.has(key)) return;
      underWay.add(key);
      input
        .record([{ kind: 'value.unmasked', caseId, body: { what: 'NUMBER', contact } }])
        .then(
          () => sendBack({ type: 'unmasking.recorded', caseId, contact }),
          (error: unknown) => sendBack({ type: 'unmasking.failed', problem: problemOf(error) }),
        )
        .finally(() => underWay.delete(key));
    });
  },
);
