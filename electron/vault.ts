/**
 * The vault (architecture §5): secrets of this operating-system user, encrypted by what the operating system offers.
 *
 * Assumptions: Linux may have no keyring, and then Chromium "encrypts" with a constant (basic_text): that protects nothing and counts as
 * none. A keyring may go away between two starts; what was sealed with it then cannot be read, and to answer "there is nothing" would let
 * the page make a new data key over the old one: so it is an error.
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type VaultName, type VaultState, vaultNames } from '#shared/bridge.ts';
import { Problem } from '#shared/problem.ts';
import { writeWhole } from './files.ts';

/** The part of Electron's safeStorage we use. */
export type Keyring = {
  isEncryptionAvailable(): boolean;
  encryptString(text: string): Buffer;
  decryptString(sealed: Buffer): string;
  getSelectedStorageBackend?(): string;
};

export type Vault = {
  state(): VaultState;
  read(name: VaultName): Promise<string | null>;
  write(name: VaultName, value: string): Promise<void>;
  forget(name: VaultName): Promise<void>;
};

const fileSchema = z.strictObject({ version: z.literal(1), secrets: z.partialRecord(z.enum(vaultNames), z.base64()) });
type VaultFile = z.infer<typeof fileSchema>;

/** Throws Problem VAULT_NONE (write without a keyring), VAULT_UNREADABLE, VAULT_NOT_WRITTEN. */
export function createVault(keyring: Keyring, path: string, platform: string): Vault {
  // One after the other: two writes at once would each keep only their own secret.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };

  const state = (): VaultState => {
    if (!keyring.isEncryptionAvailable()) return 'none';
    if (platform !== 'linux') return 'keyring';
    const backend = keyring.getSelectedStorageBackend?.() ?? 'unknown';
    return backend === 'basic_text' || backend === 'unknown' ? 'none' : 'keyring';
  };

  const load = async (): Promise<VaultFile> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { version: 1, secrets: {} }; // fs throws nothing else
      throw unreadable(cause);
    }
    try {
      return fileSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw unreadable(cause);
    }
  };

  const store = (file: VaultFile) =>
    writeWhole(path, JSON.stringify(file)).catch((cause: unknown) => {
      throw new Problem(
        'VAULT_NOT_WRITTEN',
        'storage',
        {
          zh: '密钥无法保存：数据文件夹不可写或磁盘已满。请检查磁盘后重试。',
          en: 'The key could not be kept: the data folder cannot be written or the disk is full. Check the disk and try again.',
        },
        cause,
      );
    });

  return {
    state,
    read: (name) =>
      inTurn(async () => {
        const sealed = (await load()).secrets[name];
        if (sealed === undefined) return null;
        if (state() === 'none') throw unreadable();
        try {
          return keyring.decryptString(Buffer.from(sealed, 'base64'));
        } catch (cause) {
          throw unreadable(cause);
        }
      }),
    write: (name, value) =>
      inTurn(async () => {
        if (state() === 'none') {
          throw new Problem('VAULT_NONE', 'storage', {
            zh: '本机没有系统密钥环，密钥不能保存。请设置终端 PIN。',
            en: 'This machine has no keyring, so the key cannot be kept. Set a station PIN instead.',
          });
        }
        const file = await load();
        await store({
          ...file,
          secrets: { ...file.secrets, [name]: keyring.encryptString(value).toString('base64') },
        });
      }),
    forget: (name) =>
      inTurn(async () => {
        const file = await load();
        if (file.secrets[name] === undefined) return;
        const { [name]: _forgotten, ...secrets } = file.secrets;
        await store({ ...file, secrets });
      }),
  };
}

const unreadable = (cause?: unknown) =>
  new Problem(
    'VAULT_UNREADABLE',
    'storage',
    {
      zh: '本机保存的密钥无法读取：系统密钥环已更换、被锁定，或文件损坏。请解锁密钥环后重新启动；仍不行请联系管理员恢复。',
      en: 'The key kept on this machine cannot be read: the keyring was changed or locked, or the file is damaged. Unlock the keyring and start again; if it still fails, ask your administrator to recover it.',
    },
    cause,
  );
