/**
 * SIGKILL in a call: what ends it for the customer comes out of the sealed store, in another process. On Kamailio, for the practice PBX ends
 * the calls of a socket that was lost by itself, as no exchange behind a proxy does.
 */
import type { Page } from '@playwright/test';
import type { FarCall } from '../sip/farEnd.ts';
import { type SipNetwork, startSipNetwork } from '../sip/network.ts';
import { practiceAccounts, startPractice } from '../support/services.ts';
import { agentAt } from './agent.ts';
import { test as e2e, expect } from './fixtures.ts';

const domain = 'practice.huifang';

const test = e2e.extend<{ network: SipNetwork }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's parts out of this very pattern
  network: async ({}, use) => {
    const network = await startSipNetwork({ domain });
    for (const [user, password] of Object.entries(practiceAccounts)) await network.setPassword(user, password);
    await use(network);
    await network.stop();
  },
  // The demo's station gets its line from the bank as ever; only what stands behind the address is a real network.
  practice: async ({ folder, faultProxy, network }, use) => {
    const practice = await startPractice({ folder, origins: ['app://huifang', faultProxy.origin], speed: 1 });
    await use({ ...practice, url: network.ws });
    await practice.stop();
  },
});

/** How much of farewells lies sealed at this station now, bytes; 0: nothing was ever kept. What is killed before it is kept is kept by nobody. */
const keptBytes = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const result = <Value>(request: IDBRequest<Value>) =>
      new Promise<Value>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await result(indexedDB.open(name));
      try {
        if (!database.objectStoreNames.contains('state')) continue;
        const row = await result(database.transaction('state').objectStore('state').get('farewells'));
        if (row !== undefined) return row.sealed.data.byteLength;
      } finally {
        database.close();
      }
    }
    return 0;
  });
/** A SIP request is longer, the sealed nothing of a call that is over shorter. */
const aRequest = 250;

/** As the demo's cases have them. */
const customers = { 'DEMO-01-B': '15400000001', 'DEMO-02-B': '15400000002' } as const;

test('killed in a call, then while it rings: after the next sign-in, and not before, the customer’s leg gets its BYE, his phone its CANCEL', async ({
  workstation,
  network,
  bank: _running,
}) => {
  await network.takeOver(customers['DEMO-01-B'], (far: FarCall) => far.ring());
  await network.takeOver(customers['DEMO-02-B'], (far: FarCall) => far.ring());

  let station = await workstation();
  let agent = agentAt(station.page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-01-B');
  await agent.dial();
  const talking = await network.called(customers['DEMO-01-B']);
  await expect.poll(() => keptBytes(station.page)).toBeGreaterThan(aRequest);
  const cancel = await keptBytes(station.page);
  await talking.answer();
  await agent.answered();
  await expect.poll(() => keptBytes(station.page)).not.toBe(cancel);
  await station.kill();

  station = await station.relaunch();
  agent = agentAt(station.page);
  await agent.firstScreen();
  expect(talking.ended()).toBe(false); // the key to the store is opened by a person
  await agent.signIn('A017', 'huifang-a017');
  const bye = await talking.until('BYE');
  expect(bye.header('Call-ID')).toBe(talking.callId);
  await agent.lineIsThere();
  await expect(agent.wrapUp).toContainText('上次中断');
  await agent.confirm();

  await agent.open('DEMO-02-B');
  await agent.dial();
  const ringing = await network.called(customers['DEMO-02-B']);
  await expect(agent.callBar).toContainText('振铃中');
  await expect.poll(() => keptBytes(station.page)).toBeGreaterThan(aRequest);
  await station.kill();

  station = await station.relaunch();
  agent = agentAt(station.page);
  await agent.firstScreen();
  expect(ringing.ended()).toBe(false);
  await agent.signIn('A017', 'huifang-a017');
  await ringing.until('CANCEL');

  // Each was said once and answered: nothing is left to be said by the page after it.
  await agent.lineIsThere();
  await station.close();
  station = await station.relaunch();
  agent = agentAt(station.page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  expect(talking.heard.filter(({ method }) => method === 'BYE')).toHaveLength(1);
  expect(ringing.heard.filter(({ method }) => method === 'CANCEL')).toHaveLength(1);
});
