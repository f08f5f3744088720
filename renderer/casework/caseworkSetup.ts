/** What the states of casework share: actors, guards, actions and delays. The states are in caseworkMachine, conversationSide and paperSide. */
import { assign, enqueueActions, fromCallback, fromPromise, setup } from 'xstate';
import type { Disposition } from '#shared/disposition/disposition.ts';
import type { Fact } from '#shared/journal/entry.ts';
import type { DialPermit } from '#shared/policy/dialPermit.ts';
import { answerToIncoming } from '#shared/policy/incoming.ts';
import { Problem } from '#shared/problem.ts';
import type { callMachine } from '../call/callMachine.ts';
import type { Call, CallEvent, captionContentType as captionType } from '../phone/phone.ts';
import {
  blockedFacts,
  candidates,
  chosenCandidate,
  guard,
  missedCall,
  preNoticeOffered,
  selectedCase,
  selectNext,
  turnedAway,
  withWrongTry,
} from './acts.ts';
import { incomingWork, startedFact } from './attempt.ts';
import type { CaseworkContext, CaseworkInput } from './context.ts';
import type { CaseworkEvent } from './events.ts';
import { practiceHeaders } from './practiceNote.ts';
import { problemOf, recorder, unmasker } from './recorder.ts';
import type { Work, WrapUp } from './work.ts';
import { handledWith } from './worklist.ts';
import { dispositionChoices, missing, newWrapUp, talked } from './wrapUp.ts';

/** Within this time (ms) a confirmed result can be taken back; notices to customers wait that long at the server too. */
export const takeBackMs = 5000;
/** An incoming call cannot be answered by accident: not before it has rung this long (ms). */
export const answerableAfterMs = 500;
/** How long (ms) the end of a call that could not be recorded waits before it is tried again by itself. */
const retryMs = 2000;
/** How long (ms) a fact nobody waits for is kept before it is tried again by itself. */
const recordAgainMs = 5000;
/** Captions kept of a practice call. */
export const mostNotes = 50;
export const captionContentType: typeof captionType = 'application/x-practice-caption+json';

type InnerEvent =
  | { type: 'call.heard'; event: CallEvent }
  | { type: 'waiting.heard'; event: CallEvent }
  | { type: 'record.failed'; problem: Problem }
  | { type: 'record.due' }
  | { type: 'record.caughtUp'; problem: Problem }
  | { type: 'unmasking.recorded'; caseId: string; contact: string }
  | { type: 'unmasking.failed'; problem: Problem };

/** What came of starting: a call, or why there is none although attempt.started is durable. */
type Begun = { call: Call } | { call: null; error: unknown };

export const withWork = (context: CaseworkContext, change: Partial<Work>): Partial<CaseworkContext> =>
  context.work ? { work: { ...context.work, ...change } } : {};
/** Who goes on has read that help was asked for: the words must not lie over what comes next. */
export const helpIsRead = ({ work }: CaseworkContext): Partial<Pick<Work, 'help'>> =>
  work?.help ? { help: 'read' } : {};
export const withWrapUp = (context: CaseworkContext, change: Partial<WrapUp>): Partial<CaseworkContext> =>
  context.work?.wrapUp
    ? { work: { ...context.work, wrapUp: { ...context.work.wrapUp, ...change } }, problem: null }
    : {};
export const sameResult = (offer: Disposition, code: string, sub: string | null) =>
  offer.code === code && (offer.sub ?? null) === sub;

/** Everything the states of casework share: its actors, guards and actions. */
/** A phone that fails at once is the attempt's end, never a start that was not there: by then the attempt is in the journal. */
function dial(context: CaseworkContext, work: Work, permit: DialPermit, durable: Promise<unknown>): Begun {
  try {
    return { call: context.phone.dial(permit, work.attempt, practiceHeaders(context, work), durable) };
  } catch (error) {
    return { call: null, error };
  }
}

