/**
 * Casework: one person at a time, from the choice of a case to its confirmed result.
 *
 *   choosing ──case.chosen──► preview ──dial.asked, permitted──► starting ──attempt.started is durable──► working
 *      ▲                        │  ▲                                ▲                                       │
 *      │        incoming.arrived▼  │over without answer             │answer.asked                           │
 *      │                      arriving ─────────────────────────────┘                                       │
 *      └───────────────────────── result durable and call over ◄────────────────────────────────────────────┘
 *
 *   working has a third side for who calls meanwhile (callWaitingSide.ts), and two sides, because a customer may hang up while the agent still types, and an agent may choose the result while
 *   the customer is still there:
 *      conversation: live ──► closing (attempt.ended is made durable) ──► over; live goes on where the desk of an employer is asked about one more
 *      paper:        waiting ──answered──► script ⇄ saving ──outcome──► wrapUp ──confirmed──► confirming ──► done
 *                                            ▲                            │employee chosen, the call is up
 *                                            └───────both durable──── goingOn
 *
 * Assumptions
 *  - nothing is shown as saved and nothing is dialled before its entry is durable: facts go through `record` or `begin`;
 *  - failed calls go through wrap-up too; an attempt ends with exactly one standing disposition;
 *  - a record that fails (disk full) loses nothing: the state stays, says why, and the same key tries again;
 *  - a live call is never restored; script and wrap-up are, from entries (`attempt.restored`).
 */
import { type ActorRefFrom, assign, raise, type SnapshotFrom, sendTo } from 'xstate';
import {
  checkOf,
  guard,
  lookAtPreNotice,
  reselect,
  select,
  selectedCase,
  selectedContact,
  selectMissed,
} from './acts.ts';
import { about, interruptedCall, neverBegan, outgoingWork } from './attempt.ts';
import { callWaitingSide } from './callWaitingSide.ts';
import { answerableAfterMs, caseworkSetup, helpIsRead, withWork } from './caseworkSetup.ts';
import { conversationSide } from './conversationSide.ts';
import { paperSide } from './paperSide.ts';
import { notDialled } from './recorder.ts';

export { answerableAfterMs, takeBackMs } from './caseworkSetup.ts';

