/**
 * The torture messages of RFC 4475 that make sense over WebSocket (RFC 7118), named by their section: what is odd and right, and what is
 * wrong. Written for whoever is asked (`to`), from whoever asks; Via names the WebSocket hop. Left out are those about UDP ports, broadcast
 * and TLS transports, which no WebSocket carries.
 */
export type TortureMessage = {
  /** Section and name in RFC 4475. */
  name: string;
  /** Right, however odd: a receiver must understand it. */
  valid: boolean;
  /** Makes the message; `token` is fresh for each. */
  text: string;
};

export type TortureParties = {
  /** The address that is asked, sip:…; in a station the one of its Contact. */
  to: string;
  domain: string;
  /** Makes tokens: no two messages share a Call-ID, a branch or a tag. */
  token: () => string;
};

const sdp = [
  'v=0',
  'o=mhandley 29739 7272939 IN IP4 192.0.2.3',
  's=-',
  'c=IN IP4 192.0.2.4',
  't=0 0',
  'm=audio 49217 RTP/AVP 0 12',
  'a=rtpmap:31 LPC',
  '',
].join('\r\n');

type Shape = {
  method?: string;
  uri?: string;
  headers?: Readonly<Record<string, string>>;
  extra?: readonly string[];
  body?: string;
};

/** All of them. What comes back is in the order of the RFC. */
export function tortureMessages({ to, domain, token }: TortureParties): TortureMessage[] {
  /** A plain request, with some of its lines replaced. An empty replacement takes the line away. */
  const request = ({ method = 'INVITE', uri = to, headers = {}, extra = [], body = '' }: Shape): string => {
    const lines: Record<string, string> = {
      Via: `SIP/2.0/WS t.invalid;branch=z9hG4bK${token()}`,
      'Max-Forwards': '70',
      To: `<${to}>`,
      From: `<sip:caller@${domain}>;tag=${token()}`,
      'Call-ID': token(),
      CSeq: `8 ${method}`,
      Contact: '<sip:caller@t.invalid;transport=ws>',
      ...(body === '' ? {} : { 'Content-Type': 'application/sdp' }),
      'Content-Length': String(Buffer.byteLength(body)),
      ...headers,
    };
    const written = Object.entries(lines).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]));
    return [`${method} ${uri} SIP/2.0`, ...written, ...extra, '', body].join('\r\n');
  };
  const response = (status: string, headers: Readonly<Record<string, string>> = {}): string =>
    request({ headers }).replace(/^[^\r]*/, `SIP/2.0 ${status}`);
  const odd = (name: string, text: string): TortureMessage => ({ name, valid: true, text });
  const wrong = (name: string, text: string): TortureMessage => ({ name, valid: false, text });

  return [
    odd(
      '3.1.1.1 wsinv: a short tortuous INVITE',
      request({
        headers: {
          Via: `SIP  / 2.0\r\n /WS\r\n    t.invalid;\r\n branch=z9hG4bK${token()};rport`,
          'Max-Forwards': '0068',
          CSeq: '0009\r\n  INVITE',
          To: `"J Rosenberg \\\\\\""       <${to}>`,
          Contact: `"Quoted string \\"\\"" <sip:caller@t.invalid> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33`,
          'Content-Length': '',
        },
        extra: [
          's :',
          'NewFangledHeader:   newfangled value\r\n continued newfangled value',
          'UnknownHeaderWithUnusualValue: ;;,,;;,;',
          'l: 0',
        ],
      }),
    ),
    odd(
      '3.1.1.2 intmeth: wide range of valid characters',
      request({
        method: "!interesting-Method0123456789_*+`.%indeed'~",
        uri: `sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@${domain}`,
        headers: {
          From: `token1~\`' token2'+_ token3*%!.- <sip:mundane@${domain}>;fromParam''~+*_!.-%="\u0440\u0430\u0431\u043e\u0442\u0430\u044e\u0449\u0438\u0439";tag=_token~1'+\`*%!-.${token()}`,
        },
        extra: ["extensionHeader-!.%*+_`'~: \u5927\u505c\u96fb"],
      }),
    ),
    odd('3.1.1.3 esc01: valid use of the % escape', request({ headers: { To: `<sip:%75se%72@${domain}>` } })),
    odd(
      '3.1.1.4 escnull: escaped nulls in URIs',
      request({ method: 'OPTIONS', headers: { To: `<sip:null-%00-null@${domain}>`, Contact: '<sip:%00@t.invalid>' } }),
    ),
    odd(
      '3.1.1.5 esc02: % where it is no escape',
      request({ method: 'RE%47IST%45R', headers: { To: `"%Z%45" <${to}>` } }),
    ),
    odd(
      '3.1.1.6 lwsdisp: no blank between display name and <',
      request({ method: 'OPTIONS', headers: { From: `caller<sip:caller@${domain}>;tag=${token()}` } }),
    ),
    odd(
      '3.1.1.7 longreq: long values in header fields',
      request({
        headers: {
          To: `"I have a user name of ${'extreme '.repeat(40)}proportion"<sip:user@${domain};unknownparam1=${'very'.repeat(60)}long>`,
          Via: `SIP/2.0/WS t.invalid;branch=z9hG4bK${token()}${'very'.repeat(60)}long`,
          'Call-ID': `${token()}.very${'long'.repeat(100)}callid`,
        },
        extra: [
          `Unknown-${'Long'.repeat(40)}-Name: unknown-${'long'.repeat(40)}-value; unknown-${'long'.repeat(40)}-parameter = x`,
        ],
      }),
    ),
    odd(
      '3.1.1.8 dblreq: a second request behind the first',
      `${request({ method: 'OPTIONS' })}${request({ method: 'INVITE', body: sdp })}`,
    ),
    odd(
      '3.1.1.9 semiuri: semicolon in the user part',
      request({ method: 'OPTIONS', uri: `sip:user;par=u%40example.net@${domain}` }),
    ),
    odd(
      '3.1.1.10 transports: varied transport types',
      request({
        method: 'OPTIONS',
        headers: { Via: `SIP/2.0/WS t.invalid;branch=z9hG4bK${token()}` },
        extra: ['UDP', 'SCTP', 'TLS', 'UNKNOWN'].map(
          (transport) => `Via: SIP/2.0/${transport} t2.invalid;branch=z9hG4bK${token()}`,
        ),
      }),
    ),
    odd(
      '3.1.1.11 mpart01: a multipart body with zero bytes',
      request({
        method: 'MESSAGE',
        body: '--7a9cbec02ceef655\r\nContent-Type: text/plain\r\n\r\nHello\r\n--7a9cbec02ceef655\r\nContent-Type: application/octet-stream\r\n\r\n0\x82\x00\x00\x01\x00\r\n--7a9cbec02ceef655--\r\n',
        headers: { 'Content-Type': 'multipart/mixed;boundary=7a9cbec02ceef655' },
      }),
    ),
    odd('3.1.1.12 unreason: an unusual reason phrase', response('200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e')),
    odd('3.1.1.13 noreason: an empty reason phrase', response('100 ')),
    wrong(
      '3.1.2.1 badinv01: extraneous separators',
      request({ headers: { Via: 'SIP/2.0/WS 192.0.2.15;;,;,,', Contact: '"Joe" <sip:joe@example.org>;;;;' } }),
    ),
    wrong(
      '3.1.2.2 clerr: Content-Length larger than the message',
      request({ body: sdp, headers: { 'Content-Length': '9999' } }),
    ),
    wrong('3.1.2.3 ncl: negative Content-Length', request({ body: sdp, headers: { 'Content-Length': '-999' } })),
    wrong(
      '3.1.2.4 scalar02: scalars beyond their range in a request',
      request({
        method: 'OPTIONS',
        headers: {
          CSeq: '36893488147419103232 OPTIONS',
          'Max-Forwards': '300',
          Contact: '<sip:u@t.invalid>;expires=280297596632815',
        },
        extra: ['Expires: 10000000000000000000000000000000000000000000000'],
      }),
    ),
    wrong(
      '3.1.2.5 scalarlg: scalars beyond their range in a response',
      response('503 Service Unavailable', { CSeq: '9292394834772304023312 OPTIONS' }).replace(
        '\r\n\r\n',
        '\r\nRetry-After: 949302838503028349304023988\r\nWarning: 1812 overture "In Progress"\r\n\r\n',
      ),
    ),
    wrong('3.1.2.6 quotbal: an unterminated quote', request({ headers: { To: `"Mr. J. User <${to}>` } })),
    wrong('3.1.2.7 ltgtruri: <> around the Request-URI', request({ uri: `<${to}>` })),
    wrong('3.1.2.8 lwsruri: blanks within the Request-URI', request({ uri: `${to}; lr` })),
    wrong('3.1.2.9 lwsstart: two blanks in the start line', request({}).replace('INVITE ', 'INVITE  ')),
    wrong(
      '3.1.2.10 trws: blanks behind the start line',
      request({ method: 'OPTIONS' }).replace('SIP/2.0\r\n', 'SIP/2.0  \r\n'),
    ),
    wrong(
      '3.1.2.11 escruri: escaped headers in the Request-URI',
      request({ uri: `${to}?Route=%3Csip:example.com%3E` }),
    ),
    wrong('3.1.2.12 baddate: a Date in another time zone', request({ extra: ['Date: Fri, 01 Jan 2010 16:00:00 EST'] })),
    wrong(
      '3.1.2.13 regbadct: a Contact without <>',
      request({ method: 'OPTIONS', headers: { Contact: 'sip:user@example.com?Route=%3Csip:sip.example.com%3E' } }),
    ),
    wrong(
      '3.1.2.14 badaspec: a blank in an addr-spec',
      request({ method: 'OPTIONS', headers: { To: '"Watson, Thomas" < sip:t.watson@example.org >' } }),
    ),
    wrong(
      '3.1.2.15 baddn: a display name that is no token',
      request({ method: 'OPTIONS', headers: { From: `Bell, Alexander <sip:a.g.bell@example.com>;tag=${token()}` } }),
    ),
    wrong('3.1.2.16 badvers: an unknown version', request({ method: 'OPTIONS' }).replace('SIP/2.0\r\n', 'SIP/7.0\r\n')),
    wrong('3.1.2.17 mismatch01: another method in CSeq', request({ method: 'OPTIONS', headers: { CSeq: '8 INVITE' } })),
    wrong(
      '3.1.2.18 mismatch02: an unknown method, another in CSeq',
      request({ method: 'NEWMETHOD', headers: { CSeq: '8 INVITE' } }),
    ),
    wrong('3.1.2.19 bigcode: an overlarge response code', response('4294967301 better not break the receiver')),
    odd(
      '3.2.1 badbranch: no transaction identifier',
      request({ method: 'OPTIONS', headers: { Via: 'SIP/2.0/WS t.invalid;branch=z9hG4bK' } }),
    ),
    wrong(
      '3.3.1 insuf: required header fields missing',
      'INVITE sip:user@example.com SIP/2.0\r\nCSeq: 193942 INVITE\r\nVia: SIP/2.0/WS t.invalid;branch=z9hG4bKkdj.insuf\r\nContent-Length: 0\r\n\r\n',
    ),
    odd(
      '3.3.2 unkscm: a Request-URI of an unknown scheme',
      request({ method: 'OPTIONS', uri: 'nobodyKnowsThisScheme:totallyopaquecontent' }),
    ),
    odd(
      '3.3.3 novelsc: a Request-URI of a known, other scheme',
      request({ method: 'OPTIONS', uri: 'soap.beep://192.0.2.103:3002' }),
    ),
    odd(
      '3.3.4 unksm2: unknown schemes in header fields',
      request({
        method: 'OPTIONS',
        headers: {
          From: `<http://www.example.com>;tag=${token()}`,
          To: '<isbn:2983792873>',
          Contact: '<name:John_Smith>',
        },
      }),
    ),
    odd(
      '3.3.5 bext01: unknown Require and Proxy-Require',
      request({
        extra: ['Require: nothingSupportsThis, nothingSupportsThisEither', 'Proxy-Require: noProxiesSupportThis'],
      }),
    ),
    odd(
      '3.3.6 invut: a body of an unknown type',
      request({
        body: '<audio>\r\n <pcmu port="443"/>\r\n</audio>\r\n',
        headers: { 'Content-Type': 'application/unknownformat' },
      }),
    ),
    odd(
      '3.3.7 regaut01: an unknown authorization scheme',
      request({ method: 'OPTIONS', extra: ['Authorization: NoOneKnowsThisScheme opaque-data=here'] }),
    ),
    wrong(
      '3.3.8 multi01: single header fields repeated',
      request({
        extra: [
          'CSeq: 59 INVITE',
          `Call-ID: ${token()}`,
          'Max-Forwards: 5',
          `From: <sip:other@example.net>;tag=${token()}`,
          'To: <sip:other@example.net>',
        ],
      }),
    ),
    wrong(
      '3.3.9 mcl01: two Content-Lengths',
      request({ method: 'OPTIONS', body: 'hello', extra: ['Content-Length: 200'] }),
    ),
    odd('3.3.11 zeromf: Max-Forwards of zero', request({ method: 'OPTIONS', headers: { 'Max-Forwards': '0' } })),
    odd(
      '3.3.12 cparam01: a Contact with a header parameter',
      request({ method: 'OPTIONS', headers: { Contact: 'sip:+19725552222@gw1.example.net;unknownparam' } }),
    ),
    odd(
      '3.3.13 cparam02: a Contact with a URI parameter',
      request({ method: 'OPTIONS', headers: { Contact: '<sip:+19725552222@gw1.example.net;unknownparam>' } }),
    ),
    odd(
      '3.3.14 regescrt: a Contact with an escaped Route',
      request({ method: 'OPTIONS', headers: { Contact: '<sip:user@example.com?Route=%3Csip:sip.example.com%3E>' } }),
    ),
    odd(
      '3.3.15 sdp01: a body that Accept does not allow an answer to',
      request({ body: sdp, extra: ['Accept: text/nobodyKnowsThis'] }),
    ),
    odd(
      '3.4.1 inv2543: an INVITE of RFC 2543',
      request({
        headers: {
          Via: 'SIP/2.0/WS 192.0.2.79',
          From: `<sip:caller@${domain}>;tag=${token()}`,
          'Max-Forwards': '',
          'Content-Length': '',
        },
      }),
    ),
  ];
}
