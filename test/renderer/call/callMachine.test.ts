import { describe, expect, it } from 'vitest';
import { callMachine } from '../../../renderer/call/callMachine.ts';
import { phoneProblem } from '../../../renderer/phone/phoneProblems.ts';
import { fakeCall } from './fakeCall.ts';

describe('an outgoing call', () => {
  it('goes from dialing over ringing and talking to one output with all facts', () => {
    const { actor, record, view, pass, end } = fakeCall();
    expect(view()).toMatchObject({ phase: 'DIALING', remoteNumber: '15400000001' });
    record.tell({ type: 'call.sent' });
    record.tell({ type: 'call.ringing' });
    expect(view().phase).toBe('RINGING');
    pass(7_000);
    record.tell({ type: 'call.answered' });
    expect(view()).toMatchObject({ phase: 'TALKING', answeredAt: 5_007_000 });
    pass(61_000);
    end({ reason: 'HUNG_UP', by: 'OTHER', q850: 16 });
    expect(actor.getSnapshot()).toMatchObject({
      status: 'done',
      output: {
        ended: { reason: 'HUNG_UP', by: 'OTHER', q850: 16 },
        callId: 'call-id-1',
        rangSeconds: 7,
        talkedSeconds: 61,
        earlyMedia: false,
      },
    });
  });

  it('answered without a ring is talking', () => {
    const { record, view } = fakeCall();
    record.tell({ type: 'call.answered' });
    expect(view()).toMatchObject({ phase: 'TALKING', ringLimitReached: false });
  });

  it('early media is shown while it lasts and stays in the output', () => {
    const { actor, record, view, end } = fakeCall();
    record.tell({ type: 'call.ringing' });
    record.tell({ type: 'call.earlyMedia' });
    expect(view().earlyMedia).toBe(true);
    end({ reason: 'REFUSED', by: 'NETWORK', sipStatus: 404 });
    expect(actor.getSnapshot().output).toMatchObject({ earlyMedia: true, ended: { sipStatus: 404 } });
  });

  it.each([
    { reason: 'REFUSED', by: 'OTHER', sipStatus: 486, q850: 17 },
    { reason: 'FAILED', by: 'NETWORK', sipStatus: 503 },
    { reason: 'LINE_LOST', by: 'NETWORK' },
    { reason: 'NO_MICROPHONE', by: 'STATION' },
    { reason: 'MEDIA_FAILED', by: 'NETWORK' },
  ] as const)('ends before the answer as $reason by $by', (ended) => {
    const { actor, end } = fakeCall();
    end(ended);
    expect(actor.getSnapshot()).toMatchObject({ status: 'done', output: { ended, talkedSeconds: 0 } });
  });

  it('hanging up while it rings asks the call, and the output says that the agent cancelled', () => {
    const { actor, record, acts } = fakeCall();
    record.tell({ type: 'call.ringing' });
    actor.send({ type: 'call.hangUp' });
    expect(acts).toEqual(['hangUp']);
    expect(actor.getSnapshot().output).toMatchObject({ ended: { reason: 'CANCELLED', by: 'AGENT' } });
  });

  it('the ring limit is told and cuts nothing', () => {
    const { actor, record, view, pass, acts } = fakeCall();
    pass(60_000);
    record.tell({ type: 'call.ringing' });
    pass(39_000);
    expect(view().ringLimitReached).toBe(false);
    pass(1_500);
    expect(view()).toMatchObject({ ringLimitReached: true, phase: 'RINGING' });
    expect(acts).toEqual([]);
    record.tell({ type: 'call.answered' });
    expect(view()).toMatchObject({ ringLimitReached: false, phase: 'TALKING' });
    actor.stop();
  });

  it('a dial that throws ends as the station’s failure instead of killing the machine', () => {
    const { actor } = fakeCall('out', () => {
      throw new TypeError('a bug');
    });
    expect(actor.getSnapshot()).toMatchObject({
      status: 'done',
      output: { ended: { reason: 'FAILED', by: 'STATION' }, talkedSeconds: 0, callId: undefined },
    });
  });

  it('a machine that is stopped hangs up: no call outlives its screen', () => {
    const { actor, record, acts } = fakeCall();
    record.tell({ type: 'call.answered' });
    actor.stop();
    expect(acts).toEqual(['hangUp']);
  });
});

describe('an incoming call', () => {
  it('rings, is taken, and talks', async () => {
    const { actor, record, view, settle } = fakeCall('in');
    record.tell({ type: 'call.ringing' });
    expect(view().phase).toBe('INCOMING');
    actor.send({ type: 'call.answer' });
    await settle();
    expect(view().phase).toBe('TALKING');
  });

  it('that the caller gave up is over', () => {
    const { actor, end } = fakeCall('in');
    end({ reason: 'CANCELLED', by: 'OTHER' });
    expect(actor.getSnapshot().output).toMatchObject({ ended: { reason: 'CANCELLED', by: 'OTHER' } });
  });

  it('that cannot be taken says why', async () => {
    const { actor, record, view, agree, settle } = fakeCall('in');
    record.tell({ type: 'call.ringing' });
    agree.answer = false;
    actor.send({ type: 'call.answer' });
    await settle();
    expect(view().problem?.zh).toContain('麦克风');
  });
});

