import { expect, it } from 'vitest';
import { continueSession } from '../../../renderer/phone/origin.ts';

const sdp = (origin: string) => `v=0\r\no=${origin}\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n`;
const before = sdp('- 4611731400430051336 2 IN IP4 127.0.0.1');

it.each([
  [2, 3],
  [5, 6],
])('the %ith version of another connection is the %ith of the session there was', (own, next) => {
  expect(continueSession(sdp(`- 77 ${own} IN IP4 10.0.0.7`), before)).toBe(
    sdp(`- 4611731400430051336 ${next} IN IP4 10.0.0.7`),
  );
});

it('a session whose number is its version too is renamed once', () => {
  expect(continueSession(sdp('- 2 2 IN IP4 127.0.0.1'), before)).toBe(sdp('- 4611731400430051336 3 IN IP4 127.0.0.1'));
});

it('where nothing names a session nothing is changed', () => {
  const own = sdp('- 77 2 IN IP4 127.0.0.1');
  expect(continueSession(own, '')).toBe(own);
  expect(continueSession('v=0\r\n', before)).toBe('v=0\r\n');
});
