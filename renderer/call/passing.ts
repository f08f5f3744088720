/**
 * Passing a call on (转接), as one of the call's parallel facts. The other states know nothing of it but hold, which it uses.
 *
 *   none ──call.transfer──► referring ──────────────────────────(call.ended: they have it)
 *     │                        └─ refused ─► none
 *     └─call.consult─► holding ─► calling ─► talking ◄──consult.swap──► customer        customer: talks to us, the colleague waits
 *                        │          │           │└─consult.complete─► completing ─(call.ended)
 *                        └──────────┴───────────┴── refused, cancelled, hung up ─► none
 *
 * Assumptions
 *  - the customer is on hold before a colleague's phone rings: nobody hears what is said of them;
 *  - a consultation that ends by itself leaves the customer on hold, and says so: an agent who is cut off must not be heard at once;
 *    one the agent cancels leads back to the customer, for that is what was asked;
 *  - of two holds at most one is being changed at a time, so that a refused one leaves somebody who can be talked to.
 */
import { stateIn } from 'xstate';
import { callSetup } from './callSetup.ts';

const over = (withCustomer: boolean) =>
  ({
    guard: 'consultEnded',
    target: '#passing.none',
    actions: [{ type: 'sayOver', params: { withCustomer } }, 'leaveColleague'],
  }) as const;
/** The agent gives up the colleague and is with the customer again. */
const back = { target: '#passing.none', actions: ['leaveColleague', 'resumeCustomer'] } as const;

export const passing = callSetup.createStateConfig({
  id: 'passing',
  initial: 'none',
  states: {
    none: {
      description: 'Nobody is being asked.',
      entry: 'forgetPassing',
      on: {
        'call.transfer': { guard: 'inConversation', target: 'referring', actions: 'beginPassing' },
        'call.consult': [
          { guard: stateIn('#heldByUs'), target: 'calling', actions: 'beginPassing' },
          { guard: 'inConversation', target: 'holding', actions: ['beginPassing', 'holdCustomer'] },
        ],
      },
    },
    referring: {
      description: 'The exchange was asked to pass the customer on; the call goes on meanwhile.',
      entry: 'refer',
      on: {
        'call.transferring': { guard: ({ event }) => event.stage === 'RINGING', actions: 'colleagueRings' },
        'call.transferFailed': {
          target: 'none',
          actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
        },
      },
    },
    holding: {
      description: 'The customer is asked to wait; only then the colleague’s phone rings.',
      on: {
        'call.held': { guard: 'heldByUs', target: 'calling' },
        // What is wrong is said by hold itself.
        'call.holdRefused': 'none',
        'consult.cancel': { target: 'none', actions: 'resumeCustomer' },
      },
    },
    calling: {
      description: 'The colleague is being called; the customer waits.',
      entry: 'callColleague',
      on: {
        'consult.heard': [
          { guard: 'consultAnswered', target: 'talking', actions: 'colleagueTalks' },
          { guard: 'consultRings', actions: 'colleagueRings' },
          over(false),
        ],
        'consult.notOpened': {
          target: 'none',
          actions: [{ type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) }, 'resumeCustomer'],
        },
        'consult.cancel': back,
      },
    },
    talking: {
      description: 'With the colleague; the customer waits.',
      on: {
        'consult.heard': over(false),
        'consult.swap': 'leavingColleague',
        'consult.complete': 'completing',
        'consult.cancel': back,
      },
    },
    leavingColleague: {
      description: 'On the way to the customer: the colleague is asked to wait.',
      entry: 'holdColleague',
      on: {
        'consult.heard': [{ guard: 'consultHeld', target: 'resumingCustomer' }, over(false)],
        'consult.holdRefused': {
          target: 'talking',
          actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
        },
        'consult.cancel': back,
      },
    },
    resumingCustomer: {
      description: 'On the way to the customer: they are taken off hold.',
      entry: 'resumeCustomer',
      on: {
        'call.resumed': { guard: 'resumedByUs', target: 'customer' },
        'call.holdRefused': 'backToColleague',
        // They are being taken off hold already: what would hold them again must not be called resuming.
        'consult.heard': over(true),
        'consult.cancel': { target: 'none', actions: 'leaveColleague' },
      },
    },
    customer: {
      description: 'With the customer; the colleague waits.',
      on: {
        'consult.heard': over(true),
        'consult.swap': 'leavingCustomer',
        'consult.cancel': { target: 'none', actions: 'leaveColleague' },
      },
    },
    leavingCustomer: {
      description: 'On the way to the colleague: the customer is asked to wait.',
      entry: 'holdCustomer',
      on: {
        'call.held': { guard: 'heldByUs', target: 'backToColleague' },
        'call.holdRefused': 'customer',
        'consult.heard': over(false),
        'consult.cancel': back,
      },
    },
    backToColleague: {
      description: 'On the way to the colleague: they are taken off hold.',
      entry: 'resumeColleague',
      on: {
        'consult.heard': [{ guard: 'consultResumed', target: 'talking' }, over(false)],
        'consult.holdRefused': {
          target: 'bothWait',
          actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
        },
        'consult.cancel': back,
      },
    },
    bothWait: {
      description: 'Neither could be taken off hold: the agent tries again, or gives the colleague up.',
      on: {
        'consult.heard': over(false),
        'consult.swap': 'backToColleague',
        'consult.cancel': back,
      },
    },
    completing: {
      description: 'Customer and colleague are being put together; our call ends when they are.',
      entry: 'complete',
      on: {
        // The colleague's side may be taken over, and end, before the customer's says that it went well: no end of the try.
        'consult.heard': { guard: 'consultEnded', actions: 'colleagueLeft' },
        'call.transferFailed': [
          {
            guard: 'colleagueLeft',
            target: 'none',
            actions: [{ type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) }, 'leaveColleague'],
          },
          {
            target: 'talking',
            actions: { type: 'complain', params: ({ event }) => ({ sentence: event.sentence }) },
          },
        ],
      },
    },
  },
});
