import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Problem } from '#shared/problem.ts';
import { createVault, type Keyring } from '../../electron/vault.ts';

/** Stands for the operating system's keyring: reversible, but not the text itself. */
const keyring = (backend = 'gnome_libsecret', available = true): Keyring => ({
  isEncryptionAvailable: () => available,
  getSelectedStorageBackend: () => backend,
  encryptString: (text) => Buffer.from(text).reverse(),
  decryptString: (sealed) => Buffer.from(sealed).reverse().toString(),
});
const place = () => join(mkdtempSync(join(tmpdir(), 'huifang-vault-')), 'vault.json');
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (problem: Problem) => problem.code,
  );

describe('the vault', () => {
  it('says none where Linux would encrypt with a constant, or not at all', () => {
    expect(createVault(keyring('basic_text'), place(), 'linux').state()).toBe('none');
    expect(createVault(keyring('unknown'), place(), 'linux').state()).toBe('none');
    expect(createVault(keyring('gnome_libsecret', false), place(), 'linux').state()).toBe('none');
    expect(createVault(keyring(), place(), 'linux').state()).toBe('keyring');
    expect(createVault(keyring('basic_text'), place(), 'win32').state()).toBe('keyring');
  });

  it('keeps secrets for the next start, and none of them in clear', async () => {
    const path = place();
    const vault = createVault(keyring(), path, 'linux');
    await Promise.all([vault.write('dataKey', 'geheim-one'), vault.write('refreshToken', 'geheim-two')]);
    const next = createVault(keyring(), path, 'linux');
    expect([await next.read('dataKey'), await next.read('refreshToken')]).toEqual(['geheim-one', 'geheim-two']);
    expect(readFileSync(path, 'utf8')).not.toMatch(/geheim/);
    await next.forget('dataKey');
    expect([await next.read('dataKey'), await next.read('refreshToken')]).toEqual([null, 'geheim-two']);
    expect(readdirSync(join(path, '..'))).toEqual(['vault.json']);
  });

  it('refuses to keep anything without a keyring', async () => {
    expect(await codeOf(createVault(keyring('basic_text'), place(), 'linux').write('dataKey', 'x'))).toBe('VAULT_NONE');
  });

  it('a damaged file or a changed keyring is an error, never "there is none"', async () => {
    const path = place();
    await createVault(keyring(), path, 'linux').write('dataKey', 'secret');
    expect(await codeOf(createVault(keyring('basic_text'), path, 'linux').read('dataKey'))).toBe('VAULT_UNREADABLE');
    writeFileSync(path, '{"version":1,"secr');
    expect(await codeOf(createVault(keyring(), path, 'linux').read('dataKey'))).toBe('VAULT_UNREADABLE');
    expect(await codeOf(createVault(keyring(), path, 'linux').write('dataKey', 'new'))).toBe('VAULT_UNREADABLE');
    expect(readFileSync(path, 'utf8')).toBe('{"version":1,"secr');
  });

  it('a folder that cannot be written is said', async () => {
    const leadsNowhere = join(place(), '..', 'folder');
    symlinkSync('/nowhere/at/all', leadsNowhere);
    const vault = createVault(keyring(), join(leadsNowhere, 'vault.json'), 'linux');
    expect(await codeOf(vault.write('dataKey', 'x'))).toBe('VAULT_NOT_WRITTEN');
  });
});