export const caseworkSetup = setup({
  types: {
    context: {} as CaseworkContext,
    events: {} as CaseworkEvent | InnerEvent,
    input: {} as CaseworkInput,
  },
  actors: {
    /** Makes facts durable. */
    record: fromPromise(async ({ input }: { input: { record: CaseworkInput['record']; facts: readonly Fact[] } }) => ({
      facts: input.facts,
      headers: await input.record(input.facts),
    })),
    /** attempt.started, and only then the INVITE; or only then the answer to an incoming call. */
    begin: fromPromise(async ({ input }: { input: { context: CaseworkContext; work: Work } }): Promise<Begun> => {
      const { context, work } = input;
      const durable = context.record([startedFact(work)]);
      if (work.permit) {
        // The phone makes its voice ready meanwhile; the INVITE waits for the entry, and never leaves when that fails.
        const dialled = dial(context, work, work.permit, durable);
        await durable;
        return dialled;
      }
      await durable;
      if (!context.call) return { call: null, error: new Error('there is no call to answer') };
      // Without a microphone the call ends by itself, and its `call.ended` says so.
      await context.call.answer().catch(() => undefined);
      return { call: context.call };
    }),
    recorder,
    unmasker,
    listen: fromCallback<{ type: 'none' }, { call: Call }>(({ input, sendBack }) =>
      input.call.subscribe((event) => sendBack({ type: 'call.heard', event })),
    ),
    listenWaiting: fromCallback<{ type: 'none' }, { call: Call }>(({ input, sendBack }) =>
      input.call.subscribe((event) => sendBack({ type: 'waiting.heard', event })),
    ),
    /** Mute, hold and the times of the running call; the composition root provides renderer/call. */
    call: {} as typeof callMachine, // as: the idiom of XState for an actor to be provided
  },
  guards: {
    atWork: ({ context }) => context.onBreak === null,
    /** Before the dial a caller rings, unless the profile says that the agent is busy then. */
    ringsInPreview: ({ context }) =>
      context.onBreak === null && answerToIncoming('PREVIEW', context.callWaiting) === 'RING',
    /** The call is over and the agent writes: the profile says whether another one may ring. */
    mayWait: ({ context }) =>
      context.onBreak === null &&
      context.work?.endedCall != null &&
      answerToIncoming('WRAP_UP', context.callWaiting) === 'RING',
    endIsRecorded: ({ context }) => context.work?.endRecorded === true,
    permitted: ({ context }) => context.onBreak === null && guard(context)?.allowed === true,
    hasCase: ({ context }) => selectedCase(context) !== null,
    noCase: ({ context }) => selectedCase(context) === null,
    mayTakeBack: ({ context }) => context.takeBack !== null && context.now() <= context.takeBack.until,
    unfinished: ({ context }) => context.restored.length > 0,
    isSaving: ({ context }) => context.saving !== null,
    complete: ({ context }) => context.work !== null && missing(context.work, context) === null,
    answered: ({ context }) => context.work !== null && context.work.answeredAt !== null,
    answeredWithScript: ({ context }) =>
      context.work !== null && context.work.answeredAt !== null && context.work.conversation !== null,
    ended: ({ context }) => context.work !== null && context.work.endedCall !== null,
  },
  actions: {
    startBreak: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'break.started' || context.onBreak) return;
      enqueue.assign({ onBreak: { reason: event.reason, since: context.now() } });
      enqueue.sendTo('recorder', {
        type: 'facts.given',
        facts: [{ kind: 'break.started', body: { reason: event.reason } }],
      });
    }),
    endBreak: enqueueActions(({ context, enqueue }) => {
      if (!context.onBreak) return;
      enqueue.assign({ onBreak: null });
      enqueue.sendTo('recorder', { type: 'facts.given', facts: [{ kind: 'break.ended', body: {} }] });
    }),
    skip: enqueueActions(({ context, event, enqueue }) => {
      const case_ = selectedCase(context);
      if (event.type !== 'case.skipped' || !case_ || event.reason.trim() === '') return;
      enqueue.sendTo('recorder', {
        type: 'facts.given',
        facts: [{ kind: 'case.skipped', caseId: case_.id, body: { reason: event.reason.trim().slice(0, 2000) } }],
      });
      enqueue.assign(selectNext(context));
    }),
    /** Like every fact beside the attempt: recorded in its turn, and the dial does not wait for it. */
    askPreNotice: enqueueActions(({ context, enqueue }) => {
      const { check, selected } = context;
      if (check?.preNotice !== 'asking' || selected === null || !preNoticeOffered(context)) return;
      enqueue.sendTo('recorder', {
        type: 'facts.given',
        facts: [
          {
            kind: 'notice.requested',
            caseId: selected,
            body: { contact: check.contact, template: 'BEFORE_FIRST_CALL' },
          },
        ],
      });
      enqueue.assign({ check: { ...check, preNotice: 'saving' } });
    }),
    block: enqueueActions(({ context, enqueue }) => {
      const answer = guard(context);
      if (!answer || answer.allowed || context.onBreak) return;
      const typedWrongly = answer.blocks.some((block) => block.rule === 'number.typedDiffers');
      if (typedWrongly && context.check) enqueue.assign(withWrongTry(context, context.check));
      enqueue.sendTo('recorder', { type: 'facts.given', facts: blockedFacts(context, answer) });
      const first = answer.blocks[0];
      if (first) enqueue.assign({ problem: new Problem('DIAL_BLOCKED', 'input', first.sentence) });
    }),
    /** What a second person lifts is on record also when nobody tried to dial before. Decided for a contact that was left meanwhile, it is nothing. */
    decide: enqueueActions(({ context, event, enqueue }) => {
      const { check, selected } = context;
      const answer = guard(context);
      if (event.type !== 'number.decided' || selected !== event.caseId || check?.contact !== event.contact || !answer)
        return;
      enqueue.sendTo('recorder', { type: 'facts.given', facts: blockedFacts(context, answer) });
      enqueue.assign({ check: { ...check, decided: event.decision }, problem: null });
    }),
    /** Recorded first, shown after: see `unmasking.recorded`. */
    unmask: enqueueActions(({ context, event, enqueue }) => {
      const case_ = context.work?.case ?? selectedCase(context);
      if (event.type !== 'number.unmasked' || !case_ || context.unmasked.has(event.contact)) return;
      enqueue.sendTo('unmasker', { type: 'unmasking.asked', caseId: case_.id, contact: event.contact });
    }),
    missed: enqueueActions(({ context, event, enqueue }) => {
      const { call } = context;
      if (!call || event.type !== 'call.heard' || event.event.type !== 'call.ended') return;
      const facts = missedCall(context, call, event.event.ended, chosenCandidate(context, call));
      enqueue.sendTo('recorder', { type: 'facts.given', facts });
      enqueue.assign({ call: null, handled: handledWith(context.handled, facts) });
    }),
    missedWaiting: enqueueActions(({ context, event, enqueue }) => {
      const { waiting } = context;
      if (!waiting || event.type !== 'waiting.heard' || event.event.type !== 'call.ended') return;
      const facts = missedCall(context, waiting.call, event.event.ended, chosenCandidate(context, waiting.call));
      enqueue.sendTo('recorder', { type: 'facts.given', facts });
      enqueue.assign({ waiting: null, candidate: null, handled: handledWith(context.handled, facts) });
    }),
    /** The work of the call that is being taken. */
    beginIncoming: assign(({ context }) => {
      if (!context.call) return {};
      const chosen = chosenCandidate(context, context.call);
      const { remoteNumber } = context.call;
      return {
        unmasked: new Set<string>(),
        work: incomingWork(context.newId(), chosen?.case ?? null, chosen?.contact ?? null, remoteNumber, context),
      };
    }),
    closeMissed: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'missed.closed') return;
      const task = context.missed.find(({ attempts: [first] }) => first === event.attempt);
      const reason = event.reason.trim().slice(0, 2000);
      if (!task || reason === '') return;
      enqueue.sendTo('recorder', {
        type: 'facts.given',
        facts: task.attempts.map((attempt) => ({
          kind: 'followUp.closed' as const,
          ...(task.caseId === null ? {} : { caseId: task.caseId }),
          body: { attempt, kind: 'CALL_BACK_MISSED' as const, reason },
        })),
      });
    }),
    /** Busy with somebody's result, or on a break: the caller hears busy, and is called back. */
    decline: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== 'incoming.arrived') return;
      const { call } = event;
      const facts = missedCall(context, call, turnedAway(call), candidates(context, call.remoteNumber)[0]);
      enqueue(() => call.hangUp());
      enqueue.sendTo('recorder', { type: 'facts.given', facts });
      enqueue.assign({ handled: handledWith(context.handled, facts) });
    }),
    openWrapUp: assign(({ context }) => {
      if (!context.work || context.work.wrapUp) return {};
      const choices = talked(context.work) ? dispositionChoices(context.work) : [];
      return withWork(context, {
        wrapUp: newWrapUp(context.now(), choices.length === 1 ? (choices[0] ?? null) : null),
      });
    }),
    /** What was saved alone: the customer may have hung up while it was being saved. */
    saved: assign(({ context }) =>
      context.saving
        ? {
            ...withWork(context, { ...helpIsRead(context), ...context.saving.change, review: null, exitsOpen: false }),
            saving: null,
            problem: null,
          }
        : {},
    ),
    notSaved: assign((_, params: { error: unknown }) => ({ problem: problemOf(params.error) })),
  },
  delays: { retry: retryMs, recordAgain: recordAgainMs },
});
