import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { keepFarewells } from '../../../renderer/journal/keptFarewells.ts';
import { farewellMilliseconds } from '../../../renderer/phone/farewells.ts';
import { type Station, station } from './support.ts';

const bye = 'BYE sip:far@192.0.2.7 SIP/2.0\r\nTo: <sip:15400000001@bank.example>;tag=f\r\n\r\n';

/** One lock, as the browser gives it to the windows of one origin. */
function windows() {
  let held = false;
  const request = async (_name: string, _options: LockOptions, act: (lock: Lock | null) => unknown) => {
    if (held) return act(null);
    held = true;
    const done = await act({ name: 'l', mode: 'exclusive' });
    held = false;
    return done;
  };
  return { request };
}

const farewellsOf = ({ database, key, clock }: Station, locks = windows()) =>
  keepFarewells({ database, key, mostMs: farewellMilliseconds, wallNow: clock.wallNow, locks });

it('what was written last is there for the next page, and sealed on the disk', async () => {
  const page = await station();
  const kept = farewellsOf(page);
  kept.write(['CANCEL sip:15400000001@bank.example SIP/2.0\r\n\r\n']);
  kept.write([bye]);
  await kept.close();
  expect(await farewellsOf(page).read()).toEqual([bye]);
  const row = await page.database.state.get('farewells');
  expect(Buffer.from(row && 'sealed' in row ? row.sealed.data : []).toString('latin1')).not.toContain('15400000001');
});

it('a second window neither says nor overwrites what belongs to calls of the first', async () => {
  const page = await station();
  const locks = windows();
  const first = farewellsOf(page, locks);
  first.write([bye]);
  const second = farewellsOf(page, locks);
  expect(await second.read()).toEqual([]);
  second.write([]);
  await second.close();
  await first.close();
  expect(await farewellsOf(page, locks).read()).toEqual([bye]);
});

it('a phone that is closed at once leaves nothing to the next one of the same page but the right to keep', async () => {
  const page = await station();
  let act = (_lock: Lock | null): unknown => undefined;
  const slow = {
    request: (_name: string, _options: LockOptions, given: typeof act) =>
      new Promise<unknown>((resolve) => {
        act = (lock) => resolve(given(lock));
      }),
  };
  const kept = farewellsOf(page, slow);
  const closed = kept.close();
  const held = act({ name: 'l', mode: 'exclusive' });
  await closed;
  await held; // given back
});

it('after ten minutes it is not said any more', async () => {
  const page = await station();
  const kept = farewellsOf(page);
  kept.write([bye]);
  await kept.close();
  page.clock.advance(9 * 60_000);
  expect(await farewellsOf(page).read()).toEqual([bye]);
  page.clock.advance(60_000);
  expect(await farewellsOf(page).read()).toEqual([]);
});

it('a row that another key or version wrote is no reason not to start', async () => {
  const page = await station();
  const sealed = { iv: new Uint8Array(12), data: new Uint8Array(20) };
  await page.database.state.put({ name: 'farewells', sealed });
  const kept = farewellsOf(page);
  expect(await kept.read()).toEqual([]);
  kept.write([bye]);
  await kept.close();
  expect(await farewellsOf(page).read()).toEqual([bye]);
});
