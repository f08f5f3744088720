/**
 * One side of `working`: the call.
 *
 *   live ──call.ended──► ending ──► closing (attempt.ended is made durable) ──► over
 *                                        │  ▲
 *                                  failed▼  │after some seconds
 *                                      unrecorded
 */
import { assign, enqueueActions, sendTo } from 'xstate';
import { permitInternal } from '#shared/policy/dialPermit.ts';
import { Problem } from '#shared/problem.ts';
import { endedFact, endOf, ownPart } from './attempt.ts';
import { captionContentType, caseworkSetup, mostNotes, withWork } from './caseworkSetup.ts';

export const conversationSide = caseworkSetup.createStateConfig({
  id: 'conversation',
  initial: 'live',
  states: {
    live: {
      description: 'There is a call.',
      invoke: [
        {
          src: 'listen',
          input: ({ context }) => {
            if (!context.call) throw new Error('there is no call');
            return { call: context.call };
          },
        },
        {
          src: 'call',
          id: 'call',
          input: ({ context }) => {
            if (!context.call) throw new Error('there is no call');
            const { call, now, policy } = context;
            const { phone, work } = context;
            return {
              direction: call.direction,
              open: () => call,
              consult: (permit) => phone.consult(permit, work?.attempt ?? ''),
              microphoneLevel: phone.microphoneLevel,
              ringSeconds: policy.ringSeconds,
              now,
            };
          },
          onError: { actions: { type: 'notSaved', params: ({ event }) => ({ error: event.error }) } },
        },
      ],
      on: {
        'call.heard': [
          {
            guard: ({ event }) => event.event.type === 'call.ended',
            target: 'ending',
            // The call is gone with its own words: what the person can do about its end is said here.
            actions: assign(({ context, event }) => {
              if (!context.call || event.event.type !== 'call.ended') return {};
              const { ended, sentence } = event.event;
              return {
                ...(context.work &&
                  withWork(context, { endedCall: ownPart(context.work, endOf(context.call, ended)) })),
                ...(sentence && { problem: new Problem('CALL_ENDED', 'phone', sentence) }),
              };
            }),
          },
          {
            guard: ({ event }) => event.event.type === 'call.answered',
            actions: assign(({ context }) => withWork(context, { answeredAt: context.now() })),
          },
          {
            guard: ({ event }) => event.event.type === 'call.note' && event.event.contentType === captionContentType,
            actions: assign(({ context, event }) =>
              event.event.type === 'call.note' ? { notes: [...context.notes, event.event.body].slice(-mostNotes) } : {},
            ),
          },
        ],
        'hangUp.asked': { actions: ({ context }) => context.call?.hangUp() },
        'mute.asked': {
          actions: sendTo('call', ({ event }) => ({ type: event.muted ? 'call.mute' : 'call.unmute' })),
        },
        'hold.asked': {
          actions: sendTo('call', ({ event }) => ({ type: event.held ? 'call.hold' : 'call.resume' })),
        },
        'digit.pressed': {
          actions: sendTo('call', ({ event }) => ({ type: 'call.digit', digit: event.digit })),
        },
        'callProblem.seen': { actions: sendTo('call', { type: 'call.problemSeen' }) },
        'extension.redialled': { actions: sendTo('call', { type: 'call.redialExtension' }) },
        // Only what is on the profile's list gets a permit; anything else does nothing.
        'transfer.asked': {
          actions: enqueueActions(({ context, event, enqueue }) => {
            const permit = permitInternal(context.internalNumbers, event.number, context.now());
            if (permit) enqueue.sendTo('call', { type: 'call.transfer', permit });
          }),
        },
        'consult.asked': {
          actions: enqueueActions(({ context, event, enqueue }) => {
            const permit = permitInternal(context.internalNumbers, event.number, context.now());
            if (permit) enqueue.sendTo('call', { type: 'call.consult', permit });
          }),
        },
        'consult.swapped': { actions: sendTo('call', { type: 'consult.swap' }) },
        'consult.completed': { actions: sendTo('call', { type: 'consult.complete' }) },
        'consult.cancelled': { actions: sendTo('call', { type: 'consult.cancel' }) },
      },
    },
    ending: {
      description: 'Whose end it is, is known once the next employee who was just gone on to is durable, or is not.',
      always: { guard: ({ context }) => context.goingOn === null, target: 'closing' },
    },
    closing: {
      description: 'The end of the call is made durable.',
      invoke: {
        src: 'record',
        input: ({ context }) => ({
          record: context.record,
          facts:
            context.work?.endedCall && !context.work.endRecorded
              ? [endedFact(context.work, context.work.endedCall)]
              : [],
        }),
        onDone: { target: 'over', actions: assign(({ context }) => withWork(context, { endRecorded: true })) },
        onError: {
          target: 'unrecorded',
          actions: { type: 'notSaved', params: ({ event }) => ({ error: event.error }) },
        },
      },
    },
    unrecorded: {
      description: 'The end could not be recorded; tried again by itself.',
      after: { retry: 'closing' },
    },
    over: { description: 'The call is over and its end is durable.' },
  },
});
