/**
 * A station for the specs of this folder: the project's real phone (renderer/phone) and line machine (renderer/line) in a real Chromium,
 * without screens, casework or bank server. One network, one practice PBX and one browser serve a whole worker.
 *
 *   import { expect, test } from './station.ts';
 *
 *   test('a busy customer is told as busy', async ({ kamailio, openStation }) => {
 *     const station = await openStation();                 // registered, microphone open; a user and a page of its own
 *     const call = await station.dial('2002');             // callees.ts; or kamailio.callee(async (call) => { … }) for a far end of your own
 *     expect(await call.ended()).toMatchObject({ ended: { reason: 'REFUSED', sipStatus: 486 } });
 *   });
 *
 * Fixtures:
 *   kamailio     the shared SipNetwork (network.ts): do not stop, restart or freeze it; start one of your own for that
 *   practice     the shared practice PBX (speed 8)
 *   openStation  opens a station; `{ on: practice }` for the practice PBX, `{ on: network }` for a network of your own, `{ proxies: [way.url] }`
 *                for other ways to it, `{ registered: false }` not to wait, `{ password, iceServers, expiresAt, microphone: 'denied', signIn: false }`.
 *                All are closed after the test, which fails when a page threw something.
 *
 * What a station gives is below, type `Station`; everything else of the page: `station.run((lab, argument) => …, argument)` (stationPage.ts).
 */
// biome-ignore-all lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test as base, type Page } from '@playwright/test';
import { build } from 'esbuild';
import type { CallEvent, CallFacts, CallMeasurement, Digit } from '../../renderer/phone/phone.ts';
import { type PracticeProcess, accounts as practiceAccounts, startPractice } from '../practice/process.ts';
import { type SipNetwork, startSipNetwork } from './network.ts';
import type { SeenEvent, StationAccount, StationLab, StationMessage } from './stationPage.ts';

export { expect } from '@playwright/test';

/** Generous: other tests may use the machine at the same time. */
const patience = 20_000;

export type StationCall = {
  readonly index: number;
  /** Resolves with the `times`-th event of that type; at most `within` ms. */
  until(type: CallEvent['type'], how?: { times?: number; within?: number }): Promise<SeenEvent>;
  ended(within?: number): Promise<Extract<CallEvent, { type: 'call.ended' }> & { facts: CallFacts }>;
  /** Types of all events so far, in order. */
  seen(): Promise<CallEvent['type'][]>;
  facts(): Promise<CallFacts>;
  /** 'ok' or the code of the Problem. */
  answer(): Promise<string>;
  hold(held: boolean): Promise<string>;
  digit(digit: Digit): Promise<string>;
  hangUp(): Promise<void>;
  mute(muted: boolean): Promise<void>;
  measure(): Promise<CallMeasurement | undefined>;
  /** Packets and audio energy that arrived within so many ms (500 unless told). */
  hears(milliseconds?: number): Promise<{ packets: number; energy: number }>;
  /** Audio energy of the first sound that arrives from now on; 0 when none came. */
  hearsSomething(within?: number): Promise<number>;
};

export type Station = {
  readonly user: string;
  readonly account: StationAccount;
  readonly page: Page;
  dial(
    number: string,
    options?: { extension?: string; headers?: Record<string, string>; attempt?: string },
  ): Promise<StationCall>;
  /** The call at that place, also one that came in. Waits for it. */
  call(index: number): Promise<StationCall>;
  /** SIGNED_OUT, CONNECTING, REGISTERED, FAULT, REFUSED, NOT_CONFIGURED: what the screen shows. */
  line(): Promise<string>;
  untilLine(state: string, within?: number): Promise<number>;
  /** All states so far with their time (performance.now() of the page). */
  lineStates(): Promise<{ at: number; state: string }[]>;
  /** What the line machine holds; `problem` in English. */
  lineContext(): Promise<Record<string, unknown>>;
  lineEvent(type: string): Promise<void>;
  /** Every SIP message of every socket, in order. */
  messages(): Promise<StationMessage[]>;
  /** Requests the station sent, by method; `status` for responses it sent. */
  sent(method: string, status?: number): Promise<string[]>;
  /** Runs within the page; the function travels as text and may use its two arguments only. */
  run<Result, Argument>(
    act: (lab: StationLab, argument: Argument) => Result,
    argument: Argument,
  ): Promise<Awaited<Result>>;
};

