/**
 * The other side of `working`: what the agent writes down.
 *
 *   waiting ──answered──► script ⇄ saving ──outcome──► wrapUp ──confirmed──► confirming ──► done
 *      │  └─without script─► talking ──ended──────────► ▲  ▲          failed──┘
 *      └────────────────────ended──────────────────────┘
 *
 * An employer's desk that is still on the line is asked about one more employee: wrapUp ──employee.chosen──► goingOn ──► script, of the next
 * attempt (sameCall.ts); failed, back in wrapUp.
 */
import { assign } from 'xstate';
import { Problem } from '#shared/problem.ts';
import { commit, dispositionOf, exitChosen, helpAsked, moveSaving, previousReview, selectAfterWork } from './acts.ts';
import { caseworkSetup, helpIsRead, sameResult, takeBackMs, withWork, withWrapUp } from './caseworkSetup.ts';
import { draftOf, withDraft } from './conversation.ts';
import { goesOn, goneOn, isOffered } from './sameCall.ts';
import { handledWith } from './worklist.ts';
import { dispositionChoices, missing, missingInResult, newWrapUp, withResult, wrapUpFacts } from './wrapUp.ts';

export const paperSide = caseworkSetup.createStateConfig({
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
            withWork(context, { ...helpIsRead(context), exitsOpen: !context.work?.exitsOpen, review: null }),
          ),
        },
        'exit.chosen': { actions: assign(({ context, event }) => exitChosen(context, event.step, event.exit)) },
        'help.asked': { actions: assign(({ context }) => helpAsked(context)) },
        'previous.asked': { actions: assign(({ context }) => previousReview(context)) },
        'review.closed': { actions: assign(({ context }) => withWork(context, { review: null })) },
        'correction.asked': {
          actions: assign(({ context }) =>
            context.work?.review ? withWork(context, { review: { ...context.work.review, askReason: true } }) : {},
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
      description: 'One committed move, or the call for help, becomes durable; only then it is shown.',
      invoke: {
        src: 'record',
        input: ({ context }) => ({ record: context.record, facts: context.saving?.facts ?? [] }),
        onDone: { target: 'script', actions: 'saved' },
        onError: {
          target: 'script',
          actions: [assign({ saving: null }), { type: 'notSaved', params: ({ event }) => ({ error: event.error }) }],
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
              const sentence = context.work && missing(context.work, context);
              return sentence ? { problem: new Problem('WRAP_UP_INCOMPLETE', 'input', sentence) } : {};
            }),
          },
        ],
        'employee.chosen': [
          {
            guard: ({ context, event }) =>
              context.work !== null &&
              missingInResult(context.work, context) === null &&
              isOffered(context, event.caseId),
            target: 'goingOn',
            actions: assign(({ context, event }) => ({ goingOn: goesOn(context, event.caseId), problem: null })),
          },
          {
            // One that is not offered (a key of another picture) is none.
            guard: ({ context, event }) => isOffered(context, event.caseId),
            actions: assign(({ context }) => {
              const sentence = context.work && missingInResult(context.work, context);
              return sentence ? { problem: new Problem('WRAP_UP_INCOMPLETE', 'input', sentence) } : {};
            }),
          },
        ],
      },
    },
    goingOn: {
      description: 'The result and the beginning of the next attempt in the same call become durable, both or neither.',
      invoke: {
        src: 'record',
        input: ({ context }) => ({ record: context.record, facts: context.goingOn?.facts ?? [] }),
        onDone: { target: 'script', actions: assign(({ context }) => goneOn(context)) },
        onError: {
          target: 'wrapUp',
          actions: [assign({ goingOn: null }), { type: 'notSaved', params: ({ event }) => ({ error: event.error }) }],
        },
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
            const {
              facts,
              headers: [header],
            } = event.output;
            if (!work || !header) return {};
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
});
