/** For the specs of the line: what the registrar holds, what the station sent, and when it noticed. */
import { type SipNetwork, startSipNetwork } from './network.ts';
import { expect, type Station, test as stationTest } from './station.ts';
import type { Way } from './way.ts';

/** A network that may be harmed, and a way to it that may be cut: the test's own. */
type Fixtures = { network: SipNetwork; way: Way };

export const test = stationTest.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
  network: async ({}, use) => {
    const network = await startSipNetwork({ callees: 'none', registrarSeconds: 60 });
    await use(network);
    await network.stop();
  },
  way: async ({ network }, use) => {
    await use(await network.openWay());
  },
});

/** As soon as the registrar holds exactly one binding of the station. Generous: others use the machine, too. */
export const bound = (network: SipNetwork, station: Station, timeout = 20_000) =>
  expect.poll(async () => (await network.bindings(station.user)).length, { timeout, intervals: [20] }).toBe(1);

/** As soon as the station says that it is no longer registered: when that was, in milliseconds of its page. */
export const untilLost = (station: Station) => station.run((lab, ms) => lab.untilLineLost(ms), 15_000);

/** REGISTERs that asked for a binding (with Contact), or only for what is bound (without), as they left. */
export const registers = async (station: Station, kind: 'binding' | 'question') =>
  (await station.sent('REGISTER')).filter(
    (text) => /^Authorization: /m.test(text) && /^Contact: /m.test(text) === (kind === 'binding'),
  );
export const changes = async (station: Station, state: string) =>
  (await station.lineStates()).filter((one) => one.state === state).length;

export const pageTime = (station: Station) => station.page.evaluate(() => performance.now());
