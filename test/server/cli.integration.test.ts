import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportFormat, type SealedExport } from '#shared/journal/export.ts';
import { recoverExport } from '../../server/cli/recover.ts';
import { generateCases } from '../../server/demo/generate.ts';
import { enrolStation, movableClock, startBank, type TestBank, writeJournal } from '../support/bank.ts';
import { bankCommand } from '../support/bankCommand.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'huifang-cli-'));

describe('the command line', () => {
  let postgres: Postgres;
  let databaseUrl: string;
  const run = (args: readonly string[], input?: string) => bankCommand(databaseUrl, args, input);
  beforeAll(async () => {
    postgres = await startPostgres();
    databaseUrl = await postgres.createDatabase();
  });
  afterAll(async () => {
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('makes the demo, adds an account, imports cases and names the bad one, and rebuilds', async () => {
    expect(await run(['demo', '--demo'])).toMatchObject({ code: 0 });
    expect(await run(['accounts', 'add', 'B001', '新人', 'agent', 'T1'], 'short\n')).toMatchObject({ code: 1 });
    expect(await run(['accounts', 'add', 'B001', '新人', 'agent', 'T1'], 'long enough\n')).toMatchObject({
      code: 0,
    });
    const list = await run(['accounts', 'list']);
    expect(list.out.split('\n').filter((line) => line !== '')).toHaveLength(4);

    const [good, bad] = generateCases(2, 9);
    const file = join(folder, 'cases.json');
    writeFileSync(file, JSON.stringify([good, { ...bad, deadline: 'soon' }]));
    const imported = await run(['import', file]);
    expect(imported.code).toBe(2);
    expect(imported.out).toMatch(/\[1\] GEN-9-000002 deadline: /);
    expect(imported.out).toContain('added 1, changed 0, unchanged 0, bad 1');
    writeFileSync(file, '{ no json');
    expect((await run(['import', file])).out).toContain('The file is not JSON');
    expect((await run(['rebuild'])).out).toContain('replayed 0 entries');
    expect((await run(['clock', 'set', '2026-11-25T14:40+08:00'])).code).toBe(0);
    expect((await run(['nonsense'])).code).toBe(1);
    const turn = ['stations', 'voice', 'S-1', '--turn', 'turn:relay.bank.example:3478'];
    expect((await run(turn)).out).toContain('TURN needs --turn-user');
    expect((await run(['stations', 'voice', 'S-1', '--relay-only'])).out).toContain('--relay-only needs --turn');
    expect((await run([...turn, '--turn-user', 'u'], 'geheim\n')).out).toContain('Not found: S-1');
  }, 300_000);
});

describe('recover', () => {
  let test: TestBank;
  beforeAll(async () => {
    test = await startBank({ listen: false, clock: movableClock() });
  });
  afterAll(() => test?.stop());

  it('takes in a sealed export, once, and counts what another key sealed', async () => {
    const station = await enrolStation(test);
    const journal = writeJournal({ agent: 'A017' });
    const entries = [journal.entry('break.started', { reason: 'MEAL' }), journal.entry('break.ended', {})];
    const key = randomBytes(32);
    const { kty, n, e } = test.bank.keys.recovery;
    const recoveryKey = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    const wrappedKey = publicEncrypt(
      { key: recoveryKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      key,
    ).toString('base64');
    const file: SealedExport = {
      format: exportFormat,
      station: station.id,
      wrappedKey,
      journals: [
        {
          journal: journal.journal,
          entries: entries.map(({ header, salt, body }) => {
            const iv = randomBytes(12);
            const cipher = createCipheriv('aes-256-gcm', key, iv);
            cipher.setAAD(Buffer.from(header.bodyHash));
            const sealed = Buffer.concat([cipher.update(salt + body, 'utf8'), cipher.final(), cipher.getAuthTag()]);
            return { header, iv: iv.toString('base64'), data: sealed.toString('base64') };
          }),
        },
      ],
    };
    expect(await recoverExport(test.bank, file)).toEqual({ stored: 2 });
    const damaged = structuredClone(file);
    damaged.journals[0]!.entries[1]!.iv = randomBytes(12).toString('base64');
    expect(await recoverExport(test.bank, damaged)).toEqual({ duplicate: 1, damaged: 1 });
    await expect(
      recoverExport(test.bank, { ...file, wrappedKey: randomBytes(384).toString('base64') }),
    ).rejects.toThrow('sealed for another server');
    await expect(recoverExport(test.bank, { format: 'other' })).rejects.toThrow('not a file a station exported');
  });
});