export type StationOptions = Partial<Omit<StationAccount, 'proxies'>> & {
  on?: PracticeProcess | SipNetwork;
  proxies?: readonly string[];
  /** Wait until it is registered (unless false). */
  registered?: boolean;
  /** Start phone and line at all (unless false: then `run((lab, account) => lab.start(account), …)`). */
  signIn?: boolean;
  /** Denied only where the whole browser runs (twoNetworks.ts): the shell gives it to every page. */
  microphone?: 'permitted' | 'denied';
};

type Fixtures = { openStation: (options?: StationOptions) => Promise<Station> };
/** Loaded pages: a page takes longer to open than most calls take. Each is loaded anew for every station, so nothing of the one before is left. */
type Pages = { take(): Promise<Page>; giveBack(page: Page): void };
type WorkerFixtures = {
  pages: Pages;
  kamailio: SipNetwork;
  practice: PracticeProcess;
  pageOrigin: string;
  takeAccount: (on?: StationOptions['on']) => StationAccount;
};

/** The page as one script; made anew by every worker, from the sources as they are. */
export async function bundlePage(): Promise<string> {
  const built = await build({
    entryPoints: [join(import.meta.dirname, 'stationPage.ts')],
    ...{ bundle: true, minifySyntax: true, minifyWhitespace: true, format: 'iife', target: 'chrome130' },
    ...{ write: false, logLevel: 'silent' },
  });
  return built.outputFiles[0]!.text; // `write: false` with one entry gives one file
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  kamailio: [
    async ({}, use) => {
      const network = await startSipNetwork();
      await use(network);
      const faults = network.faults();
      await network.stop();
      if (faults.length > 0) throw new AggregateError(faults, `behaviours of the far end failed: ${faults.join('; ')}`);
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  pageOrigin: [
    async ({}, use) => {
      const script = await bundlePage();
      const server = http.createServer((request, response) => {
        const isScript = request.url === '/page.js';
        response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
        if (isScript) response.setHeader('cache-control', 'max-age=3600');
        response.end(isScript ? script : '<!doctype html><title>station</title><script src="/page.js"></script>');
      });
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`); // as: it listens on TCP
      server.closeAllConnections();
      server.close();
    },
    { scope: 'worker' },
  ],

  practice: [
    async ({ pageOrigin }, use) => {
      const practice = await startPractice(['--speed', '8', '--origins', pageOrigin]);
      await use(practice);
      await practice.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  takeAccount: [
    async ({ kamailio }, use) => {
      let taken = 0;
      const practiceUsers = Object.entries(practiceAccounts).map(([user, password]) => ({ user, password }));
      await use((on = kamailio) => {
        taken += 1;
        if (!('ws' in on)) {
          const { user, password } = practiceUsers[taken % practiceUsers.length]!; // there is one, see %
          return { proxies: [`ws://127.0.0.1:${on.port}/`], domain: 'practice.huifang', user, password };
        }
        const { user, password } = on.users[taken % on.users.length]!; // likewise
        return { proxies: [on.ws], domain: on.domain, user, password };
      });
    },
    { scope: 'worker' },
  ],

  pages: [
    async ({ browser, pageOrigin }, use) => {
      const context = await browser.newContext({ permissions: ['microphone'], ignoreHTTPSErrors: true });
      const idle: Promise<Page>[] = [];
      const load = (page: Page) => loaded(page, pageOrigin);
      const open = () => context.newPage().then(load);
      idle.push(open());
      await use({
        take: () => idle.pop() ?? open(),
        giveBack: (page) => void idle.push(load(page)),
      });
      await Promise.allSettled(idle);
      await context.close();
    },
    { scope: 'worker' },
  ],

  openStation: async ({ browser, pageOrigin, pages, takeAccount }, use) => {
    const closing: (() => Promise<void>)[] = [];
    const complaints: string[] = [];
    const pageWithoutMicrophone = async () =>
      loaded(await browser.newPage({ permissions: [], ignoreHTTPSErrors: true }), pageOrigin);
    await use(async ({ on, proxies, registered = true, signIn = true, microphone = 'permitted', ...own } = {}) => {
      const page = microphone === 'permitted' ? await pages.take() : await pageWithoutMicrophone();
      const complain = (error: Error) => complaints.push(error.stack ?? error.message);
      page.on('pageerror', complain);
      const account = { ...takeAccount(on), ...own, ...(proxies && { proxies: [...proxies] }) };
      const station = stationOn(page, account);
      closing.push(async () => {
        await station.run((lab) => lab.close(), null).catch(() => undefined); // it may not have started
        page.off('pageerror', complain);
        if (microphone === 'permitted') pages.giveBack(page);
        else await page.close();
      });
      if (signIn) await station.run((lab, value) => lab.start(value), account);
      if (!signIn || !registered) return station;
      await station.untilLine('REGISTERED');
      await station.run((lab) => lab.prepare(), null);
      return station;
    });
    await Promise.all(closing.map((close) => close()));
    if (complaints.length > 0) throw new Error(`a page threw: ${complaints.join('\n')}`);
  },
});

