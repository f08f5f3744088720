import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSecondCopy } from '../../electron/secondCopy.ts';

describe('the second copy', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'huifang-copy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const made = () => createSecondCopy(folder, 'unsent', () => new Date('2026-11-29T08:00:00Z'));

  it('holds its lines in the order they were said, whoever waits for what', async () => {
    const copy = made();
    await Promise.all([copy.begin('head'), copy.append('one\ntwo'), copy.append('three')]);
    expect(readFileSync(join(folder, 'unsent.jsonl'), 'utf8')).toBe('head\none\ntwo\nthree\n');
    await copy.begin('head');
    expect(readFileSync(join(folder, 'unsent.jsonl'), 'utf8')).toBe('head\n');
  });

  it('is put aside once, and what is written next does not touch it', async () => {
    const copy = made();
    expect(await copy.putAside()).toBeNull();
    await copy.begin('head');
    expect(await copy.putAside()).toBeNull();
    await copy.append('one');
    const aside = await copy.putAside();
    expect(aside).toEqual({ path: join(folder, 'unsent 2026-11-29T08-00-00.000Z.jsonl'), entries: 1 });
    expect(await copy.putAside()).toBeNull();
    await copy.begin('other');
    expect(readFileSync(aside!.path, 'utf8')).toBe('head\none\n');
  });

  it('says what the disk refused, and goes on with the next', async () => {
    const copy = made();
    mkdirSync(join(folder, 'unsent.jsonl'));
    await expect(copy.append('one')).rejects.toThrow('EISDIR');
    rmSync(join(folder, 'unsent.jsonl'), { recursive: true });
    await copy.begin('head');
    expect(readdirSync(folder)).toEqual(['unsent.jsonl']);
  });
});
