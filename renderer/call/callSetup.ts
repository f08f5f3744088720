/** What the states of a call share: types, actors, guards, actions and delays. The states are in callMachine and passing. */
import { assign, enqueueActions, raise, sendTo, setup } from 'xstate';
import type { CallEnded } from '#shared/call/callResult.ts';
import type { InternalPermit } from '#shared/policy/dialPermit.ts';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import type { Call, CallFacts, CallMeasurement, Digit } from '../phone/phone.ts';
import { type CallReport, driveCall, listenWhileMuted, watchQuality } from './callActors.ts';
import { type QualityWord, qualityWord } from './callQuality.ts';
import { consultOver } from './consultTexts.ts';

/** Asks for passing the call on (passing.ts). */
export type PassingEvent =
  | { type: 'call.transfer'; permit: InternalPermit }
  | { type: 'call.consult'; permit: InternalPermit }
  | { type: 'consult.swap' }
  | { type: 'consult.complete' }
  | { type: 'consult.cancel' };

/** Who is being asked, or where the customer is being passed on to; times in ms since the epoch. */
export type Passing = {
  permit: InternalPermit;
  since: number;
  rings: boolean;
  answeredAt: number | null;
  /** The colleague's call has ended while the two were being put together. */
  left: boolean;
};

export type CallInput = {
  direction: 'out' | 'in';
  /** Dials (`() => phone.dial(permit, attempt)`), or hands over the incoming call. Called once. */
  open: () => Call;
  /** Calls a colleague (`(permit) => phone.consult(permit, attempt)`). Throws a Problem where that cannot be done. */
  consult?: (permit: InternalPermit) => Call;
  /** Level of the agent's microphone, 0..1. */
  microphoneLevel?: () => number;
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
  | { type: 'call.redialExtension' }
  | { type: 'call.problemSeen' }
  | { type: 'call.mutedSpeech'; speaking: boolean }
  | PassingEvent
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
  /** The second call, or where the customer is being passed on to; null: nobody is asked. */
  passing: Passing | null;
  /** Digits of the extension that have left; null: none was dialled yet. */
  extensionSent: string | null;
  /** What the agent should know and do now; the last complaint of the phone. */
  problem: Text | null;
  measurement: CallMeasurement | null;
  quality: QualityWord;
  ended: CallEnded | null;
};

export type CallOutput = CallFacts & { ended: CallEnded };

const mostNotes = 50;
export const cannotConsult = (): never => {
  throw new Problem('CONSULT_NOT_POSSIBLE', 'phone', {
    zh: '这部话机不能同时打第二通电话。',
    en: 'This phone cannot place a second call.',
  });
};
export const stationFailed: CallEnded = { reason: 'FAILED', by: 'STATION' };
export const noFacts: CallFacts = { callId: undefined, rangSeconds: 0, talkedSeconds: 0, earlyMedia: false };

export const callSetup = setup({
  types: {
    context: {} as CallContext, // as: the idiom of XState for types
    input: {} as CallInput,
    events: {} as CallMachineEvent,
    output: {} as CallOutput,
  },
  actors: { driveCall, watchQuality, listenWhileMuted },
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
    forgetPassing: assign({ passing: null }),
    beginPassing: assign(({ context, event }) =>
      event.type === 'call.transfer' || event.type === 'call.consult'
        ? {
            passing: { permit: event.permit, since: context.now(), rings: false, answeredAt: null, left: false },
            problem: null,
          }
        : {},
    ),
    colleagueRings: assign(({ context }) => (context.passing ? { passing: { ...context.passing, rings: true } } : {})),
    colleagueTalks: assign(({ context }) =>
      context.passing ? { passing: { ...context.passing, answeredAt: context.now() } } : {},
    ),
    colleagueLeft: assign(({ context }) => (context.passing ? { passing: { ...context.passing, left: true } } : {})),
    /** Why the colleague is not there (any more). */
    sayOver: assign(({ context, event }, params: { withCustomer: boolean }) =>
      event.type === 'consult.heard' && event.event.type === 'call.ended'
        ? { problem: consultOver(event.event.ended, context.passing?.answeredAt != null, params.withCustomer) }
        : {},
    ),
    holdCustomer: raise({ type: 'call.hold' }),
    resumeCustomer: raise({ type: 'call.resume' }),
    holdColleague: sendTo('driver', { type: 'do.consultHold', held: true }),
    resumeColleague: sendTo('driver', { type: 'do.consultHold', held: false }),
    leaveColleague: sendTo('driver', { type: 'do.consultHangUp' }),
    complete: sendTo('driver', { type: 'do.complete' }),
    refer: enqueueActions(({ context, enqueue }) => {
      if (context.passing) enqueue.sendTo('driver', { type: 'do.transfer', permit: context.passing.permit });
    }),
    callColleague: enqueueActions(({ context, enqueue }) => {
      if (context.passing) enqueue.sendTo('driver', { type: 'do.consult', permit: context.passing.permit });
    }),
    forward: enqueueActions(({ enqueue, event }) => {
      if (event.type === 'call.hangUp') enqueue.sendTo('driver', { type: 'do.hangUp' });
      else if (event.type === 'call.digit') enqueue.sendTo('driver', { type: 'do.digit', digit: event.digit });
      else if (event.type === 'call.redialExtension') enqueue.sendTo('driver', { type: 'do.extension' });
      else if (event.type === 'call.sendNote')
        enqueue.sendTo('driver', { type: 'do.note', contentType: event.contentType, body: event.body });
    }),
  },
  guards: {
    colleagueLeft: ({ context }) => context.passing?.left === true,
    inConversation: ({ context }) => context.answeredAt !== null,
    consultEnded: ({ event }) => event.type === 'consult.heard' && event.event.type === 'call.ended',
    consultAnswered: ({ event }) => event.type === 'consult.heard' && event.event.type === 'call.answered',
    consultRings: ({ event }) => event.type === 'consult.heard' && event.event.type === 'call.ringing',
    consultHeld: ({ event }) =>
      event.type === 'consult.heard' && event.event.type === 'call.held' && event.event.by === 'AGENT',
    consultResumed: ({ event }) =>
      event.type === 'consult.heard' && event.event.type === 'call.resumed' && event.event.by === 'AGENT',
    heldByUs: ({ event }) => event.type === 'call.held' && event.by === 'AGENT',
    resumedByUs: ({ event }) => event.type === 'call.resumed' && event.by === 'AGENT',
  },
  delays: { ringLimit: ({ context }) => context.ringSeconds * 1000 },
});
