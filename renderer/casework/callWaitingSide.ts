/**
 * The third side of `working`: somebody calls while the last call is wrapped up (来电等待, shared/policy/incoming.ts).
 *
 *   free ──incoming.arrived, the profile lets it ring──► ringing ──answer.asked──► casework.starting (the wrap-up waits in `restored`)
 *     ▲                                                    │  │
 *     └──────── over without an answer: a missed call ─────┘  └─ the wrap-up is confirmed meanwhile: casework.choosing ─► arriving
 *
 * A wrap-up that waits loses nothing: it lies where attempts of a crash lie, and is opened again before the next case.
 */
import { and, assign, not, stateIn } from 'xstate';
import { parked } from './attempt.ts';
import { answerableAfterMs, caseworkSetup } from './caseworkSetup.ts';

export const callWaitingSide = caseworkSetup.createStateConfig({
  id: 'callWaiting',
  initial: 'free',
  states: {
    free: {
      description: 'Nobody else calls.',
      on: {
        'incoming.arrived': [
          {
            guard: 'mayWait',
            target: 'ringing',
            actions: assign(({ context, event }) => ({ waiting: { call: event.call, since: context.now() } })),
          },
          { actions: 'decline' },
        ],
      },
    },
    ringing: {
      description: 'Somebody calls while a result is being written: it is taken, or becomes a task.',
      invoke: {
        src: 'listenWaiting',
        input: ({ context }) => {
          if (!context.waiting) throw new Error('no call is waiting');
          return { call: context.waiting.call };
        },
      },
      on: {
        'incoming.arrived': { actions: 'decline' },
        'candidate.chosen': { actions: assign(({ event }) => ({ candidate: event.caseId })) },
        'hangUp.asked': { actions: ({ context }) => context.waiting?.call.hangUp() },
        'answer.asked': {
          guard: and([
            ({ context }) => context.now() - (context.waiting?.since ?? 0) >= answerableAfterMs,
            'endIsRecorded',
            not(stateIn({ working: { paper: 'confirming' } })),
            not(stateIn({ working: { paper: 'saving' } })),
          ]),
          target: '#casework.starting',
          actions: [
            assign(({ context }) => ({
              restored: context.work ? [parked(context.work, context.now()), ...context.restored] : context.restored,
              call: context.waiting?.call ?? null,
              incomingSince: context.waiting?.since ?? null,
              waiting: null,
              takeBack: null,
            })),
            'beginIncoming',
          ],
        },
        'waiting.heard': {
          guard: ({ event }) => event.event.type === 'call.ended',
          target: 'free',
          actions: 'missedWaiting',
        },
      },
    },
  },
});
