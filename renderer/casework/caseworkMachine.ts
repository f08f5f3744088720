/**
 * Casework: one person at a time, from the choice of a case to its confirmed result.
 *
 *   choosing ──case.chosen──► preview ──dial.asked, permitted──► starting ──attempt.started is durable──► working
 *      ▲                        │  ▲                                ▲                                       │
 *      │        incoming.arrived▼  │over without answer             │answer.asked                           │
 *      │                      arriving ─────────────────────────────┘                                       │
 *      └───────────────────────── result durable and call over ◄────────────────────────────────────────────┘
 *
 *   working has two sides, because a customer may hang up while the agent still types, and an agent may choose the result while
 *   the customer is still there:
 *      conversation: live ──► closing (attempt.ended is made durable) ──► over
 *      paper:        waiting ──answered──► script ⇄ saving ──outcome──► wrapUp ──confirmed──► confirming ──► done
 *
 * Assumptions
 *  - nothing is shown as saved and nothing is dialled before its entry is durable: facts go through `record` or `begin`;
 *  - failed calls go through wrap-up too; an attempt ends with exactly one standing disposition;
 *  - a record that fails (disk full) loses nothing: the state stays, says why, and the same key tries again;
 *  - a live call is never restored; script and wrap-up are, from entries (`attempt.restored`).
 */
import {
  type ActorRefFrom,
  assign,
  enqueueActions,
  fromCallback,
  fromPromise,
  raise,
  type SnapshotFrom,
  sendTo,
  setup,
} from 'xstate';
import type { Disposition } from '#shared/disposition/disposition.ts';
import type { Fact } from '#shared/journal/entry.ts';
import { Problem } from '#shared/problem.ts';
import type { callMachine } from '../call/callMachine.ts';
import type { Call, CallEvent, captionContentType as captionType } from '../phone/phone.ts';
import {
  blockedFacts,
  candidates,
  checkOf,
  chosenCandidate,
  commit,
  dispositionOf,
  exitChosen,
  guard,
  missedCall,
  moveSaving,
  previousReview,
  reselect,
  select,
  selectAfterWork,
  selectedCase,
  selectedContact,
  selectNext,
  turnedAway,
  withWrongTry,
} from './acts.ts';
import {
  about,
  endedFact,
  endOf,
  incomingWork,
  interruptedCall,
  neverBegan,
  outgoingWork,
  startedFact,
} from './attempt.ts';
import type { CaseworkContext, CaseworkInput } from './context.ts';
import { draftOf, withDraft } from './conversation.ts';
import type { CaseworkEvent } from './events.ts';
import { practiceHeaders } from './practiceNote.ts';
import { notDialled, problemOf, recorder, unmasker } from './recorder.ts';
import type { Work, WrapUp } from './work.ts';
import { handledWith } from './worklist.ts';
import { dispositionChoices, missing, newWrapUp, talked, withResult, wrapUpFacts } from './wrapUp.ts';

/** Within this time (ms) a confirmed result can be taken back; notices to customers wait that long at the server too. */
export const takeBackMs = 5000;
/** An incoming call cannot be answered by accident: not before it has rung this long (ms). */
export const answerableAfterMs = 500;
/** How long (ms) the end of a call that could not be recorded waits before it is tried again by itself. */
const retryMs = 2000;
/** How long (ms) a fact nobody waits for is kept before it is tried again by itself. */
const recordAgainMs = 5000;
/** Captions kept of a practice call. */
const mostNotes = 50;
const captionContentType: typeof captionType = 'application/x-practice-caption+json';

type InnerEvent =
  | { type: 'call.heard'; event: CallEvent }
  | { type: 'record.failed'; problem: Problem }
  | { type: 'record.due' }
  | { type: 'record.caughtUp'; problem: Problem }
  | { type: 'unmasking.recorded'; caseId: string; contact: string }
  | { type: 'unmasking.failed'; problem: Problem };

/** What came of starting: a call, or why there is none although attempt.started is durable. */
type Begun = { call: Call } | { call: null; error: unknown };

const withWork = (context: CaseworkContext, change: Partial<Work>): Partial<CaseworkContext> =>
  context.work ? { work: { ...context.work, ...change } } : {};
