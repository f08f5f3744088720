/**
 * Stands in front of the bank server and lets a test break the way to it. Everything passes through unchanged but what a fault names.
 *
 *   page ──► fault proxy ──► bank server
 *
 * Faults apply in the order they were added, the first that fits wins; `times` counts down, without it a fault stays until it is lifted.
 */
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type FaultKind =
  /** The connection is cut before anything is answered. */
  | { kind: 'down' }
  /** Answers this instead; the server hears nothing. */
  | { kind: 'status'; status: number; body?: string; headers?: Record<string, string> }
  /** 200 with a page that is no JSON, as a hotel's portal would. */
  | { kind: 'garbage' }
  /** The server gets half of the body and then nothing more; the page gets a cut connection. */
  | { kind: 'halfRequest' }
  /** The server does it all; the page gets half of the answer. */
  | { kind: 'halfAnswer' }
  /** The server gets the same request twice; the page gets the second answer. */
  | { kind: 'twice' }
  /** The server does it all; its answer is lost. */
  | { kind: 'loseAnswer' }
  /** Waits so long before it passes the request on. */
  | { kind: 'delay'; milliseconds: number }
  /** The server does it; the test rewrites the answer's text. */
  | { kind: 'rewrite'; answer: (text: string) => string };

export type Fault = FaultKind & { path?: RegExp; method?: string; times?: number };

/** `status` 0: nothing was answered. */
export type SeenRequest = { method: string; path: string; status: number; bytes: number; at: number };

export type FaultProxy = {
  /** http://127.0.0.1:PORT, what the workstation is configured with. */
  readonly origin: string;
  readonly port: number;
  /** Adds a fault; call the result to lift it again. */
  add(fault: Fault): () => void;
  lift(): void;
  /** Every request so far, in order of its end. */
  readonly seen: readonly SeenRequest[];
  count(path: RegExp, method?: string): number;
  /** Where requests go from now on. */
  target(port: number): void;
  stop(): Promise<void>;
};

export async function startFaultProxy(targetPort = 0): Promise<FaultProxy> {
  let port = targetPort;
  const faults: Fault[] = [];
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();

  const fitting = (request: IncomingMessage): Fault | undefined => {
    const fault = faults.find(
      (one) =>
        (one.path?.test(request.url ?? '') ?? true) && (one.method === undefined || one.method === request.method),
    );
    if (fault?.times !== undefined) {
      fault.times -= 1;
      if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
    }
    return fault;
  };

  /** Passes a request on; `over` gets the server's response, still to be read. */
  const pass = (request: IncomingMessage, over: (answer: IncomingMessage) => void, broken: () => void): ClientRequest =>
    send(
      { host: '127.0.0.1', port, method: request.method, path: request.url, headers: request.headers, agent: false },
      over,
    ).on('error', broken);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = fitting(request);
    const body = await read(request);
    const note = (status: number) =>
      seen.push({
        method: request.method ?? '',
        path: request.url ?? '',
        status,
        bytes: body.length,
        at: Date.now(),
      });
    const cut = () => {
      note(0);
      response.destroy();
    };
    const whole = (over: (answer: IncomingMessage, text: Buffer) => void) =>
      pass(request, (answer) => void read(answer).then((text) => over(answer, text)), cut).end(body);
    const through = () =>
      pass(
        request,
        (answer) => {
          note(answer.statusCode ?? 0);
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response); // the board's stream goes on for hours
          response.on('close', () => answer.destroy());
        },
        cut,
      ).end(body);

    switch (fault?.kind) {
      case undefined:
        through();
        return;
      case 'down':
        cut();
        return;
      case 'status':
        note(fault.status);
        response.writeHead(fault.status, {
          ...cors(request),
          'content-type': 'application/json',
          ...fault.headers,
        });
        response.end(fault.body ?? '{"broken":true}');
        return;
      case 'garbage':
        note(200);
        response.writeHead(200, { ...cors(request), 'content-type': 'text/html' });
        response.end('<html><body>请先登录无线网络 <b>&amp;</b></body></html>');
        return;
      case 'halfRequest': {
        const half = pass(request, () => undefined, cut);
        half.write(body.subarray(0, Math.floor(body.length / 2)), () => half.destroy());
        return;
      }
      case 'halfAnswer':
        whole((answer, text) => {
          note(0);
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.write(text.subarray(0, Math.floor(text.length / 2)), () => response.destroy());
        });
        return;
      case 'twice':
        whole(() => through());
        return;
      case 'loseAnswer':
        whole(cut);
        return;
      case 'delay':
        setTimeout(through, fault.milliseconds);
        return;
      case 'rewrite':
        whole((answer, text) => {
          note(answer.statusCode ?? 0);
          const { 'content-length': _length, 'content-encoding': _encoding, ...headers } = answer.headers;
          response.writeHead(answer.statusCode ?? 502, headers);
          response.end(fault.answer(text.toString('utf8')));
        });
        return;
    }
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port; // it listens on TCP, so it has one

  return {
    origin: `http://127.0.0.1:${own}`,
    port: own,
    add: (fault) => {
      const added = { ...fault };
      faults.push(added);
      if (added.kind === 'down') for (const socket of sockets) socket.destroy();
      return () => {
        const index = faults.indexOf(added);
        if (index >= 0) faults.splice(index, 1);
      };
    },
    lift: () => {
      faults.length = 0;
    },
    seen,
    count: (path, method) =>
      seen.filter((one) => path.test(one.path) && (method === undefined || one.method === method)).length,
    target: (to) => {
      port = to;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer); // no encoding is set, so it gives buffers
  return Buffer.concat(parts);
}

/** A fault's own answer has to be readable by the page, else it looks like a cut connection. */
function cors(request: IncomingMessage): Record<string, string> {
  const { origin } = request.headers;
  return origin === undefined
    ? {}
    : { 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', vary: 'Origin' };
}
