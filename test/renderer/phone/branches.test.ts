import { expect, it } from 'vitest';
import { sharesKeyOnly } from '../../../renderer/phone/branches.ts';

const sdp = (key: string | undefined, way: string | undefined) =>
  [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 0',
    ...(key === undefined ? [] : [`a=fingerprint:sha-256 ${key}`]),
    ...(way === undefined ? [] : [`a=ice-ufrag:${way}`]),
    'a=sendrecv',
    '',
  ].join('\r\n');

it.each<[string, string, string, boolean]>([
  ['the same description', sdp('AB:CD', 'one'), sdp('AB:CD', 'one'), false],
  ['another way with the same key', sdp('AB:CD', 'one'), sdp('AB:CD', 'two'), true],
  ['ways that differ in nothing but their case', sdp('AB:CD', 'one'), sdp('AB:CD', 'One'), true],
  ['another way with another key', sdp('AB:CD', 'one'), sdp('12:34', 'two'), false],
  ['neither key nor way', sdp(undefined, undefined), sdp(undefined, undefined), false],
])('%s', (_what, heard, next, expected) => {
  expect(sharesKeyOnly(heard, next)).toBe(expected);
});
