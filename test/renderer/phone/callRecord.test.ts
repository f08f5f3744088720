import { describe, expect, it } from 'vitest';
import { createCallRecord } from '../../../renderer/phone/callRecord.ts';
import type { CallEvent } from '../../../renderer/phone/phone.ts';

function record() {
  let clock = 0;
  const made = createCallRecord(() => clock);
  const heard: string[] = [];
  made.subscribe((event) => heard.push(event.type));
  return { made, heard, pass: (seconds: number) => (clock += seconds * 1_000) };
}

describe('createCallRecord', () => {
  it('ends once: a second end, a late answer and later notes are not told', () => {
    const { made, heard } = record();
    made.end({ reason: 'CANCELLED', by: 'AGENT' });
    made.end({ reason: 'FAILED', by: 'NETWORK' });
    made.tell({ type: 'call.answered' });
    made.tell({ type: 'call.note', contentType: 'a/b', body: 'x' });
    expect(heard).toEqual(['call.ended']);
    expect(made.phase()).toBe('ended');
  });

  it('a listener that comes late hears all of it in order, and once it has ended nothing more', () => {
    const { made } = record();
    made.tell({ type: 'call.sent' });
    made.tell({ type: 'call.ringing' });
    made.end({ reason: 'REFUSED', by: 'OTHER', sipStatus: 486 }, { zh: '一', en: 'one' });
    const late: CallEvent[] = [];
    made.subscribe((event) => late.push(event));
    expect(late.map((event) => event.type)).toEqual(['call.sent', 'call.ringing', 'call.ended']);
    expect(late.at(-1)).toMatchObject({ sentence: { zh: '一' } });
  });

  it('seconds of ringing and talking are counted from what happened', () => {
    const { made, pass } = record();
    made.tell({ type: 'call.ringing' });
    pass(6);
    made.tell({ type: 'call.earlyMedia' });
    made.tell({ type: 'call.answered' });
    pass(30);
    made.end({ reason: 'HUNG_UP', by: 'AGENT' });
    pass(100);
    expect(made.facts('id')).toEqual({ callId: 'id', rangSeconds: 6, talkedSeconds: 30, earlyMedia: true });
  });

  it('repeated 180s and answers are one, and audio after the answer is no early media', () => {
    const { made, heard } = record();
    made.tell({ type: 'call.ringing' });
    made.tell({ type: 'call.ringing' });
    made.tell({ type: 'call.answered' });
    made.tell({ type: 'call.answered' });
    made.tell({ type: 'call.earlyMedia' });
    expect(heard).toEqual(['call.ringing', 'call.answered']);
    expect(made.facts(undefined).earlyMedia).toBe(false);
  });

  it('a flood of notes reaches listeners but does not eat the memory', () => {
    const { made, heard } = record();
    for (let i = 0; i < 5_000; i++) made.tell({ type: 'call.note', contentType: 'a/b', body: 'x' });
    expect(heard).toHaveLength(5_000);
    const late: string[] = [];
    made.subscribe((event) => late.push(event.type));
    expect(late).toHaveLength(500);
  });

  it('who unsubscribes hears nothing more', () => {
    const { made } = record();
    const heard: string[] = [];
    const stop = made.subscribe((event) => heard.push(event.type));
    stop();
    made.tell({ type: 'call.sent' });
    expect(heard).toEqual([]);
  });
});
