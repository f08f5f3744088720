/**
 * One call, from the dial or the ring to its end. A machine lives for one call; its output is what `attempt.ended` needs.
 *
 *   idle ─► dialing ─► ringing ─► talking ─┐
 *     └──► incoming ──(answer)──► talking ─┴─ call.ended, from any state ─► ended {ended, rangSeconds, talkedSeconds, …}
 *
 *   beside it, as facts of their own: microphone (open, muted) · hold (active, holding, held, resuming) · otherHold (active, held)
 *   · media (none, early, connected, recovering) · ring limit (within, reached)
 *
 * Nothing here decides that a call is over but the call itself: hanging up asks it to end and waits for its one `call.ended`. The ring
 * limit only tells the agent; a person who is just reaching for the phone is not cut off by a timer.
 * A live call is never restored: after a crash the journal closes the attempt as INTERRUPTED.
 */
import { assign, enqueueActions, sendTo, setup } from 'xstate';
import type { CallEnded } from '#shared/call/callResult.ts';
import type { Text } from '#shared/text.ts';
import type { Call, CallFacts, CallMeasurement, Digit } from '../phone/phone.ts';
import { type CallReport, driveCall, watchQuality } from './callActors.ts';
import { type QualityWord, qualityWord } from './callQuality.ts';

export type CallInput = {
  direction: 'out' | 'in';
  /** Dials (`() => phone.dial(permit, attempt)`), or hands over the incoming call. Called once. */
  open: () => Call;
  /** The policy's ring limit, s. */
  ringSeconds: number;
  /** Milliseconds since the epoch. */
  now: () => number;
};

export type CallMachineEvent =
  | { type: 'call.answer' }
  | { type: 'call.hangUp' }
  | { type: 'call.mute' }
  | { type: 'call.unmute' }
  | { type: 'call.hold' }
  | { type: 'call.resume' }
  | { type: 'call.digit'; digit: Digit }
  | { type: 'call.sendNote'; contentType: string; body: string }
  | { type: 'call.measured'; measurement: CallMeasurement | null }
  | CallReport;

export type CallNote = { contentType: string; body: string; at: number };

export type CallContext = CallInput & {
  /** The call itself, for what is no state: its facts and measurements. */
  handle: Call | null;
  /** ms since the epoch; null: not yet. */
  ringingAt: number | null;
  answeredAt: number | null;
  /** Early media was heard at any time. */
  earlyMedia: boolean;
  /** The last 50 notes of the far side: practice captions. */
  notes: readonly CallNote[];
  /** What the agent should know and do now; the last complaint of the phone. */
  problem: Text | null;
  measurement: CallMeasurement | null;
  quality: QualityWord;
  ended: CallEnded | null;
};

export type CallOutput = CallFacts & { ended: CallEnded };

const mostNotes = 50;
const stationFailed: CallEnded = { reason: 'FAILED', by: 'STATION' };
const noFacts: CallFacts = { callId: undefined, rangSeconds: 0, talkedSeconds: 0, earlyMedia: false };

