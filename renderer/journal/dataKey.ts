/**
 * The data key: 32 random bytes under which everything personal on this disk is sealed. Who keeps it:
 *
 *    shell, keyring      the vault                                  ready at the start
 *    shell, no keyring   a station PIN (argon2id, then AES-GCM)     needsPin at the start
 *    browser             this page's memory; after a reload the     needsSignIn at the start
 *                        server unwraps it for a signed-in agent
 *    always              wrapped by the server's RSA-OAEP-256 key: goes with every export, so that it can be recovered
 *
 *    needsEnrolment ──enrol──► ready ◄──unlock(pin)── needsPin
 *                                    ◄──unlockByServer── needsSignIn
 *
 * Never the bank password: it changes, and then nobody could read the day's work. After ten wrong PINs each further one waits, from
 * half a minute doubling to an hour; the count outlives a restart. (Who sets the machine's clock forward can shorten a wait, not the
 * half second and the 19 MiB that each try costs.)
 */
import { fromBase64, toBase64 } from '#shared/base64.ts';
import type { Bridge } from '#shared/bridge.ts';
import type { Clock } from '#shared/clock.ts';
import { Problem } from '#shared/problem.ts';
import type { Enrolment } from '#shared/server/api.ts';
import { type DataKeyRow, readKeyRow, type StationDatabase } from './database.ts';
import type { RandomSource } from './random.ts';
import { importDataKey, open, seal } from './seal.ts';
import { type DerivationCost, deriveKey, secretCost } from './secretDerivation.ts';

export type Vault = Pick<Bridge, 'host' | 'vaultState' | 'readVault' | 'writeVault'>;

export type DataKeyState =
  | { type: 'needsEnrolment' }
  | { type: 'needsPin'; waitSeconds: number }
  | { type: 'needsSignIn' }
  | { type: 'ready'; key: CryptoKey };

/** A new data key that nobody keeps yet. */
export type NewDataKey = {
  key: CryptoKey;
  /** Into the vault, where there is one; before the row is stored, so that no row is ever without its key. */
  save(): Promise<void>;
  /** What is to be stored, with the wrap for the server. */
  rowFor(recoveryKey: Enrolment['recoveryKey']): Promise<DataKeyRow>;
  /** From here on the keeper is ready. */
  hold(): void;
};

export type DataKeyKeeper = {
  state(): Promise<DataKeyState>;
  /** Whether enrolment has to ask for a station PIN first. */
  wantsPin(): Promise<boolean>;
  /** Rejects with PIN_TOO_SHORT when a PIN is wanted and missing. */
  create(pin?: string): Promise<NewDataKey>;
  /** Rejects with a Problem: WRONG_PIN, PIN_WAIT, or DATA_KEY_LOST. */
  unlock(pin: string): Promise<CryptoKey>;
  /** Browser: asks the server for the unwrapped key. Rejects with the server's Problem or DATA_KEY_LOST. */
  unlockByServer(unwrap: (wrapped: string) => Promise<string>): Promise<CryptoKey>;
  /** The wrap for the server, base64; null before enrolment. */
  wrappedForServer(): Promise<string | null>;
};

export type DataKeyParts = {
  vault: Vault;
  database: StationDatabase;
  clock: Pick<Clock, 'wallNow'>;
  random: RandomSource;
  cost?: DerivationCost;
};

const pinPattern = /^\d{6,32}$/;
const freeTries = 10;
const checkText = 'huifang data key';
const checkBinding = 'dataKey';

/** Seconds to wait after so many wrong PINs: none up to ten, then 30, 60, 120 … at most an hour. */
export function pinWaitSeconds(wrongTries: number): number {
  return wrongTries < freeTries ? 0 : Math.min(3_600, 30 * 2 ** Math.min(20, wrongTries - freeTries));
}

const problems = {
  tooShort: () =>
    new Problem('PIN_TOO_SHORT', 'input', {
      zh: '请设置至少 6 位数字的终端口令。它不是银行密码，只用于打开这台终端的数据。',
      en: 'Choose a station PIN of at least 6 digits. It is not your bank password; it only opens the data of this station.',
    }),
  wrong: (left: number) =>
    new Problem('WRONG_PIN', 'input', {
      zh: left > 0 ? `终端口令 不正确，还可以试 ${left} 次，之后需要等待。` : '终端口令 不正确，请等待后再试。',
      en:
        left > 0
          ? `Wrong station PIN. ${left} more tries before you have to wait.`
          : 'Wrong station PIN. Wait, then try again.',
    }),
  wait: (seconds: number) =>
    new Problem('PIN_WAIT', 'access', {
      zh: `错误次数过多，请 ${seconds} 秒后再试；忘记口令请联系技术支持，未上传的记录可以恢复。`,
      en: `Too many wrong tries: try again in ${seconds} seconds. If the PIN is forgotten call support; records not uploaded can be recovered.`,
    }),
  lost: (cause?: unknown) =>
    new Problem(
      'DATA_KEY_LOST',
      'storage',
      {
        zh: '这台终端的数据密钥不在了，本机记录暂时无法读取。请不要清除数据：联系技术支持，用导出文件在后台恢复。',
        en: 'The data key of this station is gone, the records here cannot be read. Do not clear data: ask support to recover them at the server.',
      },
      cause,
    ),
} as const;