describe('in a conversation', () => {
  const talking = () => {
    const fake = fakeCall();
    fake.record.tell({ type: 'call.answered' });
    return fake;
  };

  it('mute and unmute, each once', () => {
    const { actor, acts, view } = talking();
    actor.send({ type: 'call.mute' });
    actor.send({ type: 'call.mute' });
    expect(view().muted).toBe(true);
    actor.send({ type: 'call.unmute' });
    expect(view().muted).toBe(false);
    expect(acts).toEqual(['muted true', 'muted false']);
  });

  it('hold and resume wait for the far side, and a second click in between does nothing', async () => {
    const { actor, acts, view, settle } = talking();
    actor.send({ type: 'call.hold' });
    actor.send({ type: 'call.hold' });
    expect(view()).toMatchObject({ held: false, holdChanging: true });
    await settle();
    expect(view()).toMatchObject({ held: true, holdChanging: false });
    actor.send({ type: 'call.resume' });
    expect(view()).toMatchObject({ held: true, holdChanging: true });
    await settle();
    expect(view()).toMatchObject({ held: false, holdChanging: false });
    expect(acts).toEqual(['held true', 'held false']);
  });

  it('a resume before the far side agreed to the hold is carried out as soon as it has', async () => {
    const { actor, acts, view, settle } = talking();
    actor.send({ type: 'call.hold' });
    actor.send({ type: 'call.resume' });
    expect(view()).toMatchObject({ holdChanging: true });
    await settle();
    expect(view()).toMatchObject({ held: false, holdChanging: false });
    expect(acts).toEqual(['held true', 'held false']);
  });

  it('a refused hold leaves it active, a refused resume leaves it held, both with a sentence', async () => {
    const { actor, view, agree, settle } = talking();
    agree.hold = false;
    actor.send({ type: 'call.hold' });
    await settle();
    expect(view()).toMatchObject({ held: false, holdChanging: false });
    expect(view().problem?.zh).toContain('保持');
    agree.hold = true;
    actor.send({ type: 'call.hold' });
    await settle();
    agree.hold = false;
    actor.send({ type: 'call.resume' });
    await settle();
    expect(view()).toMatchObject({ held: true, holdChanging: false });
  });

  it('the far side’s hold is a fact of its own beside ours', async () => {
    const { actor, record, view, settle } = talking();
    record.tell({ type: 'call.held', by: 'OTHER' });
    expect(view()).toMatchObject({ heldByOther: true, held: false });
    actor.send({ type: 'call.hold' });
    await settle();
    record.tell({ type: 'call.resumed', by: 'OTHER' });
    expect(view()).toMatchObject({ heldByOther: false, held: true });
  });

  it('nothing can be held before the answer', () => {
    const { actor, acts, view } = fakeCall();
    actor.send({ type: 'call.hold' });
    expect(acts).toEqual([]);
    expect(view().holdChanging).toBe(false);
  });

  it('audio that is interrupted is shown as recovering until it is back', () => {
    const { record, view } = talking();
    record.tell({ type: 'call.mediaLost' });
    expect(view().recovering).toBe(true);
    record.tell({ type: 'call.mediaConnected' });
    expect(view().recovering).toBe(false);
  });

  it('digits and notes go out; a digit that was not sent is told', async () => {
    const { actor, acts, view, settle } = talking();
    actor.send({ type: 'call.digit', digit: '5' });
    actor.send({ type: 'call.sendNote', contentType: 'application/x-practice-step+json', body: '{}' });
    await settle();
    expect(acts).toEqual(['digit 5', 'note application/x-practice-step+json']);
    expect(view().problem).toBeNull();
    const early = fakeCall();
    early.actor.send({ type: 'call.digit', digit: '5' });
    await early.settle();
    expect(early.view().problem).toEqual(phoneProblem('DIGIT_NOT_SENT').sentence);
  });

  it('captions are kept in order, the last fifty of them', () => {
    const { actor, record } = talking();
    for (let i = 0; i < 60; i++) record.tell({ type: 'call.note', contentType: 'text/plain', body: `${i}` });
    const bodies = actor.getSnapshot().context.notes.map((note) => note.body);
    expect(bodies).toHaveLength(50);
    expect(bodies.at(-1)).toBe('59');
  });

  it('measurements become a word', () => {
    const { actor, view } = talking();
    const measured = (packetsReceived: number, loss: number) =>
      actor.send({
        type: 'call.measured',
        measurement: { packetsReceived, loss, roundTrip: 40, jitter: 3, mos: undefined, codec: 'PCMU' },
      });
    measured(50, 0);
    expect(view().quality).toBe('GOOD');
    measured(100, 0.2);
    expect(view().quality).toBe('POOR');
    measured(100, 0);
    expect(view().quality).toBe('SILENT');
  });

  it('while anybody holds no word of before the hold is shown, and silence is not called silence', async () => {
    const { actor, view, settle, record } = talking();
    const measurement = { packetsReceived: 50, loss: 0, roundTrip: 40, jitter: 3, mos: 4.3, codec: 'PCMU' };
    actor.send({ type: 'call.measured', measurement });
    record.tell({ type: 'call.held', by: 'OTHER' });
    expect(view().quality).toBe('HELD');
    actor.send({ type: 'call.measured', measurement: null });
    record.tell({ type: 'call.resumed', by: 'OTHER' });
    expect(view().quality).toBe('UNKNOWN');
    actor.send({ type: 'call.measured', measurement });
    expect(view().quality).toBe('GOOD'); // as many packets as before the hold: no silence
    actor.send({ type: 'call.hold' });
    await settle();
    expect(view().quality).toBe('HELD');
  });
});

it('every state says in a sentence what it is', () => {
  const described = (node: (typeof callMachine.root.states)[string]): void => {
    const children = Object.values(node.states);
    if (children.length === 0) expect(node.description, node.id).toMatch(/[.,]$/);
    for (const child of children) described(child);
  };
  for (const node of Object.values(callMachine.root.states)) described(node);
});
