/**
 * One call, from the dial or the ring to its end. A machine lives for one call; its output is what `attempt.ended` needs.
 *
 *   idle ─► dialing ─► ringing ─► talking ─┐
 *     └──► incoming ──(answer)──► talking ─┴─ call.ended, from any state ─► ended {ended, rangSeconds, talkedSeconds, …}
 *
 *   beside it, as facts of their own: microphone (open, muted) · hold (active, holding, unwanted, held, resuming, wantedAgain) · otherHold (active, held)
 *   · media (none, early, connected, recovering) · ring limit (within, reached) · passing (passing.ts: transfer, consultation)
 *
 * Nothing here decides that a call is over but the call itself: hanging up asks it to end and waits for its one `call.ended`. The ring
 * limit only tells the agent; a person who is just reaching for the phone is not cut off by a timer.
 * A live call is never restored: after a crash the journal closes the attempt as INTERRUPTED.
 */
import { assign, sendTo } from 'xstate';
import { callSetup, cannotConsult, noFacts, stationFailed } from './callSetup.ts';
import { passing } from './passing.ts';

export type { CallInput } from './callSetup.ts';

export const callMachine = callSetup.createMachine({
  id: 'call',
  description: 'One call from the dial or the ring to its end.',
  context: ({ input }) => ({
    ...input,
    handle: null,
    ringingAt: null,
    answeredAt: null,
    earlyMedia: false,
    notes: [],
    passing: null,
    extensionSent: null,
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
        input: ({ context }) => ({ open: context.open, consult: context.consult ?? cannotConsult }),
        onError: { target: 'ended', actions: { type: 'close', params: { ended: stationFailed } } },
      },
      on: {
        'call.opened': { actions: { type: 'opened', params: ({ event }) => ({ call: event.call }) } },
        'call.hangUp': { actions: 'forward' },
        'call.digit': { actions: 'forward' },
        'call.sendNote': { actions: 'forward' },
        'call.redialExtension': { actions: 'forward' },
        'call.extensionBegun': { actions: assign({ extensionSent: '' }) },
        'call.digitSent': {
          guard: ({ event }) => event.extension,
          actions: assign({
            extensionSent: ({ context, event }) => (context.extensionSent ?? '') + event.digit,
          }),
        },
        'call.note': {
          actions: { type: 'note', params: ({ event }) => ({ contentType: event.contentType, body: event.body }) },
        },
        'call.problemSeen': { actions: assign({ problem: null }) },
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
              description: 'The customer hears silence; whether the agent speaks all the same is listened for.',
              invoke: {
                src: 'listenWhileMuted',
                input: ({ context }) => ({ level: context.microphoneLevel ?? (() => 0), now: context.now }),
                onError: { actions: [] }, // no level: no notice, the mute stands
              },
              initial: 'quiet',
              states: {
                quiet: {
                  description: 'The agent is silent too.',
                  on: { 'call.mutedSpeech': { guard: ({ event }) => event.speaking, target: 'speaking' } },
                },
                speaking: {
                  description: 'The agent speaks and is not heard: the call bar says so.',
                  on: { 'call.mutedSpeech': { guard: ({ event }) => !event.speaking, target: 'quiet' } },
                },
              },
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
                'call.resume': 'unwanted',
                'call.held': { guard: ({ event }) => event.by === 'AGENT', target: 'held' },
                'call.holdRefused': {
                  target: 'active',
                  actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
                },
              },
            },
            unwanted: {
              description:
                'The agent wants to go on before the far side agreed to be held: it is asked as soon as it has.',
              on: {
                'call.held': {
                  guard: ({ event }) => event.by === 'AGENT',
                  target: 'resuming',
                  actions: sendTo('driver', { type: 'do.hold', held: false }),
                },
                'call.holdRefused': 'active',
                'call.hold': 'holding',
              },
            },
            held: {
              id: 'heldByUs',
              description: 'Held by us.',
              on: {
                'call.resume': { target: 'resuming', actions: sendTo('driver', { type: 'do.hold', held: false }) },
              },
            },
            resuming: {
              description: 'The far side was asked to go on.',
              on: {
                'call.hold': 'wantedAgain',
                'call.resumed': { guard: ({ event }) => event.by === 'AGENT', target: 'active' },
                'call.holdRefused': {
                  target: 'held',
                  actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
                },
              },
            },
            wantedAgain: {
              description: 'The customer is to wait again before the far side went on: it is asked as soon as it has.',
              on: {
                'call.resumed': {
                  guard: ({ event }) => event.by === 'AGENT',
                  target: 'holding',
                  actions: sendTo('driver', { type: 'do.hold', held: true }),
                },
                'call.holdRefused': {
                  target: 'held',
                  actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
                },
                'call.resume': 'resuming',
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
        passing,
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
