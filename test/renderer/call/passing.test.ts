import { describe, expect, it } from 'vitest';
import { createActor, SimulatedClock } from 'xstate';
import { permitInternal } from '#shared/policy/dialPermit.ts';
import { callMachine } from '../../../renderer/call/callMachine.ts';
import { createCallRecord } from '../../../renderer/phone/callRecord.ts';
import type { Call } from '../../../renderer/phone/phone.ts';
import { phoneProblem } from '../../../renderer/phone/phoneProblems.ts';
import { passingActs, selectPassing } from '../../../renderer/station/selectPassing.ts';

const permit = permitInternal([{ number: '8001', name: { zh: '授信', en: 'Credit' } }], '8001', 0)!; // it is on the list

/** A far side that agrees to everything unless told otherwise; `acts` is what both calls were asked, in order. */
function talkingCall() {
  const acts: string[] = [];
  const agree = { hold: true, colleagueHold: true, transfer: true };
  /** A side takes its time: the test tells when it agreed. */
  const slow = { hold: false, colleagueHold: false };
  const make = (name: string, canHold: () => boolean, isSlow: () => boolean) => {
    const record = createCallRecord(() => 0);
    const call: Call = {
      id: name,
      direction: 'out',
      remoteNumber: name,
      subscribe: record.subscribe,
      facts: () => record.facts(name),
      measure: async () => undefined,
      answer: async () => undefined,
      hangUp() {
        acts.push(`${name} hangs up`);
        record.end({ reason: 'HUNG_UP', by: 'AGENT' });
      },
      setMuted: (muted) => acts.push(`${name} ${muted ? 'muted' : 'open'}`),
      async setHeld(held) {
        acts.push(`${name} ${held ? 'held' : 'resumed'}`);
        if (!canHold()) throw phoneProblem('HOLD_REFUSED');
        if (isSlow()) return;
        record.tell({ type: held ? 'call.held' : 'call.resumed', by: 'AGENT' });
      },
      sendDigit: async (digit) => void acts.push(`${name} ${digit}`),
      redialExtension: async () => void acts.push(`${name} extension`),
      sendNote: async () => undefined,
      async transfer(to) {
        acts.push(`${name} onto ${'hangUp' in to ? to.id : to.number}`);
        if (!agree.transfer) throw phoneProblem('TRANSFER_BUSY');
        record.end({ reason: 'HUNG_UP', by: 'AGENT' });
      },
    };
    return { call, record };
  };
  const customer = make(
    'customer',
    () => agree.hold,
    () => slow.hold,
  );
  const colleague = make(
    'colleague',
    () => agree.colleagueHold,
    () => slow.colleagueHold,
  );
  const clock = new SimulatedClock();
  let level = 0;
  const actor = createActor(callMachine, {
    clock,
    input: {
      direction: 'out',
      open: () => customer.call,
      consult: () => {
        acts.push('colleague dialled');
        return colleague.call;
      },
      microphoneLevel: () => level,
      ringSeconds: 40,
      now: () => clock.now(),
    },
  });
  actor.start();
  customer.record.tell({ type: 'call.answered' });
  acts.length = 0;
  return {
    actor,
    acts,
    agree,
    slow,
    customer: customer.record,
    colleague: colleague.record,
    passing: () => {
      const { value } = actor.getSnapshot();
      return typeof value === 'object' && 'live' in value ? (value.live as { passing: string }).passing : 'over'; // its region
    },
    problem: () => actor.getSnapshot().context.problem?.en,
    setLevel: (next: number) => {
      level = next;
    },
    clock,
    settle: async () => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    },
    async send(
      ...types: ('call.transfer' | 'call.consult' | 'consult.swap' | 'consult.complete' | 'consult.cancel')[]
    ) {
      for (const type of types) {
        if (type === 'call.transfer' || type === 'call.consult') actor.send({ type, permit });
        else actor.send({ type });
        await this.settle();
      }
    },
    async consulting() {
      await this.send('call.consult');
      colleague.record.tell({ type: 'call.ringing' });
      colleague.record.tell({ type: 'call.answered' });
      await this.settle();
    },
  };
}

describe('a blind transfer', () => {
  it('asks for it once, says how far it is, and the call ends when they have it', async () => {
    const t = talkingCall();
    await t.send('call.transfer');
    expect(t.acts).toEqual(['customer onto 8001']);
    expect(t.actor.getSnapshot()).toMatchObject({ status: 'done', output: { ended: { reason: 'HUNG_UP' } } });
  });

  it('refused leaves the conversation as it was, with the sentence why', async () => {
    const t = talkingCall();
    t.agree.transfer = false;
    await t.send('call.transfer');
    expect([t.passing(), t.problem()]).toEqual(['none', phoneProblem('TRANSFER_BUSY').sentence.en]);
    expect(t.actor.getSnapshot().matches({ live: { progress: 'talking', hold: 'active' } })).toBe(true);
  });

  it('is nothing before the answer', async () => {
    const t = talkingCall();
    const ringing = createActor(callMachine, {
      input: { direction: 'out', open: () => createCall(), ringSeconds: 40, now: () => 0 },
    }).start();
    ringing.send({ type: 'call.transfer', permit });
    ringing.send({ type: 'call.consult', permit });
    expect(ringing.getSnapshot().matches({ live: { passing: 'none' } })).toBe(true);
    function createCall(): Call {
      return { ...t.actor.getSnapshot().context.handle!, subscribe: createCallRecord(() => 0).subscribe }; // it was opened
    }
  });
});

