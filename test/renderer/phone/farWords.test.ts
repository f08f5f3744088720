import { describe, expect, it } from 'vitest';
import { callEndedSchema } from '#shared/call/callResult.ts';
import {
  audioDirection,
  callerNumber,
  clean,
  endedByResponse,
  otherHolds,
  readNote,
  readReason,
} from '../../../renderer/phone/farWords.ts';

const message = (headers: Record<string, string[]>, body = '') => ({
  body,
  data: 'on the wire',
  getHeader: (name: string) => headers[name]?.[0],
  getHeaders: (name: string) => headers[name] ?? [],
});

describe('text of the far side', () => {
  it('loses control and direction characters, is cut, and never ends in half a character', () => {
    expect(clean('a\u0000b\r\nc\u202ed', 20)).toBe('a b  c d');
    expect(clean('😀'.repeat(10), 3)).toBe('😀');
  });

  it('a number is digits, + and * only, and nothing when it is too long to be one', () => {
    expect(callerNumber('+86-154 0000*1')).toBe('+861540000*1');
    expect(callerNumber('anonymous')).toBe('');
    expect(callerNumber('1'.repeat(41))).toBe('');
    expect(callerNumber(undefined)).toBe('');
  });

  it('notes need a type and a body, and end at 4,000 characters', () => {
    const note = (type: string, body: string) => readNote(message({ 'content-type': [type] }, body));
    expect(note('Application/X; charset=utf-8', 'x')).toEqual({
      type: 'call.note',
      contentType: 'application/x',
      body: 'x',
    });
    expect(note('', 'x')).toBeUndefined();
    expect(note('a/b', '')).toBeUndefined();
    expect(note('a/b', 'x'.repeat(4_001))).toBeUndefined();
  });
});

describe('the Reason header', () => {
  it.each([
    [['Q.850;cause=17;text="User busy"'], { q850: 17, text: 'User busy' }],
    [['SIP;cause=200;text="elsewhere", Q.850 ; cause=16'], { q850: 16 }],
    [['Q.850;cause=1;text="a, b; c"'], { q850: 1, text: 'a, b; c' }],
    [['Q.850;cause=999'], {}],
    [['Q.850'], {}],
    [['SIP;cause=480;text="away"'], { text: 'away' }],
    [[`Q.850;${'x'.repeat(5_000)};cause=17`], {}],
    [[], {}],
  ])('%j', (headers, expected) => {
    expect(readReason(headers)).toEqual(expected);
  });
});

describe('endedByResponse', () => {
  it('is a valid call end for every status there is, with or without words', () => {
    for (let statusCode = 300; statusCode < 700; statusCode++) {
      const response = { ...message({ reason: [`Q.850;cause=17;text="${'坏'.repeat(300)}"`] }), statusCode };
      expect(callEndedSchema.safeParse(endedByResponse(response)).success).toBe(true);
    }
  });

  it('a message that sip.js made up is a lost line, or a silence when it is a timeout', () => {
    expect(endedByResponse({ ...message({}), data: '', statusCode: 503 })).toMatchObject({ reason: 'LINE_LOST' });
    expect(endedByResponse({ ...message({}), data: '', statusCode: 408 })).toMatchObject({ reason: 'FAILED' });
  });
});

describe('audioDirection', () => {
  const sdp = (media: string, session = '') => `v=0\r\n${session}t=0 0\r\n${media}`;
  it.each([
    ['sendonly', sdp('m=audio 9 X 0\r\na=sendonly\r\n')],
    ['inactive', sdp('m=audio 9 X 0\r\n', 'a=inactive\r\n')],
    ['sendrecv', sdp('m=audio 9 X 0\r\n')],
    ['recvonly', sdp('m=video 9 X 0\r\na=sendonly\r\nm=audio 9 X 0\r\na=recvonly\r\n')],
    ['sendrecv', sdp('m=audio 9 X 0\r\na=sendrecv\r\nm=video 9 X 0\r\na=inactive\r\n')],
    [undefined, sdp('m=audio 0 X 0\r\n')],
    [undefined, sdp('m=video 9 X 0\r\n')],
    [undefined, 'nonsense'],
  ] as const)('%s', (direction, text) => {
    expect(audioDirection(text)).toBe(direction);
    expect(otherHolds(text)).toBe(direction === 'sendonly' || direction === 'inactive');
  });
});
