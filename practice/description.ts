/** Session descriptions, read and written by sdp-transform only. */
import * as sdpTransform from 'sdp-transform';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
export type Pruned = { sdp: string; direction: Direction; digitsPayloadType: number | undefined };

/** What we do when the other side says what it does. */
export const mirrored: Record<Direction, Direction> = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
};

const isVoice = (codec: string): boolean => codec.toLowerCase() === 'pcmu';
const isDigits = (codec: string): boolean => codec.toLowerCase() === 'telephone-event';

/**
 * Leaves only what we speak: PCMU and telephone-event at 8000 Hz. werift compares telephone-event by its name alone and
 * would take Chromium's 48000 Hz one, which stretches every digit to 720 ms.
 * Throws when there is no audio or no PCMU; the caller answers 488.
 */
export function pruneDescription(text: string): Pruned {
  const description = sdpTransform.parse(text);
  const audio = description.media.find((media) => media.type === 'audio');
  if (audio === undefined) throw new Error('no audio in the offer');
  audio.rtp = audio.rtp.filter(({ codec, rate }) => rate === 8000 && (isVoice(codec) || isDigits(codec)));
  if (!audio.rtp.some(({ codec }) => isVoice(codec))) throw new Error('no PCMU in the offer');
  const kept = new Set(audio.rtp.map(({ payload }) => payload));
  audio.payloads = [...kept].join(' ');
  audio.fmtp = audio.fmtp.filter(({ payload }) => kept.has(payload));
  if (audio.rtcpFb) audio.rtcpFb = audio.rtcpFb.filter(({ payload }) => kept.has(Number(payload)));
  return {
    sdp: sdpTransform.write(description),
    direction: directionOf(audio.direction),
    digitsPayloadType: audio.rtp.find(({ codec }) => isDigits(codec))?.payload,
  };
}

function directionOf(said: string | undefined): Direction {
  return said === 'sendonly' || said === 'recvonly' || said === 'inactive' ? said : 'sendrecv';
}