export async function wrapForServer(
  recoveryKey: Enrolment['recoveryKey'],
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const algorithm = { name: 'RSA-OAEP', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('jwk', { ...recoveryKey, ext: true }, algorithm, false, ['encrypt']);
  return toBase64(new Uint8Array(await crypto.subtle.encrypt('RSA-OAEP', key, bytes)));
}

export function dataKeyKeeper({ vault, database, clock, random, cost = secretCost }: DataKeyParts): DataKeyKeeper {
  let held: CryptoKey | undefined;
  const storedRow = () => readKeyRow(database, 'dataKey');

  /** The key of these bytes, if it is the one the data are sealed under. */
  const checked = async (bytes: Uint8Array<ArrayBuffer>, row: DataKeyRow): Promise<CryptoKey> => {
    try {
      const key = await importDataKey(bytes);
      if ((await open(key, row.check, checkBinding)) !== checkText) throw new Error('another key');
      held = key;
      return key;
    } catch (error) {
      throw problems.lost(error);
    }
  };
  const wantsPin = async () => vault.host === 'shell' && (await vault.vaultState()) === 'none';

  return {
    wantsPin,
    async state() {
      if (held !== undefined) return { type: 'ready', key: held };
      const row = await storedRow();
      if (row === undefined) return { type: 'needsEnrolment' };
      if (vault.host === 'browser') return { type: 'needsSignIn' };
      if (row.byPin !== undefined)
        return { type: 'needsPin', waitSeconds: Math.max(0, Math.ceil((row.waitUntil - clock.wallNow()) / 1000)) };
      const kept = await vault.readVault('dataKey');
      if (kept === null) throw problems.lost();
      return { type: 'ready', key: await checked(fromBase64(kept), row) };
    },
    async create(pin) {
      const needsPin = await wantsPin();
      if (needsPin && !pinPattern.test(pin ?? '')) throw problems.tooShort();
      const bytes = random.bytes(32);
      const key = await importDataKey(bytes);
      const salt = random.bytes(16);
      const byPin =
        needsPin && pin !== undefined
          ? { salt, cost, wrapped: await seal(await deriveKey(pin, salt, cost), toBase64(bytes), checkBinding, random) }
          : undefined;
      return {
        key,
        rowFor: async (recoveryKey) => ({
          name: 'dataKey',
          byServer: await wrapForServer(recoveryKey, bytes),
          check: await seal(key, checkText, checkBinding, random),
          ...(byPin === undefined ? {} : { byPin }),
          wrongTries: 0,
          waitUntil: 0,
        }),
        async save() {
          if (vault.host === 'shell' && !needsPin) await vault.writeVault('dataKey', toBase64(bytes));
        },
        hold() {
          held = key;
        },
      };
    },
    async unlock(pin) {
      const row = await storedRow();
      if (row?.byPin === undefined) throw problems.lost();
      const wait = Math.ceil((row.waitUntil - clock.wallNow()) / 1000);
      if (wait > 0) throw problems.wait(wait);
      // Counted before it is tried: a restart in the middle does not give the try back.
      const wrongTries = row.wrongTries + 1;
      const waitUntil = clock.wallNow() + pinWaitSeconds(wrongTries) * 1000;
      await database.keys.put({ ...row, wrongTries, waitUntil });
      const { salt, wrapped, cost: rowCost } = row.byPin;
      const pinKey = await deriveKey(pin, salt, rowCost);
      const text = await open(pinKey, wrapped, checkBinding).catch(() => undefined);
      if (text === undefined) throw problems.wrong(Math.max(0, freeTries - wrongTries));
      const key = await checked(fromBase64(text), row);
      await database.keys.put({ ...row, wrongTries: 0, waitUntil: 0 });
      return key;
    },
    async unlockByServer(unwrap) {
      const row = await storedRow();
      if (row === undefined) throw problems.lost();
      return checked(fromBase64(await unwrap(row.byServer)), row);
    },
    wrappedForServer: async () => (await storedRow())?.byServer ?? null,
  };
}
