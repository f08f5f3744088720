/** SIP messages as the scripted far end reads and writes them: plain text, header names in any case, no compact forms. */

export type SipMessage = {
  /** The request's method, or the method of the CSeq for a response. */
  readonly method: string;
  /** undefined: a request. */
  readonly status: number | undefined;
  /** The address in the request line. */
  readonly uri: string;
  readonly body: string;
  /** The first header of that name, '' when there is none. */
  header(name: string): string;
  headers(name: string): readonly string[];
};

export function parseSip(text: string): SipMessage {
  const split = text.indexOf('\r\n\r\n');
  const [first = '', ...lines] = (split < 0 ? text : text.slice(0, split)).replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const all = lines.map((line) => {
    const colon = line.indexOf(':');
    return { name: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() };
  });
  const headers = (name: string) => all.filter((one) => one.name === name.toLowerCase()).map(({ value }) => value);
  const header = (name: string) => headers(name)[0] ?? '';
  const status = /^SIP\/2\.0 (\d{3})/.exec(first)?.[1];
  return {
    method: status === undefined ? (first.split(' ')[0] ?? '') : (header('CSeq').split(' ')[1] ?? ''),
    status: status === undefined ? undefined : Number(status),
    uri: status === undefined ? (first.split(' ')[1] ?? '') : '',
    body: split < 0 ? '' : text.slice(split + 4),
    header,
    headers,
  };
}

export const writeSip = (first: string, headers: readonly string[], body = ''): string =>
  [first, ...headers, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');

/** The address within `"Name" <sip:…>;tag=…`. */
export const addressIn = (header: string): string => /<([^>]*)>/.exec(header)?.[1] ?? header.split(';')[0] ?? '';

export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

export const directionIn = (sdp: string): Direction => {
  const found = /^a=(sendrecv|sendonly|recvonly|inactive)\s*$/m.exec(sdp)?.[1] ?? 'sendrecv';
  return found as Direction; // as: the expression knows no other words
};

/** What a plain telephone says: PCMU and digits. `version`: rises with every change. */
export const plainSdp = (port: number, version: number, direction: Direction = 'sendrecv'): string =>
  [
    'v=0',
    `o=far 1 ${version} IN IP4 127.0.0.1`,
    's=-',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 0 126`,
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:126 telephone-event/8000',
    'a=fmtp:126 0-16',
    `a=${direction}`,
    '',
  ].join('\r\n');

/** What a plain telephone's SDP is made into so that nobody can talk by it. */
export const unusable: Readonly<Record<string, (sdp: string) => string>> = {
  'without audio': (sdp) => sdp.replace(/^m=audio[\s\S]*/m, ''),
  'with video only': (sdp) => sdp.replace(/^m=audio[\s\S]*/m, 'm=video 4000 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n'),
  'with an unknown codec': (sdp) =>
    sdp.replace('RTP/AVP 0 126', 'RTP/AVP 97').replace('126 telephone-event', '97 AMR-WB'),
};
