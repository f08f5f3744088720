/**
 * What the far side says, made harmless and turned into our words. Everything here comes from a network we do not own: 5 kB
 * headers, missing reason phrases, control characters and broken percent signs are expected.
 */
import type { Core } from 'sip.js';
import type { CallEnded } from '#shared/call/callResult.ts';
import type { CallHappening, CallParty } from './phone.ts';
import { captionContentType } from './phone.ts';

const longestPhrase = 200;
const longestNote = 4_000;

/** Text of the far side: no control characters, at most `longest` characters, never half a surrogate pair. */
export function clean(text: string, longest: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: taking them out is the purpose
  const visible = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, ' ').trim();
  return visible.length <= longest ? visible : visible.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
}

/** A caller's number: digits, + and * only, at most 40; '' when withheld or no number at all. */
export function callerNumber(user: string | undefined): string {
  const digits = (user ?? '').replace(/[^0-9+*]/g, '');
  return digits.length > 40 ? '' : digits;
}

/** The Reason header (RFC 3326): a Q.850 cause 0..127 and the text beside it. */
export function readReason(headers: readonly string[]): { q850?: number; text?: string } {
  // A header may hold several reasons, parted by commas; a comma within quotes parts nothing.
  const q850 = headers
    .flatMap((header) => header.slice(0, 1_000).match(/(?:"[^"]*"|[^,"])+/g) ?? [])
    .find((reason) => /^\s*Q\.850/i.test(reason));
  const cause = Number(/;\s*cause\s*=\s*(\d{1,3})/i.exec(q850 ?? '')?.[1] ?? Number.NaN);
  const text = /;\s*text\s*=\s*"([^"]*)"/i.exec(q850 ?? headers[0]?.slice(0, 1_000) ?? '')?.[1];
  return {
    ...(Number.isInteger(cause) && cause <= 127 ? { q850: cause } : {}),
    ...(text === undefined || text === '' ? {} : { text }),
  };
}

type FarMessage = Pick<Core.IncomingMessage, 'getHeader' | 'getHeaders' | 'body'>;
type FarResponse = FarMessage & { statusCode?: number | undefined; reasonPhrase?: string | undefined; data?: string };

function words(message: FarMessage, phrase?: string): Pick<CallEnded, 'q850' | 'phrase'> {
  const { q850, text } = readReason(message.getHeaders('reason'));
  const said = clean(text ?? phrase ?? '', longestPhrase);
  return { ...(q850 === undefined ? {} : { q850 }), ...(said === '' ? {} : { phrase: said }) };
}

/** Statuses that a person or a handset decided; every other failure is the network's. */
const decidedByOther: readonly number[] = [480, 486, 600, 603, 607];

/**
 * How a dialled call ended by a final response other than 2xx. REFUSED: the call was set up correctly and turned down. FAILED: it
 * never got that far (credentials, redirection, timeouts, faults of servers). A message sip.js made up means the wire failed.
 */
export function endedByResponse(response: FarResponse): CallEnded {
  const status = response.statusCode ?? 500;
  if (!response.data) return { reason: status === 408 ? 'FAILED' : 'LINE_LOST', by: 'NETWORK', sipStatus: status };
  const failed = status < 400 || status === 401 || status === 407 || status === 408 || (status >= 500 && status < 600);
  return {
    reason: failed ? 'FAILED' : 'REFUSED',
    by: decidedByOther.includes(status) ? 'OTHER' : 'NETWORK',
    sipStatus: status,
    ...words(response, response.reasonPhrase),
  };
}

/** How a call ended by the far side's BYE or CANCEL. */
export function endedByOther(reason: 'HUNG_UP' | 'CANCELLED', request: FarMessage | undefined): CallEnded {
  return { reason, by: 'OTHER', ...(request ? words(request) : {}) };
}

/** A note within the call. undefined: empty or too long to be one of ours. */
export function readNote(message: FarMessage): CallHappening | undefined {
  const contentType = clean((message.getHeader('content-type') ?? '').split(';')[0] ?? '', 100).toLowerCase();
  if (contentType === '' || message.body === '' || message.body.length > longestNote) return undefined;
  return { type: 'call.note', contentType, body: message.body };
}

/** A practice caption in a header of a response: percent-encoded JSON. */
export function readCaption(message: FarMessage): CallHappening | undefined {
  const header = message.getHeader('x-practice-caption');
  if (header === undefined || header.length > 3 * longestNote) return undefined;
  try {
    const body = decodeURIComponent(header.trim());
    return body === '' || body.length > longestNote
      ? undefined
      : { type: 'call.note', contentType: captionContentType, body };
  } catch {
    return undefined; // a broken percent sign: no caption
  }
}

/** Who holds, by the direction of the far side's audio (RFC 3264 8.4). undefined: there is no audio in it. */
export function audioDirection(sdp: string): 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive' | undefined {
  const audio = /^m=audio (\d+)(?:(?!^m=)[\s\S])*/m.exec(sdp);
  if (!audio || audio[1] === '0') return undefined;
  const direction = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m;
  const found = direction.exec(audio[0])?.[1] ?? direction.exec(sdp.slice(0, audio.index))?.[1] ?? 'sendrecv';
  // as: the alternatives of the expression are exactly these four
  return found as 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
}

export const otherHolds = (sdp: string): boolean => ['sendonly', 'inactive'].includes(audioDirection(sdp) ?? '');

export const holdEvent = (held: boolean, by: CallParty): CallHappening => ({
  type: held ? 'call.held' : 'call.resumed',
  by,
});

/**
 * What a caller requires (RFC 3261 8.2.2.3): we know no extension. Not even 100rel, for a ringing that has to be acknowledged has to have a description, and ours is
 * made at the answer. Tokens only, for they are said back.
 */
export function unknownExtensions(required: readonly string[]): string[] {
  return required
    .flatMap((line) => line.split(','))
    .map((one) => one.trim().replace(/[^\w.+-]/g, ''))
    .filter((one) => one !== '')
    .slice(0, 10);
}