export const callMachine = setup({
  types: {
    context: {} as CallContext, // as: the idiom of XState for types
    input: {} as CallInput,
    events: {} as CallMachineEvent,
    output: {} as CallOutput,
  },
  actors: { driveCall, watchQuality },
  actions: {
    opened: assign({ handle: (_, params: { call: Call }) => params.call }),
    note: assign({
      notes: ({ context }, params: { contentType: string; body: string }) =>
        [...context.notes, { ...params, at: context.now() }].slice(-mostNotes),
    }),
    complain: assign({
      problem: ({ context }, params: { sentence: Text | null }) => params.sentence ?? context.problem,
    }),
    measured: assign(({ context }, params: { measurement: CallMeasurement | null }) => ({
      measurement: params.measurement,
      quality: qualityWord(params.measurement, context.measurement),
    })),
    answered: assign({ answeredAt: ({ context }) => context.now() }),
    ringing: assign({ ringingAt: ({ context }) => context.ringingAt ?? context.now() }),
    close: assign({
      ended: (_, params: { ended: CallEnded }) => params.ended,
    }),
    forward: enqueueActions(({ enqueue, event }) => {
      if (event.type === 'call.hangUp') enqueue.sendTo('driver', { type: 'do.hangUp' });
      else if (event.type === 'call.digit') enqueue.sendTo('driver', { type: 'do.digit', digit: event.digit });
      else if (event.type === 'call.sendNote')
        enqueue.sendTo('driver', { type: 'do.note', contentType: event.contentType, body: event.body });
    }),
  },
  delays: { ringLimit: ({ context }) => context.ringSeconds * 1000 },
}).createMachine({
  id: 'call',
  description: 'One call from the dial or the ring to its end.',
  context: ({ input }) => ({
    ...input,
    handle: null,
    ringingAt: null,
    answeredAt: null,
    earlyMedia: false,
    notes: [],
    problem: null,
    measurement: null,
    quality: 'UNKNOWN',
    ended: null,
  }),
  initial: 'live',
  output: ({ context }) => ({ ...(context.handle?.facts() ?? noFacts), ended: context.ended ?? stationFailed }),
  states: {
    live: {
      description: 'The call exists.',
      type: 'parallel',
      invoke: {
        id: 'driver',
        src: 'driveCall',
        input: ({ context }) => ({ open: context.open }),
        onError: { target: 'ended', actions: { type: 'close', params: { ended: stationFailed } } },
      },
      on: {
        'call.opened': { actions: { type: 'opened', params: ({ event }) => ({ call: event.call }) } },
        'call.hangUp': { actions: 'forward' },
        'call.digit': { actions: 'forward' },
        'call.sendNote': { actions: 'forward' },
        'call.note': {
          actions: { type: 'note', params: ({ event }) => ({ contentType: event.contentType, body: event.body }) },
        },
        'call.complained': { actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) } },
        'call.measured': { actions: { type: 'measured', params: ({ event }) => ({ measurement: event.measurement }) } },
        'call.ended': {
          target: 'ended',
          actions: [
            { type: 'complain', params: ({ event }) => ({ sentence: event.sentence ?? null }) },
            { type: 'close', params: ({ event }) => ({ ended: event.ended }) },
          ],
        },
      },
      states: {
        progress: {
          initial: 'idle',
          states: {
            idle: {
              description: 'Passed through at once.',
              always: [{ guard: ({ context }) => context.direction === 'in', target: 'incoming' }, 'dialing'],
            },
            dialing: {
              description: 'On its way: nobody rings yet.',
              on: { 'call.ringing': 'ringing', 'call.answered': 'talking' },
            },
            ringing: {
              description: 'Rings at the far side; early media may be heard.',
              entry: 'ringing',
              on: { 'call.answered': 'talking' },
            },
            incoming: {
              description: 'Somebody calls us and waits for our answer.',
              entry: 'ringing',
              on: { 'call.answer': 'answering', 'call.answered': 'talking' },
            },
            answering: {
              description: 'The agent took it; media is being set up.',
              entry: sendTo('driver', { type: 'do.answer' }),
              on: { 'call.answered': 'talking' },
            },
            talking: {
              description: 'Answered: a conversation, until somebody ends it.',
              entry: 'answered',
              invoke: {
                src: 'watchQuality',
                input: ({ context }) => ({ call: context.handle }),
                onError: { actions: assign({ quality: 'UNKNOWN' }) },
              },
            },
          },
        },
        microphone: {
          initial: 'open',
          states: {
            open: {
              description: 'The customer hears us.',
              on: { 'call.mute': { target: 'muted', actions: sendTo('driver', { type: 'do.mute', muted: true }) } },
            },
            muted: {
              description: 'The customer hears silence.',
              on: { 'call.unmute': { target: 'open', actions: sendTo('driver', { type: 'do.mute', muted: false }) } },
            },
          },
        },
        hold: {
          initial: 'active',
          states: {
            active: {
              description: 'Not held by us.',
              on: {
                'call.hold': {
                  guard: ({ context }) => context.answeredAt !== null,
                  target: 'holding',
                  actions: sendTo('driver', { type: 'do.hold', held: true }),
                },
              },
            },
            holding: {
              description: 'The far side was asked; the customer hears silence already.',
              on: {
                'call.held': { guard: ({ event }) => event.by === 'AGENT', target: 'held' },
                'call.holdRefused': {
                  target: 'active',
                  actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
                },
              },
            },
            held: {
              description: 'Held by us.',
              on: {
                'call.resume': { target: 'resuming', actions: sendTo('driver', { type: 'do.hold', held: false }) },
              },
            },
            resuming: {
              description: 'The far side was asked to go on.',
              on: {
                'call.resumed': { guard: ({ event }) => event.by === 'AGENT', target: 'active' },
                'call.holdRefused': {
                  target: 'held',
                  actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
                },
              },
            },
          },
        },
        otherHold: {
          initial: 'active',
          states: {
            active: {
              description: 'Not held by the far side.',
              on: { 'call.held': { guard: ({ event }) => event.by === 'OTHER', target: 'held' } },
            },
            held: {
              description: 'The far side holds us: it does not listen.',
              on: { 'call.resumed': { guard: ({ event }) => event.by === 'OTHER', target: 'active' } },
            },
          },
        },
        media: {
          initial: 'none',
          states: {
            none: {
              description: 'No audio yet.',
              on: {
                'call.earlyMedia': { target: 'early', actions: assign({ earlyMedia: true }) },
                'call.answered': 'connected',
              },
            },
            early: {
              description: 'Audio before the answer: listen, it may be 空号, 停机 or 关机.',
              on: { 'call.answered': 'connected', 'call.mediaLost': 'recovering' },
            },
            connected: {
              description: 'Both can hear.',
              on: { 'call.mediaLost': 'recovering' },
            },
            recovering: {
              description: 'Audio is interrupted; the phone tries to bring it back.',
              on: { 'call.mediaConnected': 'connected' },
            },
          },
        },
        ringLimit: {
          initial: 'waiting',
          states: {
            waiting: {
              description: 'Does not ring yet.',
              on: { 'call.ringing': 'within', 'call.answered': 'answered' },
            },
            within: {
              description: 'Rings, within the policy’s limit.',
              after: { ringLimit: 'reached' },
              on: { 'call.answered': 'answered' },
            },
            reached: {
              description: 'Rang for the policy’s limit: the screen suggests hanging up, nothing is cut.',
              on: { 'call.answered': 'answered' },
            },
            answered: { description: 'No limit any more.' },
          },
        },
      },
    },
    ended: {
      description: 'Over. The output says how.',
      type: 'final',
    },
  },
});
