import { expect, it } from 'vitest';
import { hasVoice } from '../../../renderer/phone/voice.ts';

const audio = (line: string, ...more: string[]) => ['v=0', 's=-', 'a=sendrecv', line, ...more, ''].join('\r\n');

it.each<[string, string, boolean]>([
  ['PCMU by its number', audio('m=audio 9 RTP/AVP 0'), true],
  ['Opus by its name', audio('m=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=rtpmap:111 opus/48000/2'), true],
  ['an unknown codec beside a known one', audio('m=audio 9 RTP/AVP 96 8', 'a=rtpmap:96 AMR-WB/16000'), true],
  ['unknown codecs only', audio('m=audio 9 RTP/AVP 96 18', 'a=rtpmap:96 AMR-WB/16000'), false],
  ['a number of its own for what is fixed', audio('m=audio 9 RTP/AVP 0', 'a=rtpmap:0 G729/8000'), false],
  ['digits only', audio('m=audio 9 RTP/AVP 101', 'a=rtpmap:101 telephone-event/8000'), false],
  ['refused audio', audio('m=audio 0 RTP/AVP 0'), false],
  ['video only', audio('m=video 9 RTP/AVP 0'), false],
  ['audio after video', audio('m=video 9 RTP/AVP 96', 'a=rtpmap:96 VP8/90000', 'm=audio 9 RTP/AVP 8'), true],
  ['nothing', '', false],
])('%s', (_name, sdp, expected) => {
  expect(hasVoice(sdp)).toBe(expected);
});
