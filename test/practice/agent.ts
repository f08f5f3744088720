/**
 * An agent's phone for tests: sip.js Core on a real WebSocket, werift for the voice. It does what the workstation's phone
 * does (register, dial, answer, hold, digits, transfer, steps) and keeps everything it saw.
 */
import { Core } from 'sip.js';
import { WebSocket } from 'ws';
import { CAPTION_TYPE, type Caption, captionSchema, STEP_TYPE, type Step } from '../../practice/captions.ts';
import { DOMAIN } from '../../practice/exchange.ts';
import { createVoice, type Voice } from './voice.ts';

export type Dialled = { attemptId?: string; context?: object };
export type AgentCall = {
  readonly callId: string;
  /** Every response status in order, and the Reason header of a failure or BYE. */
  readonly statuses: number[];
  readonly captions: Caption[];
  readonly notifications: string[];
  readonly remoteDirections: string[];
  reason: string | undefined;
  /** Resolves with the status of the final response. */
  readonly final: Promise<number>;
  readonly over: Promise<'bye' | 'failed'>;
  received: () => number;
  loudness: () => number;
  cancel: () => void;
  bye: () => Promise<number>;
  hold: (held: boolean) => Promise<number>;
  info: (type: string, body: string) => Promise<number>;
  step: (step: Step) => Promise<number>;
  digit: (digit: number) => Promise<void>;
  refer: (target: string) => Promise<number>;
  speak: (packets: number) => Promise<void>;
  close: () => Promise<void>;
};
export type Ringing = {
  number: string;
  displayName: string;
  answer: () => AgentCall;
  reject: (status: number) => void;
  cancelled: Promise<void>;
};
export type Agent = {
  register: (expires?: number) => Promise<number>;
  dial: (number: string, how?: Dialled) => AgentCall;
  /** The next call that comes in. */
  rings: () => Promise<Ringing>;
  options: () => Promise<number>;
  closed: Promise<void>;
  close: () => Promise<void>;
};