describe('a consultation', () => {
  it('holds the customer first, then calls; completing joins the two', async () => {
    const t = talkingCall();
    await t.consulting();
    expect(t.acts).toEqual(['customer held', 'colleague dialled', 'colleague open']);
    expect(t.passing()).toBe('talking');
    await t.send('consult.complete');
    expect(t.acts.slice(3)).toEqual(['customer onto colleague', 'colleague hangs up']);
    expect(t.actor.getSnapshot().status).toBe('done');
  });

  it('does not call anybody when the customer cannot be put on hold', async () => {
    const t = talkingCall();
    t.agree.hold = false;
    await t.send('call.consult');
    expect([t.acts, t.passing()]).toEqual([['customer held'], 'none']);
    expect(t.problem()).toBe(phoneProblem('HOLD_REFUSED').sentence.en);
  });

  it('asked for while the customer is still being taken off hold waits for that, and holds them again', async () => {
    const t = talkingCall();
    t.actor.send({ type: 'call.hold' });
    await t.settle();
    t.slow.hold = true;
    t.actor.send({ type: 'call.resume' });
    await t.send('call.consult');
    expect([t.acts, t.passing()]).toEqual([['customer held', 'customer resumed'], 'holding']);
    t.slow.hold = false;
    t.customer.tell({ type: 'call.resumed', by: 'AGENT' });
    await t.settle();
    expect(t.acts.slice(2)).toEqual(['customer held', 'colleague dialled', 'colleague open']);
    expect(t.passing()).toBe('calling');
  });

  it('can be given up while the customer is being put on hold, who is then taken off again', async () => {
    const t = talkingCall();
    t.slow.hold = true;
    await t.send('call.consult', 'consult.cancel');
    expect([t.acts, t.passing()]).toEqual([['customer held'], 'none']);
    t.slow.hold = false;
    t.customer.tell({ type: 'call.held', by: 'AGENT' });
    await t.settle();
    expect(t.acts).toEqual(['customer held', 'customer resumed']);
    expect(t.actor.getSnapshot().matches({ live: { hold: 'active' } })).toBe(true);
  });

  it('of a customer who is on hold already calls at once', async () => {
    const t = talkingCall();
    t.actor.send({ type: 'call.hold' });
    await t.settle();
    await t.consulting();
    expect(t.acts).toEqual(['customer held', 'colleague dialled', 'colleague open']);
  });

  it('is swapped there and back, one of the two always on hold', async () => {
    const t = talkingCall();
    await t.consulting();
    t.acts.length = 0;
    await t.send('consult.swap');
    expect([t.acts, t.passing()]).toEqual([['colleague held', 'customer resumed'], 'customer']);
    t.acts.length = 0;
    await t.send('consult.swap');
    expect([t.acts, t.passing()]).toEqual([['customer held', 'colleague resumed'], 'talking']);
  });

  it('whose colleague leaves while the customer is being taken off hold is with the customer, and says so', async () => {
    const t = talkingCall();
    await t.consulting();
    t.slow.hold = true;
    await t.send('consult.swap');
    expect(t.passing()).toBe('resumingCustomer');
    t.colleague.end({ reason: 'HUNG_UP', by: 'OTHER' });
    await t.settle();
    expect([t.passing(), t.problem()]).toEqual(['none', expect.stringMatching(/talking to the customer/)]);
    t.customer.tell({ type: 'call.resumed', by: 'AGENT' });
    await t.settle();
    expect(t.actor.getSnapshot().matches({ live: { hold: 'active' } })).toBe(true);
  });

  it.each(['leavingColleague', 'resumingCustomer', 'leavingCustomer', 'backToColleague'] as const)(
    'can be given up in the middle of a swap that nobody answers (%s): only the customer is left, off hold',
    async (place) => {
      const t = talkingCall();
      await t.consulting();
      if (place === 'leavingCustomer' || place === 'backToColleague') await t.send('consult.swap');
      t.slow.colleagueHold = place === 'leavingColleague' || place === 'backToColleague';
      t.slow.hold = !t.slow.colleagueHold;
      await t.send('consult.swap');
      expect(t.passing()).toBe(place);
      expect(passingActs(selectPassing(t.actor.getSnapshot())!.stage).cancel).toBe(true); // one is under way
      t.acts.length = 0;
      await t.send('consult.cancel');
      expect(t.passing()).toBe('none');
      expect(t.acts[0]).toBe('colleague hangs up');
      // The customer's side agrees at last to what it was asked, and to what is asked then.
      t.slow.hold = false;
      if (place === 'leavingCustomer') t.customer.tell({ type: 'call.held', by: 'AGENT' });
      if (place === 'resumingCustomer') t.customer.tell({ type: 'call.resumed', by: 'AGENT' });
      await t.settle();
      expect(t.actor.getSnapshot().matches({ live: { hold: 'active' } })).toBe(true);
      expect(t.actor.getSnapshot().status).toBe('active');
    },
  );

  it('whose swap is refused stays with whom it can be talked to', async () => {
    const t = talkingCall();
    await t.consulting();
    t.agree.colleagueHold = false;
    await t.send('consult.swap');
    expect(t.passing()).toBe('talking');
    expect(t.actor.getSnapshot().matches({ live: { hold: 'held' } })).toBe(true);
  });

  it('cancelled hangs up on the colleague and takes the customer off hold', async () => {
    const t = talkingCall();
    await t.consulting();
    t.acts.length = 0;
    await t.send('consult.cancel');
    expect([t.acts, t.passing()]).toEqual([['colleague hangs up', 'customer resumed'], 'none']);
  });

  it('cancelled while the colleague’s phone rings does the same', async () => {
    const t = talkingCall();
    await t.send('call.consult');
    t.acts.length = 0;
    await t.send('consult.cancel');
    expect([t.acts, t.passing()]).toEqual([['colleague hangs up', 'customer resumed'], 'none']);
  });

  it.each([
    [486, false, /busy/],
    [480, false, /not reached/],
    [200, true, /hung up/],
  ])(
    'that ends by itself (%i, answered %s) leaves the customer on hold and says so',
    async (sipStatus, answered, said) => {
      const t = talkingCall();
      if (answered) await t.consulting();
      else await t.send('call.consult');
      t.colleague.end({ reason: answered ? 'HUNG_UP' : 'REFUSED', by: 'OTHER', sipStatus });
      await t.settle();
      expect(t.passing()).toBe('none');
      expect(t.problem()).toMatch(said);
      expect(t.problem()).toMatch(/on hold/);
      expect(t.actor.getSnapshot().matches({ live: { hold: 'held' } })).toBe(true);
    },
  );

  it('whose transfer is refused goes on with both still there', async () => {
    const t = talkingCall();
    await t.consulting();
    t.agree.transfer = false;
    await t.send('consult.complete');
    expect([t.passing(), t.problem()]).toEqual(['talking', phoneProblem('TRANSFER_BUSY').sentence.en]);
  });

  it('ends with the customer’s call: no colleague is left on a line that nobody shows', async () => {
    const t = talkingCall();
    await t.consulting();
    t.acts.length = 0;
    t.customer.end({ reason: 'HUNG_UP', by: 'OTHER' });
    await t.settle();
    expect(t.acts).toEqual(['colleague hangs up']);
  });

  it('keeps the microphone muted that was muted before', async () => {
    const t = talkingCall();
    t.actor.send({ type: 'call.mute' });
    await t.consulting();
    expect(t.acts).toEqual(['customer muted', 'customer held', 'colleague dialled', 'colleague muted']);
    t.actor.send({ type: 'call.unmute' });
    expect(t.acts.slice(4)).toEqual(['customer open', 'colleague open']);
  });
});