async function loaded(page: Page, origin: string): Promise<Page> {
  await page.goto(origin);
  await page.waitForFunction(() => 'station' in window);
  return page;
}

function stationOn(page: Page, account: StationAccount): Station {
  const run: Station['run'] = (act, argument) =>
    page.evaluate(
      ([text, value]) =>
        new Function('lab', 'argument', `return (${text})(lab, argument)`)(Reflect.get(window, 'station'), value),
      [act.toString(), argument] as const,
      // biome-ignore lint/suspicious/noExplicitAny: what comes back is what `act` gave
    ) as Promise<any>;

  const callAt = (index: number): StationCall => ({
    index,
    until: (type, { times = 1, within = patience } = {}) =>
      run((lab, [i, t, n, ms]) => lab.until(i, t, n, ms), [index, type, times, within] as const),
    async ended(within = patience) {
      const last = await run((lab, [i, ms]) => lab.until(i, 'call.ended', 1, ms), [index, within] as const);
      if (last.type !== 'call.ended') throw new Error('another event than asked for');
      return { ...last, facts: await run((lab, i) => lab.facts(i), index) };
    },
    seen: async () => (await run((lab, i) => lab.seen(i), index)).map(({ type }) => type),
    facts: () => run((lab, i) => lab.facts(i), index),
    answer: () => run((lab, i) => lab.answer(i), index),
    hold: (held) => run((lab, [i, h]) => lab.hold(i, h), [index, held] as const),
    digit: (digit) => run((lab, [i, d]) => lab.digit(i, d), [index, digit] as const),
    hangUp: () => run((lab, i) => lab.hangUp(i), index),
    mute: (muted) => run((lab, [i, m]) => lab.mute(i, m), [index, muted] as const),
    measure: () => run((lab, i) => lab.measure(i), index),
    hearsSomething: (within = patience) => run((lab, [i, ms]) => lab.hearsSomething(i, ms), [index, within] as const),
    hears: (milliseconds = 500) => run((lab, [i, ms]) => lab.hears(i, ms), [index, milliseconds] as const),
  });
  const messages = () => run((lab) => lab.messages(), null);

  return {
    page,
    account,
    user: account.user,
    run,
    async dial(number, { extension, headers, attempt } = {}) {
      const index = await run((lab, [n, e, h, a]) => lab.dial(n, e, h, a), [
        number,
        extension,
        headers,
        attempt,
      ] as const);
      return callAt(index);
    },
    async call(index) {
      await page.waitForFunction((i) => Reflect.get(window, 'station').calls() > i, index, { timeout: patience });
      return callAt(index);
    },
    line: () => run((lab) => lab.line(), null),
    untilLine: (state, within = patience) => run((lab, [s, ms]) => lab.untilLine(s, ms), [state, within] as const),
    lineStates: () => run((lab) => lab.lineStates(), null),
    lineContext: () => run((lab) => lab.lineContext(), null),
    lineEvent: (type) => run((lab, t) => lab.lineEvent({ type: t }), type),
    messages,
    async sent(method, status) {
      const response = new RegExp(`^SIP/2.0 ${status} [\\s\\S]*?\\r\\nCSeq: \\d+ ${method}\\r\\n`, 'i');
      return (await messages())
        .filter(
          ({ by, text }) =>
            by === 'STATION' && (status === undefined ? text.startsWith(`${method} `) : response.test(text)),
        )
        .map(({ text }) => text);
    },
  };
}