/** Rejects when the socket is refused. */
export async function createAgent(port: number, user: string, password: string, origin?: string): Promise<Agent> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, 'sip', { headers: origin ? { origin } : {} });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const loggers = new Core.LoggerFactory();
  loggers.builtinEnabled = false;
  const host = 'agent.invalid';
  const aor = new Core.URI('sip', user, DOMAIN);
  const contact = new Core.URI('sip', user, host, undefined, { transport: 'ws' });
  const contactHeader = `Contact: <${contact.toString()}>`;
  const voices = new Set<{ close: () => Promise<void> }>();
  let ringing: ((ringing: Ringing) => void) | undefined;
  // One after another: as DTLS client werift gives up when a busy machine shakes many hands at once.
  let handshakes: Promise<void> = Promise.resolve();

  const transport: Core.Transport = {
    protocol: 'WS',
    send: (text) => new Promise((resolve, reject) => socket.send(text, (error) => (error ? reject(error) : resolve()))),
  };
  const core = new Core.UserAgentCore(
    {
      aor,
      contact: { uri: contact, pubGruu: undefined, tempGruu: undefined, toString: () => `<${contact.toString()}>` },
      displayName: '',
      loggerFactory: loggers,
      hackViaTcp: false,
      routeSet: [],
      sipjsId: 'agent',
      supportedOptionTags: [],
      supportedOptionTagsResponse: [],
      userAgentHeaderFieldValue: 'test-agent',
      viaForceRport: false,
      viaHost: host,
      authenticationFactory: () => new Core.DigestAuthentication(loggers, undefined, user, password),
      transportAccessor: () => transport,
    },
    { onInvite: (request) => invited(request) },
  );
  socket.on('message', (data) => {
    const message = Core.Parser.parseMessage(data.toString(), loggers.getLogger('parser'));
    if (message instanceof Core.IncomingRequestMessage) core.receiveIncomingRequestFromTransport(message);
    else if (message) core.receiveIncomingResponseFromTransport(message);
  });

  const request = (method: string, uri: Core.URI, extra: string[] = []): Promise<number> =>
    new Promise((resolve) => {
      const message = core.makeOutgoingRequestMessage(method, uri, aor, method === 'REGISTER' ? aor : uri, {}, extra);
      const finish = ({ message: { statusCode } }: Core.IncomingResponse): void => resolve(statusCode ?? 0);
      if (method === 'REGISTER') core.register(message, { onAccept: finish, onReject: finish });
      else core.request(message, { onAccept: finish, onReject: finish });
    });

  function newCall(callId: string, voice: Voice) {
    let tellFinal: (status: number) => void = () => {};
    let tellOver: (how: 'bye' | 'failed') => void = () => {};
    let session: Core.Session | undefined;
    let giveUp: () => void = () => {};
    let established = false;
    voices.add(voice);
    const inside = (send: (on: Core.OutgoingRequestDelegate) => unknown): Promise<number> =>
      new Promise((resolve) => {
        const finish = ({ message: { statusCode } }: Core.IncomingResponse): void => resolve(statusCode ?? 0);
        send({ onAccept: finish, onReject: finish });
      });
    const live = (): Core.Session => {
      if (!session) throw new Error('no session yet');
      return session;
    };
    const info = (type: string, content: string): Promise<number> =>
      inside((on) => live().info(on, { body: { contentDisposition: 'render', contentType: type, content } }));
    const call: AgentCall = {
      callId,
      statuses: [],
      captions: [],
      notifications: [],
      remoteDirections: [],
      reason: undefined,
      final: new Promise((resolve) => {
        tellFinal = resolve;
      }),
      over: new Promise((resolve) => {
        tellOver = resolve;
      }),
      received: voice.received,
      loudness: voice.loudness,
      cancel: () => giveUp(),
      bye: () => {
        tellOver('bye');
        return inside((on) => live().bye(on));
      },
      hold: async (held) => {
        const sdp = await voice.offer(held ? 'sendonly' : 'sendrecv');
        return new Promise((resolve) => {
          live().invite(
            {
              onAccept: (response) => {
                response.ack();
                const answer = Core.getBody(response.message)!.content;
                call.remoteDirections.push(/a=(sendrecv|sendonly|recvonly|inactive)/.exec(answer)?.[1] ?? '');
                void voice.accept(answer).then(() => resolve(200));
              },
              onReject: ({ message: { statusCode } }) => resolve(statusCode ?? 0),
            },
            {
              extraHeaders: [contactHeader],
              body: { contentDisposition: 'session', contentType: 'application/sdp', content: sdp },
            },
          );
        });
      },
      info,
      step: (step) => info(STEP_TYPE, JSON.stringify(step)),
      digit: voice.digit,
      refer: (target) =>
        inside((on) => live().refer(on, { extraHeaders: [`Refer-To: <sip:${target}@${DOMAIN}>`, contactHeader] })),
      speak: voice.speak,
      close: voice.close,
    };
    const use = (next: Core.Session): void => {
      session = next;
      next.delegate = {
        onBye: (bye) => {
          call.reason = bye.message.getHeader('Reason');
          bye.accept();
          tellOver('bye');
        },
        onInfo: (received) => {
          if (!established) return; // dropped without an answer, as sip.js's own sessions do
          received.accept();
          if (received.message.getHeader('content-type') === CAPTION_TYPE)
            call.captions.push(captionSchema.parse(JSON.parse(received.message.body)));
        },
        onInvite: async (again) => {
          const offer = Core.getBody(again.message)!.content;
          call.remoteDirections.push(/a=(sendrecv|sendonly|recvonly|inactive)/.exec(offer)?.[1] ?? '');
          const content = await voice.answer(offer);
          again.accept({
            statusCode: 200,
            extraHeaders: [contactHeader],
            body: { contentDisposition: 'session', contentType: 'application/sdp', content },
          });
        },
        onNotify: (notified) => {
          notified.accept();
          call.notifications.push(notified.message.body.trim());
        },
      };
    };
    const read = (message: Core.IncomingResponseMessage): void => {
      call.statuses.push(message.statusCode ?? 0);
      const header = message.getHeader('X-Practice-Caption');
      if (header) call.captions.push(captionSchema.parse(JSON.parse(decodeURIComponent(header))));
    };
    return {
      call,
      use,
      read,
      finish: (status: number) => {
        established = true;
        tellFinal(status);
      },
      fail: (reason: string | undefined, status: number) => {
        call.reason = reason;
        tellFinal(status);
        tellOver('failed');
      },
      onGiveUp: (act: () => void) => {
        giveUp = act;
      },
    };
  }

  function dial(number: string, { attemptId, context }: Dialled = {}): AgentCall {
    const target = new Core.URI('sip', number, DOMAIN);
    const headers = [contactHeader];
    if (attemptId) headers.push(`X-Attempt-Id: ${attemptId}`);
    if (context) headers.push(`X-Practice: ${encodeURIComponent(JSON.stringify(context))}`);
    const message = core.makeOutgoingRequestMessage('INVITE', target, aor, target, {}, headers);
    const voice = createVoice();
    const { call, use, read, finish, fail, onGiveUp } = newCall(message.callId, voice);
    let described = false;
    const takeAnswer = async (response: Core.IncomingResponseMessage): Promise<void> => {
      const answer = Core.getBody(response);
      if (!answer || described) return;
      described = true;
      const turn = handshakes.then(() => (voice.isClosed() ? undefined : voice.accept(answer.content)));
      handshakes = turn.then(() => Promise.race([voice.settled(), call.over])).then(() => {});
      await turn;
    };
    const start = async (): Promise<void> => {
      message.body = { contentType: 'application/sdp', body: await voice.offer() };
      const invitation = core.invite(message, {
        onProgress: (response) => {
          read(response.message);
          use(response.session);
          void takeAnswer(response.message);
        },
        onAccept: async (response) => {
          read(response.message);
          use(response.session);
          await takeAnswer(response.message);
          response.ack();
          finish(response.message.statusCode ?? 0);
        },
        onReject: (response) => {
          read(response.message);
          fail(response.message.getHeader('Reason'), response.message.statusCode ?? 0);
        },
      });
      onGiveUp(() => invitation.cancel());
    };
    void start();
    return call;
  }

  function invited(request: Core.IncomingInviteRequest): void {
    let tellCancelled: () => void = () => {};
    const cancelled = new Promise<void>((resolve) => {
      tellCancelled = resolve;
    });
    request.delegate = {
      onCancel: () => {
        request.reject({ statusCode: 487 });
        tellCancelled();
      },
    };
    request.progress({ statusCode: 180 });
    ringing?.({
      number: request.message.from.uri.user ?? '',
      displayName: request.message.from.displayName ?? '', // typed as a string, undefined when there is none
      cancelled,
      reject: (statusCode) => void request.reject({ statusCode }),
      answer: () => {
        const voice = createVoice();
        const { call, use, finish } = newCall(request.message.callId, voice);
        void voice.answer(Core.getBody(request.message)!.content).then((content) => {
          use(
            request.accept({
              statusCode: 200,
              body: { contentDisposition: 'session', contentType: 'application/sdp', content },
            }).session,
          );
          finish(200);
        });
        return call;
      },
    });
  }

  return {
    register: (expires = 60) =>
      request('REGISTER', new Core.URI('sip', '', DOMAIN), [contactHeader, `Expires: ${expires}`]),
    dial,
    rings: () =>
      new Promise((resolve) => {
        ringing = resolve;
      }),
    options: () => request('OPTIONS', new Core.URI('sip', '', DOMAIN), [contactHeader]),
    closed,
    close: async () => {
      await Promise.all([...voices].map((voice) => voice.close()));
      core.dispose();
      socket.terminate();
      await closed;
    },
  };
}