export const caseworkMachine = caseworkSetup.createMachine({
  id: 'casework',
  description: 'One person at a time, from the choice of a case to its confirmed result.',
  context: ({ input }) => ({
    ...input,
    cases: [],
    handled: new Map(),
    selected: null,
    check: null,
    wrongTries: new Map(),
    unmasked: new Set<string>(),
    work: null,
    givenUp: false,
    call: null,
    incomingSince: null,
    waiting: null,
    missed: [],
    saving: null,
    takeBack: null,
    goingOn: null,
    notes: [],
    idleSince: input.now(),
    onBreak: null,
    candidate: null,
    problem: null,
    restored: [],
  }),
  invoke: [
    { src: 'recorder', id: 'recorder', input: ({ context }) => ({ record: context.record }) },
    { src: 'unmasker', id: 'unmasker', input: ({ context }) => ({ record: context.record }) },
  ],
  initial: 'choosing',
  on: {
    'cases.changed': {
      actions: assign(({ context, event }) =>
        reselect({ ...context, cases: event.cases, handled: event.handled ?? context.handled }),
      ),
    },
    'missed.changed': { actions: assign(({ event }) => ({ missed: event.missed })) },
    'missed.closed': { actions: 'closeMissed' },
    'policy.changed': { actions: assign(({ event }) => ({ policy: event.policy })) },
    'record.failed': {
      actions: [
        assign(({ event }) => ({ problem: event.problem })),
        raise({ type: 'record.due' }, { id: 'record.due', delay: 'recordAgain' }),
      ],
    },
    'record.due': { actions: sendTo('recorder', { type: 'again' }) },
    'record.caughtUp': {
      actions: assign(({ context, event }) => (context.problem === event.problem ? { problem: null } : {})),
    },
    'problem.seen': { actions: [assign({ problem: null }), sendTo('recorder', { type: 'again' })] },
    'help.read': { actions: assign(({ context }) => withWork(context, helpIsRead(context))) },
    'attempt.restored': { actions: assign(({ context, event }) => ({ restored: [...context.restored, event.work] })) },
    'incoming.arrived': { actions: 'decline' },
    'number.decided': { actions: 'decide' },
    'number.unmasked': { actions: 'unmask' },
    'unmasking.recorded': {
      actions: assign(({ context, event }) => {
        const shown = context.work?.case?.id ?? context.selected;
        // Recorded for a case that was left meanwhile: the same contact of another case stays masked.
        return shown === event.caseId ? { unmasked: new Set([...context.unmasked, event.contact]) } : {};
      }),
    },
    'unmasking.failed': { actions: assign(({ event }) => ({ problem: event.problem })) },
  },
  states: {
    choosing: {
      description: 'Nothing is open: the list has nothing that may be called now, or the agent has to choose.',
      entry: assign(({ context }) => ({
        idleSince: context.now(),
        work: null,
        call: null,
        incomingSince: null,
        candidate: null,
        unmasked: new Set<string>(),
      })),
      always: [
        {
          guard: ({ context }) => context.waiting !== null,
          target: 'arriving',
          actions: assign(({ context }) => ({
            call: context.waiting?.call ?? null,
            incomingSince: context.waiting?.since ?? null,
            waiting: null,
          })),
        },
        {
          guard: 'unfinished',
          target: ['#conversation.closing', '#paper.wrapUp'],
          actions: assign(({ context }) => {
            const [work, ...restored] = context.restored;
            return work ? { restored, work: { ...work, endedCall: work.endedCall ?? interruptedCall } } : {};
          }),
        },
        { guard: 'hasCase', target: 'preview' },
      ],
      on: {
        'case.chosen': { actions: assign(({ context, event }) => select(context, event.caseId)) },
        'missed.chosen': { actions: assign(({ context, event }) => selectMissed(context, event.attempt)) },
        'incoming.arrived': {
          guard: 'atWork',
          target: 'arriving',
          actions: assign(({ context, event }) => ({ call: event.call, incomingSince: context.now() })),
        },
        'takeBack.asked': { guard: 'mayTakeBack', target: 'takingBack' },
        'break.started': { actions: 'startBreak' },
        'break.ended': { actions: 'endBreak' },
      },
    },
    preview: {
      description: '拨前校验: which number, from which sources, why now; the guard decides whether it may be dialled.',
      always: [
        { guard: 'unfinished', target: 'choosing' },
        { guard: 'noCase', target: 'choosing' },
      ],
      on: {
        'case.chosen': { actions: assign(({ context, event }) => select(context, event.caseId)) },
        'missed.chosen': { actions: assign(({ context, event }) => selectMissed(context, event.attempt)) },
        'contact.chosen': {
          actions: assign(({ context, event }) => ({
            check: checkOf(context, event.contact),
            problem: null,
          })),
        },
        'number.typed': {
          actions: assign(({ context, event }) =>
            context.check
              ? { check: { ...context.check, typed: event.text.normalize('NFKC').slice(0, 40) }, problem: null }
              : {},
          ),
        },
        'case.skipped': { actions: 'skip' },
        'preNotice.opened': { actions: assign(({ context }) => lookAtPreNotice(context, true)) },
        'preNotice.closed': { actions: assign(({ context }) => lookAtPreNotice(context, false)) },
        'preNotice.confirmed': { actions: 'askPreNotice' },
        'dial.asked': [
          {
            guard: 'permitted',
            target: 'starting',
            actions: assign(({ context }) => {
              const [case_, contact, answer] = [selectedCase(context), selectedContact(context), guard(context)];
              if (!case_ || !contact || !answer?.allowed) return {};
              return {
                work: outgoingWork(context.newId(), case_, contact, answer.permit, context),
                takeBack: null,
                problem: null,
              };
            }),
          },
          { actions: 'block' },
        ],
        'incoming.arrived': {
          guard: 'ringsInPreview',
          target: 'arriving',
          actions: assign(({ context, event }) => ({ call: event.call, incomingSince: context.now() })),
        },
        'takeBack.asked': { guard: 'mayTakeBack', target: 'takingBack' },
        'break.started': { actions: 'startBreak' },
        'break.ended': { actions: 'endBreak' },
      },
    },
    arriving: {
      description: 'Somebody calls: candidates by number; the agent takes the call or it becomes a task.',
      invoke: {
        src: 'listen',
        input: ({ context }) => {
          if (!context.call) throw new Error('no call is arriving');
          return { call: context.call };
        },
      },
      on: {
        'candidate.chosen': { actions: assign(({ event }) => ({ candidate: event.caseId })) },
        'hangUp.asked': { actions: ({ context }) => context.call?.hangUp() },
        'answer.asked': {
          guard: ({ context }) => context.now() - (context.incomingSince ?? 0) >= answerableAfterMs,
          target: 'starting',
          actions: 'beginIncoming',
        },
        'call.heard': {
          guard: ({ event }) => event.event.type === 'call.ended',
          target: 'choosing',
          actions: 'missed',
        },
      },
    },
    starting: {
      description:
        'attempt.started becomes durable; only then the INVITE leaves, or the incoming call is taken. Given up meanwhile, it is hung up at once.',
      entry: assign({ givenUp: false }),
      on: { 'hangUp.asked': { actions: assign({ givenUp: true }) } },
      invoke: {
        src: 'begin',
        input: ({ context }) => {
          if (!context.work) throw new Error('nothing to start');
          return { context, work: context.work };
        },
        onDone: [
          {
            guard: ({ event }) => event.output.call === null,
            target: ['#conversation.closing', '#paper.wrapUp'],
            actions: [
              assign(({ context }) => ({ ...withWork(context, { endedCall: neverBegan }), call: null, notes: [] })),
              {
                type: 'notSaved',
                params: ({ event }) => ({ error: event.output.call === null ? notDialled(event.output.error) : null }),
              },
            ],
          },
          {
            target: 'working',
            actions: [
              assign(({ event }) => ({ call: event.output.call, notes: [] })),
              ({ context, event }) => context.givenUp && event.output.call?.hangUp(),
            ],
          },
        ],
        onError: [
          {
            guard: ({ context }) => context.call !== null,
            target: 'arriving',
            actions: [assign({ work: null }), { type: 'notSaved', params: ({ event }) => ({ error: event.error }) }],
          },
          { target: 'choosing', actions: { type: 'notSaved', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
    },
    takingBack: {
      description: 'A result confirmed a moment ago is taken back: an amendment, and the wrap-up is open again.',
      invoke: {
        src: 'record',
        input: ({ context }) => ({
          record: context.record,
          facts: context.takeBack
            ? [
                {
                  kind: 'amended',
                  ...about(context.takeBack.work),
                  body: {
                    seq: context.takeBack.header.seq,
                    hash: context.takeBack.header.hash,
                    what: 'TAKEN_BACK',
                    reason: 'within five seconds',
                  },
                },
              ]
            : [],
        }),
        onDone: {
          target: ['#conversation.over', '#paper.wrapUp'],
          actions: assign(({ context }) => {
            if (!context.takeBack) return {};
            const { work, before } = context.takeBack;
            const handled = new Map(context.handled);
            if (work.case && before) handled.set(work.case.id, before);
            else if (work.case) handled.delete(work.case.id);
            return { work, handled, selected: work.case?.id ?? null, takeBack: null, problem: null };
          }),
        },
        onError: { target: 'choosing', actions: { type: 'notSaved', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    working: {
      description: 'An attempt is under way or being wrapped up.',
      type: 'parallel',
      states: {
        conversation: conversationSide,
        paper: paperSide,
        callWaiting: callWaitingSide,
      },
    },
  },
});

export type CaseworkActor = ActorRefFrom<typeof caseworkMachine>;
export type CaseworkSnapshot = SnapshotFrom<typeof caseworkMachine>;