describe('digits', () => {
  it('of the extension are shown as they leave, and it can be dialled again', () => {
    const t = talkingCall();
    const sent = () => t.actor.getSnapshot().context.extensionSent;
    expect(sent()).toBeNull();
    t.customer.tell({ type: 'call.extensionBegun' });
    t.customer.tell({ type: 'call.digitSent', digit: '8', extension: true });
    t.customer.tell({ type: 'call.digitSent', digit: '5', extension: false });
    t.customer.tell({ type: 'call.digitSent', digit: '0', extension: true });
    expect(sent()).toBe('80');
    t.actor.send({ type: 'call.redialExtension' });
    t.customer.tell({ type: 'call.extensionBegun' });
    expect([t.acts, sent()]).toEqual([['customer extension'], '']);
  });

  it('go to whom is being talked to', async () => {
    const t = talkingCall();
    await t.consulting();
    t.acts.length = 0;
    t.actor.send({ type: 'call.digit', digit: '5' });
    expect(t.acts).toEqual(['colleague 5']);
  });
});

describe('a muted microphone', () => {
  it('is listened to while muted, and what was said then is over with the mute', async () => {
    const { vi } = await import('vitest');
    vi.useFakeTimers();
    try {
      const t = talkingCall();
      const speaks = () => t.actor.getSnapshot().matches({ live: { microphone: { muted: 'speaking' } } });
      const talk = (seconds: number, muted: boolean) => {
        for (let at = 0; at < seconds * 1000; at += 100) {
          t.setLevel(at % 600 < 400 ? 0.6 : 0.1);
          t.clock.increment(100);
          vi.advanceTimersByTime(100);
          if (!muted) expect(speaks()).toBe(false);
        }
      };
      talk(5, false);
      t.actor.send({ type: 'call.mute' });
      talk(4, true);
      expect(speaks()).toBe(true);
      t.actor.send({ type: 'call.unmute' });
      expect(speaks()).toBe(false);
      talk(5, false);
    } finally {
      vi.useRealTimers();
    }
  });
});
