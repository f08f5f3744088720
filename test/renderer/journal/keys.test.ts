import 'fake-indexeddb/auto'; // before Dexie, which looks for IndexedDB when it is loaded
import { generateKeyPairSync, privateDecrypt, webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '#shared/base64.ts';
import type { Enrolment } from '#shared/server/api.ts';
import { openDatabase, type StationDatabase } from '../../../renderer/journal/database.ts';
import { type DataKeyKeeper, dataKeyKeeper, pinWaitSeconds, type Vault } from '../../../renderer/journal/dataKey.ts';
import { enrolStation } from '../../../renderer/journal/enrolment.ts';
import { cryptoRandom } from '../../../renderer/journal/random.ts';
import { importDataKey, open, seal } from '../../../renderer/journal/seal.ts';
import { deriveBytes, secretCost } from '../../../renderer/journal/secretDerivation.ts';
import { openStationKey } from '../../../renderer/journal/stationKey.ts';
import { everyRow, freshName, handClock, testKey } from './support.ts';

const server = generateKeyPairSync('rsa', { modulusLength: 2048 });
const { n, e } = server.publicKey.export({ format: 'jwk' });
const recoveryKey: Enrolment['recoveryKey'] = { kty: 'RSA', n: n!, e: e! };
const enrolment: Enrolment = { station: '33333333-3333-4333-8333-333333333333', recoveryKey };
const unwrapped = (wrapped: string) =>
  privateDecrypt({ key: server.privateKey, oaepHash: 'sha256' }, Buffer.from(wrapped, 'base64'));

type TestVault = Vault & { kept: Map<string, string> };
const vaultOf = (host: Vault['host'], vaultState: 'keyring' | 'none'): TestVault => {
  const kept = new Map<string, string>();
  return {
    kept,
    host,
    vaultState: async () => vaultState,
    readVault: async (name) => kept.get(name) ?? null,
    writeVault: async (name, value) => void kept.set(name, value),
  };
};

const cost = { m: 8, t: 1, p: 1 };
const clock = handClock();
const keeperOf = (vault: Vault, database: StationDatabase): DataKeyKeeper =>
  dataKeyKeeper({ vault, database, clock, random: cryptoRandom, cost });
const enrolled = async (vault: Vault, pin?: string) => {
  const database = await openDatabase('practice', freshName());
  const keeper = keeperOf(vault, database);
  const keys = await enrolStation(
    { database, keeper, enrol: async () => enrolment },
    { code: 'ABCD-1234', name: 'T1', ...(pin === undefined ? {} : { pin }) },
  );
  return { database, keeper, keys };
};

describe('seal', () => {
  it('opens with the same key and binding only, and no bit may change', async () => {
    const key = await testKey();
    const sealed = await seal(key, '甄样例 👋', 'row 1');
    expect(await open(key, sealed, 'row 1')).toBe('甄样例 👋');
    await expect(open(key, sealed, 'row 2')).rejects.toThrow();
    await expect(open(await importDataKey(cryptoRandom.bytes(32)), sealed, 'row 1')).rejects.toThrow();
    sealed.data[0]! ^= 1;
    await expect(open(key, sealed, 'row 1')).rejects.toThrow();
  });

  it('never seals the same text to the same bytes', async () => {
    const key = await testKey();
    expect((await seal(key, 'x')).data).not.toEqual((await seal(key, 'x')).data);
  });
});

describe('the data key', () => {
  it('is kept by the vault where there is a keyring, and found there at the next start', async () => {
    const vault = vaultOf('shell', 'keyring');
    const { database, keys } = await enrolled(vault);
    const sealed = await seal(keys.dataKey, 'text');
    const state = await keeperOf(vault, database).state();
    expect(state.type === 'ready' && (await open(state.key, sealed))).toBe('text');
  });

  it('is always wrapped for the server too', async () => {
    const vault = vaultOf('shell', 'keyring');
    const { keeper } = await enrolled(vault);
    const wrapped = await keeper.wrappedForServer();
    expect(unwrapped(wrapped!).toString('base64')).toBe(vault.kept.get('dataKey'));
  });

  it('a lost or wrong key is told, the data are left alone', async () => {
    const vault = vaultOf('shell', 'keyring');
    const { database } = await enrolled(vault);
    vault.kept.set('dataKey', toBase64(cryptoRandom.bytes(32)));
    await expect(keeperOf(vault, database).state()).rejects.toMatchObject({ code: 'DATA_KEY_LOST' });
    vault.kept.clear();
    await expect(keeperOf(vault, database).state()).rejects.toMatchObject({ code: 'DATA_KEY_LOST' });
    expect(await database.keys.count()).toBe(2);
  });

  it('lies on no disk in clear where nothing protects it', async () => {
    const vault = vaultOf('shell', 'none');
    const { database, keeper } = await enrolled(vault, '135790');
    const bytes = unwrapped((await keeper.wrappedForServer())!);
    expect(vault.kept.size).toBe(0);
    const rows = await everyRow(database);
    const forms = [bytes.toString('base64'), bytes.toString('hex'), bytes.toString('latin1'), '135790'];
    for (const form of forms) expect(rows).not.toContain(form);
  });

  it('without a keyring a PIN of at least six digits is asked for before the code is used up', async () => {
    const database = await openDatabase('practice', freshName());
    const keeper = keeperOf(vaultOf('shell', 'none'), database);
    expect(await keeper.wantsPin()).toBe(true);
    let asked = 0;
    const enrol = async () => {
      asked += 1;
      return enrolment;
    };
    for (const pin of ['12345', 'abcdef', ''])
      await expect(enrolStation({ database, keeper, enrol }, { code: 'ABCD', name: 'T1', pin })).rejects.toMatchObject({
        code: 'PIN_TOO_SHORT',
      });
    expect(asked).toBe(0);
    expect(await keeper.state()).toEqual({ type: 'needsEnrolment' });
  });

  it('opens with the right PIN, also after wrong ones', async () => {
    const vault = vaultOf('shell', 'none');
    const { database, keys } = await enrolled(vault, '135790');
    const keeper = keeperOf(vault, database);
    expect(await keeper.state()).toEqual({ type: 'needsPin', waitSeconds: 0 });
    await expect(keeper.unlock('135791')).rejects.toMatchObject({ code: 'WRONG_PIN' });
    const key = await keeper.unlock('135790');
    expect(await open(key, await seal(keys.dataKey, 'text'))).toBe('text');
    expect(await keeper.state()).toMatchObject({ type: 'ready' });
  });

  it('after ten wrong PINs each further try waits longer, over a restart too', async () => {
    const vault = vaultOf('shell', 'none');
    const { database } = await enrolled(vault, '135790');
    for (let i = 0; i < 10; i += 1)
      await expect(keeperOf(vault, database).unlock('000000')).rejects.toMatchObject({ code: 'WRONG_PIN' });
    const keeper = keeperOf(vault, database);
    expect(await keeper.state()).toEqual({ type: 'needsPin', waitSeconds: 30 });
    await expect(keeper.unlock('135790')).rejects.toMatchObject({ code: 'PIN_WAIT' });
    clock.advance(30_000);
    await expect(keeper.unlock('000000')).rejects.toMatchObject({ code: 'WRONG_PIN' });
    expect(await keeper.state()).toEqual({ type: 'needsPin', waitSeconds: 60 });
    clock.advance(60_000);
    await keeper.unlock('135790');
    expect(await keeperOf(vault, database).state()).toEqual({ type: 'needsPin', waitSeconds: 0 });
    expect([9, 10, 11, 12, 40].map(pinWaitSeconds)).toEqual([0, 30, 60, 120, 3_600]);
  });

  it('in a browser nothing is kept but the wrap; the server opens it for a signed-in agent', async () => {
    const vault = vaultOf('browser', 'none');
    const { database, keys } = await enrolled(vault);
    expect(vault.kept.size).toBe(0);
    const keeper = keeperOf(vault, database);
    expect(await keeper.state()).toEqual({ type: 'needsSignIn' });
    const key = await keeper.unlockByServer(async (wrapped) => unwrapped(wrapped).toString('base64'));
    expect(await open(key, await seal(keys.dataKey, 'text'))).toBe('text');
    const wrong = async () => toBase64(new Uint8Array(32));
    await expect(keeperOf(vault, database).unlockByServer(wrong)).rejects.toMatchObject({ code: 'DATA_KEY_LOST' });
  });

  it('stays the same when a station is enrolled again', async () => {
    const vault = vaultOf('shell', 'keyring');
    const { database, keeper, keys } = await enrolled(vault);
    const sealed = await seal(keys.dataKey, 'recorded before');
    const station = '44444444-4444-4444-8444-444444444444';
    const again = await enrolStation(
      { database, keeper, enrol: async () => ({ ...enrolment, station }) },
      { code: 'NEXT', name: 'T1' },
    );
    expect(again.stationKey.station).toBe(station);
    expect(await open(again.dataKey, sealed)).toBe('recorded before');
  });

  it('a failed enrolment leaves nothing behind', async () => {
    const database = await openDatabase('practice', freshName());
    const vault = vaultOf('shell', 'keyring');
    const enrol = async () => {
      throw new Error('refused');
    };
    const keeper = keeperOf(vault, database);
    await expect(enrolStation({ database, keeper, enrol }, { code: 'ABCD', name: 'T1' })).rejects.toThrow('refused');
    expect([await database.keys.count(), vault.kept.size]).toEqual([0, 0]);
    expect(await keeper.state()).toEqual({ type: 'needsEnrolment' });
  });

  it('the derivation costs what was promised: argon2id, 19 MiB, 2 passes, 1 lane', async () => {
    expect(secretCost).toEqual({ m: 19_456, t: 2, p: 1 });
    const bytes = await deriveBytes('135790', new Uint8Array(16), { m: 64, t: 2, p: 1 });
    expect(bytes).toHaveLength(32);
    expect(bytes).not.toEqual(await deriveBytes('135791', new Uint8Array(16), { m: 64, t: 2, p: 1 }));
  });
});

describe('the station key', () => {
  it('signs so that anybody with the public key can check it, after a restart too', async () => {
    const vault = vaultOf('shell', 'keyring');
    const { database, keys } = await enrolled(vault);
    const again = await openStationKey(database, keys.dataKey);
    expect(again?.station).toBe(enrolment.station);
    const publicKey = await webcrypto.subtle.importKey(
      'jwk',
      { ...keys.stationKey.publicKey },
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['verify'],
    );
    const signature = fromBase64(await again!.sign('批次'));
    expect(signature).toHaveLength(64);
    const verify = (text: string) =>
      webcrypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, signature, Buffer.from(text));
    expect([await verify('批次'), await verify('批次 ')]).toEqual([true, false]);
  });

  it('does not open under another data key, and is absent before enrolment', async () => {
    const { database } = await enrolled(vaultOf('shell', 'keyring'));
    await expect(openStationKey(database, await testKey())).rejects.toMatchObject({ code: 'STATION_KEY_LOST' });
    expect(await openStationKey(await openDatabase('practice', freshName()), await testKey())).toBeNull();
  });
});
