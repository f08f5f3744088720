import 'fake-indexeddb/auto'; // before Dexie, which all files of this worker share and which looks for IndexedDB when it is loaded
import { afterEach, expect, it } from 'vitest';
import type { StationProfile } from '#shared/server/api.ts';
import { openLeases } from '../../../renderer/journal/leases.ts';
import { createHandsetPhone } from '../../../renderer/phone/handsetPhone.ts';
import type { Station } from '../../../renderer/station/openStation.ts';
import { type Shift, startShift } from '../../../renderer/station/shift.ts';
import { station as openedStation } from '../journal/support.ts';

const profile: StationProfile = {
  station: '33333333-3333-4333-8333-333333333333',
  name: '甲位',
  practice: true,
  line: null,
  heartbeatSeconds: 30,
  records: true,
};

let shift: Shift | undefined;
afterEach(async () => {
  await shift?.end('AGENT');
  shift = undefined;
});

/** A shift whose phone writes down what it is told of the network; the server is away. */
async function begun() {
  const { journal, database, key, clock } = await openedStation();
  const told: string[] = [];
  const tries: string[] = [];
  const away = () => Promise.reject(new Error('the server is away'));
  const station = {
    journal,
    database,
    key,
    leases: await openLeases({ database, key, journal, inWork: () => [] }),
    signer: { station: profile.station },
    client: { session: { current: () => null }, profile: away, leases: away, directives: away, presence: away },
    connection: {
      state: () => ({ type: 'disconnected', since: 0 }),
      onChange: () => () => undefined,
      tryNow: () => tries.push('server'),
    },
    uploader: { onChange: () => () => undefined },
  } as unknown as Station; // all that a shift asks of it
  shift = await startShift({
    station,
    profile,
    person: { account: 'A017', name: '甲', role: 'agent', team: '一组', handling: 'IN_HOUSE' },
    grant: 'grant',
    phone: { ...createHandsetPhone(() => 0), networkChanged: () => told.push('networkChanged') },
    clock,
    newId: () => crypto.randomUUID(),
    random: () => 0.5,
    changed: () => undefined,
    unsent: () => undefined,
    signedOutByServer: () => undefined,
    onProblem: (error) => {
      throw error;
    },
    crashed: (error) => {
      throw error;
    },
  });
  return { shift, told, tries };
}

it.each(['networkChanged', 'woke'] as const)(
  'after %s the phone drops what it prepared on the old network, and the server is tried at once',
  async (event) => {
    const { shift, told, tries } = await begun();
    expect(told).toEqual([]);
    shift.nudge(event);
    expect(told).toEqual(['networkChanged']);
    expect(tries).toEqual(['server']);
  },
);

it.each(['becameVisible', 'wentOffline'] as const)(
  '%s is no other network: what the phone prepared is kept, and only line and server look',
  async (event) => {
    const { shift, told, tries } = await begun();
    shift.nudge(event);
    expect(told).toEqual([]);
    expect(tries).toEqual(['server']);
  },
);
