/** What an SDP offers to speak: whether there is any audio in it that we could hear. */
import { audioDirection } from './farWords.ts';

/** What Chromium speaks of the codecs a telephone network uses; anything else is silence to us. */
const spoken: readonly string[] = ['opus', 'g722', 'pcmu', 'pcma'];
/** Payload types that need no rtpmap (RFC 3551). */
const fixed: Readonly<Record<string, string>> = { 0: 'pcmu', 8: 'pcma', 9: 'g722' };

/** False for an SDP without audio, with a refused one (port 0), or with codecs only that we do not speak. */
export function hasVoice(sdp: string): boolean {
  if (audioDirection(sdp) === undefined) return false;
  const audio = /^m=audio \d+ \S+([^\r\n]*)((?:(?!^m=)[\s\S])*)/m.exec(sdp);
  const payloads = (audio?.[1] ?? '').trim().split(/\s+/);
  const named = new Map(
    [...(audio?.[2] ?? '').matchAll(/^a=rtpmap:(\d+) ([^/\s]+)/gm)].map(([, payload, name]) => [
      payload,
      name?.toLowerCase(),
    ]),
  );
  return payloads.some((payload) => spoken.includes(named.get(payload) ?? fixed[payload] ?? ''));
}