const withWrapUp = (context: CaseworkContext, change: Partial<WrapUp>): Partial<CaseworkContext> =>
  context.work?.wrapUp
    ? { work: { ...context.work, wrapUp: { ...context.work.wrapUp, ...change } }, problem: null }
    : {};
const sameResult = (offer: Disposition, code: string, sub: string | null) =>
  offer.code === code && (offer.sub ?? null) === sub;

export const caseworkMachine = setup({
  types: {
    context: {} as CaseworkContext,
    events: {} as CaseworkEvent | InnerEvent,
    input: {} as CaseworkInput,
  },
  actors: {
    /** Makes facts durable. */
    record: fromPromise(({ input }: { input: { record: CaseworkInput['record']; facts: readonly Fact[] } }) =>
      input.record(input.facts),
    ),
    /** attempt.started, and only then the INVITE; or only then the answer to an incoming call. */
    begin: fromPromise(async ({ input }: { input: { context: CaseworkContext; work: Work } }): Promise<Begun> => {
      const { context, work } = input;
      await context.record([startedFact(work)]);
      // From here on the attempt is in the journal: whatever goes wrong is its end, never a start that was not there.
      try {
        if (work.permit) return { call: context.phone.dial(work.permit, work.attempt, practiceHeaders(context, work)) };
      } catch (error) {
        return { call: null, error };
      }
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
    /** Mute, hold and the times of the running call; the composition root provides renderer/call. */
    call: {} as typeof callMachine, // as: the idiom of XState for an actor to be provided
  },
  guards: {
    atWork: ({ context }) => context.onBreak === null,
    permitted: ({ context }) => context.onBreak === null && guard(context)?.allowed === true,
    hasCase: ({ context }) => selectedCase(context) !== null,
    noCase: ({ context }) => selectedCase(context) === null,
    mayTakeBack: ({ context }) => context.takeBack !== null && context.now() <= context.takeBack.until,
    unfinished: ({ context }) => context.restored.length > 0,
    isSaving: ({ context }) => context.saving !== null,
    complete: ({ context }) => context.work !== null && missing(context.work) === null,
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
    block: enqueueActions(({ context, enqueue }) => {
      const answer = guard(context);
      if (!answer || answer.allowed || context.onBreak) return;
      const typedWrongly = answer.blocks.some((block) => block.rule === 'number.typedDiffers');
      if (typedWrongly && context.check) enqueue.assign(withWrongTry(context, context.check));
      enqueue.sendTo('recorder', { type: 'facts.given', facts: blockedFacts(context, answer) });
      const first = answer.blocks[0];
      if (first) enqueue.assign({ problem: new Problem('DIAL_BLOCKED', 'input', first.sentence) });
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
    /** The conversation alone: the customer may have hung up while it was being saved. */
    saved: assign(({ context }) =>
      context.saving
        ? {
            ...withWork(context, { conversation: context.saving.conversation, review: null, exitsOpen: false }),
            saving: null,
            problem: null,
          }
        : {},
    ),
    notSaved: assign((_, params: { error: unknown }) => ({ problem: problemOf(params.error) })),
  },
  delays: { retry: retryMs, recordAgain: recordAgainMs },
}).createMachine({
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
    call: null,
    incomingSince: null,
    saving: null,
    takeBack: null,
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
    'attempt.restored': { actions: assign(({ context, event }) => ({ restored: [...context.restored, event.work] })) },
    'incoming.arrived': { actions: 'decline' },
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
          guard: 'atWork',
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
          actions: assign(({ context }) => {
            if (!context.call) return {};
            const chosen = chosenCandidate(context, context.call);
            const { remoteNumber } = context.call;
            return {
              unmasked: new Set<string>(),
              work: incomingWork(context.newId(), chosen?.case ?? null, chosen?.contact ?? null, remoteNumber, context),
            };
          }),
        },
        'call.heard': {
          guard: ({ event }) => event.event.type === 'call.ended',
          target: 'choosing',
          actions: 'missed',
        },
      },
    },
    starting: {
      description: 'attempt.started becomes durable; only then the INVITE leaves, or the incoming call is taken.',
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
          { target: 'working', actions: assign(({ event }) => ({ call: event.output.call, notes: [] })) },
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
        conversation: {
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
                    return { direction: call.direction, open: () => call, ringSeconds: policy.ringSeconds, now };
                  },
                  onError: { actions: { type: 'notSaved', params: ({ event }) => ({ error: event.error }) } },
                },
              ],
              on: {
                'call.heard': [
                  {
                    guard: ({ event }) => event.event.type === 'call.ended',
                    target: 'closing',
                    actions: assign(({ context, event }) =>
                      context.call && event.event.type === 'call.ended'
                        ? withWork(context, { endedCall: endOf(context.call, event.event.ended) })
                        : {},
                    ),
                  },
                  {
                    guard: ({ event }) => event.event.type === 'call.answered',
                    actions: assign(({ context }) => withWork(context, { answeredAt: context.now() })),
                  },
                  {
                    guard: ({ event }) =>
                      event.event.type === 'call.note' && event.event.contentType === captionContentType,
                    actions: assign(({ context, event }) =>
                      event.event.type === 'call.note'
                        ? { notes: [...context.notes, event.event.body].slice(-mostNotes) }
                        : {},
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
              },
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
        },
        paper: {
          id: 'paper',
          initial: 'waiting',
          states: {
            waiting: {
              description: 'Nobody has answered yet.',
              always: [
                { guard: 'answeredWithScript', target: 'script' },
                { guard: 'answered', target: 'talking' },
                { guard: 'ended', target: 'wrapUp' },
              ],
            },
            talking: {
              description: 'A conversation of a kind without a script.',
              always: { guard: 'ended', target: 'wrapUp' },
            },
            script: {
              description: 'The script is walked; it stays usable after the customer hung up.',
              always: { guard: 'isSaving', target: 'saving' },
              on: {
                'draft.typed': {
                  actions: assign(({ context, event }) =>
                    context.work?.conversation
                      ? withWork(context, {
                          conversation: withDraft(context.work.conversation, event.about, {
                            text: event.text.slice(0, 500),
                            choice: null,
                          }),
                        })
                      : {},
                  ),
                },
                'draft.chosen': {
                  actions: assign(({ context, event }) =>
                    context.work?.conversation
                      ? withWork(context, {
                          conversation: withDraft(context.work.conversation, event.about, {
                            text: draftOf(context.work.conversation, event.about).text,
                            choice: event.as,
                          }),
                        })
                      : {},
                  ),
                },
                'step.committed': { actions: assign(({ context, event }) => commit(context, event.step)) },
                'exits.toggled': {
                  actions: assign(({ context }) =>
                    withWork(context, { exitsOpen: !context.work?.exitsOpen, review: null }),
                  ),
                },
                'exit.chosen': { actions: assign(({ context, event }) => exitChosen(context, event.step, event.exit)) },
                'previous.asked': { actions: assign(({ context }) => previousReview(context)) },
                'review.closed': { actions: assign(({ context }) => withWork(context, { review: null })) },
                'correction.asked': {
                  actions: assign(({ context }) =>
                    context.work?.review
                      ? withWork(context, { review: { ...context.work.review, askReason: true } })
                      : {},
                  ),
                },
                'correction.given': {
                  actions: assign(({ context, event }) => {
                    const reason = event.reason.trim().slice(0, 200);
                    // A late or double key: that question is not looked at any more.
                    if (!context.work || context.work.review?.step !== event.step || reason === '') return {};
                    return { saving: moveSaving(context, context.work, { type: 'back', step: event.step, reason }) };
                  }),
                },
                'outcome.chosen': {
                  guard: ({ context, event }) =>
                    context.work !== null &&
                    dispositionChoices(context.work).some((offer) => sameResult(offer, event.code, event.sub)),
                  target: 'wrapUp',
                  actions: assign(({ context, event }) =>
                    withWork(context, { wrapUp: newWrapUp(context.now(), dispositionOf(event.code, event.sub)) }),
                  ),
                },
              },
            },
            saving: {
              description: 'One committed move becomes durable; only then it is shown.',
              invoke: {
                src: 'record',
                input: ({ context }) => ({ record: context.record, facts: context.saving?.facts ?? [] }),
                onDone: { target: 'script', actions: 'saved' },
                onError: {
                  target: 'script',
                  actions: [
                    assign({ saving: null }),
                    { type: 'notSaved', params: ({ event }) => ({ error: event.error }) },
                  ],
                },
              },
            },
            wrapUp: {
              description: '话后处理: the result, its evidence and what follows.',
              entry: 'openWrapUp',
              on: {
                'previous.asked': {
                  guard: 'answeredWithScript',
                  target: 'script',
                  actions: assign(({ context }) => withWork(context, { wrapUp: null })),
                },
                'result.chosen': {
                  actions: assign(({ context, event }) =>
                    context.work ? withWrapUp(context, withResult(context.work, event.result)) : {},
                  ),
                },
                'moreResults.toggled': {
                  actions: assign(({ context }) => withWrapUp(context, { moreOpen: !context.work?.wrapUp?.moreOpen })),
                },
                'disposition.chosen': {
                  // A result that is not offered (a key of another picture) is none.
                  guard: ({ context, event }) =>
                    context.work !== null &&
                    dispositionChoices(context.work).some((offer) => sameResult(offer, event.code, event.sub)),
                  actions: assign(({ context, event }) =>
                    withWrapUp(context, { disposition: dispositionOf(event.code, event.sub), evidence: {} }),
                  ),
                },
                'evidence.typed': {
                  actions: assign(({ context, event }) =>
                    withWrapUp(context, {
                      evidence: { ...context.work?.wrapUp?.evidence, [event.key]: event.text.slice(0, 500) },
                    }),
                  ),
                },
                'followUp.ticked': {
                  actions: assign(({ context, event }) => {
                    const others = (context.work?.wrapUp?.unticked ?? []).filter((kind) => kind !== event.kind);
                    return withWrapUp(context, { unticked: event.ticked ? others : [...others, event.kind] });
                  }),
                },
                'appointment.typed': {
                  actions: assign(({ context, event }) =>
                    withWrapUp(context, {
                      appointment: Number.isNaN(Date.parse(event.at)) ? null : { at: event.at, exact: event.exact },
                    }),
                  ),
                },
                'note.typed': {
                  actions: assign(({ context, event }) => withWrapUp(context, { note: event.text.slice(0, 2000) })),
                },
                'wrapUp.confirmed': [
                  {
                    guard: 'complete',
                    target: 'confirming',
                    actions: assign({ problem: null }),
                  },
                  {
                    actions: assign(({ context }) => {
                      const sentence = context.work && missing(context.work);
                      return sentence ? { problem: new Problem('WRAP_UP_INCOMPLETE', 'input', sentence) } : {};
                    }),
                  },
                ],
              },
            },
            confirming: {
              description: 'The result becomes durable, all of it or nothing.',
              invoke: {
                src: 'record',
                input: ({ context }) => ({
                  record: context.record,
                  facts: context.work ? wrapUpFacts(context.work, context, context.now()) : [],
                }),
                onDone: {
                  target: 'done',
                  actions: assign(({ context, event }) => {
                    const { work } = context;
                    const header = event.output[0];
                    if (!work || !header) return {};
                    const facts = wrapUpFacts(work, context, context.now());
                    const handled = handledWith(context.handled, facts);
                    const before = (work.case && context.handled.get(work.case.id)) ?? null;
                    return { handled, takeBack: { work, header, before, until: context.now() + takeBackMs } };
                  }),
                },
                onError: {
                  target: 'wrapUp',
                  actions: { type: 'notSaved', params: ({ event }) => ({ error: event.error }) },
                },
              },
            },
            done: {
              description: 'The result is durable; the next case follows.',
              always: {
                target: '#casework.choosing',
                actions: assign(({ context }) => selectAfterWork(context)),
              },
            },
          },
        },
      },
    },
  },
});

export type CaseworkActor = ActorRefFrom<typeof caseworkMachine>;
export type CaseworkSnapshot = SnapshotFrom<typeof caseworkMachine>;
