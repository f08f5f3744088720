import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { channels } from '#shared/bridge.ts';
import { answer, createHandlers } from '../../electron/handlers.ts';

function handlers(askWhere: (suggestedName: string) => Promise<string | undefined> = async () => undefined) {
  const kept: string[] = [];
  const made = createHandlers({
    configuration: { serverOrigin: 'https://bank.example' },
    vault: {
      state: () => 'none',
      read: async () => null,
      write: async (name) => void kept.push(name),
      forget: async () => undefined,
    },
    settings: {
      readSettings: () => ({ language: 'zh' }),
      writeSettings: () => undefined,
      readWindow: () => undefined,
      writeWindow: () => undefined,
      wasDamaged: false,
    },
    closeGuard: { setRisk: () => undefined, mayClose: () => true, letGo: () => undefined },
    awake: { keep: (awake) => void kept.push(awake ? 'awake' : 'may sleep') },
    secondCopy: {
      begin: async (head) => void kept.push(head),
      append: async (lines) => void kept.push(lines),
      putAside: async () => null,
    },
    askWhere,
  });
  return { made, kept };
}

describe('the bridge', () => {
  it('has a handler for every channel, and the preload asks each of them', () => {
    const { made } = handlers();
    expect(Object.keys(made).sort()).toEqual(Object.keys(channels).sort());
    const preload = readFileSync(new URL('../../electron/preload.ts', import.meta.url), 'utf8');
    for (const channel of Object.keys(channels)) expect(preload).toContain(`ask('${channel}'`);
  });

  it('answers our page', async () => {
    expect(await answer(handlers().made, 'settings.read', [], true)).toEqual({ ok: true, value: { language: 'zh' } });
  });

  it('refuses a foreign sender before it looks at what is asked', async () => {
    const { made, kept } = handlers();
    expect(await answer(made, 'vault.write', ['dataKey', 'x'], false)).toMatchObject({
      ok: false,
      code: 'FOREIGN_SENDER',
    });
    expect(kept).toEqual([]);
  });

  it.each([
    ['vault.write', ['password', 'x']],
    ['vault.write', ['dataKey']],
    ['vault.write', ['dataKey', 'x', 'y']],
    ['settings.write', [{ language: 'fr' }]],
    ['closing.risk', [{ inCall: 1, unsent: 0 }]],
    ['configuration.read', ['x']],
    ['copy.begin', ['']],
    ['copy.append', [1]],
    ['copy.putAside', ['../elsewhere']],
  ] as const)('refuses %s with malformed arguments', async (channel, args) => {
    const { made, kept } = handlers();
    expect(await answer(made, channel, args, true)).toMatchObject({
      ok: false,
      code: 'BAD_ARGUMENTS',
      category: 'input',
    });
    expect(kept).toEqual([]);
  });

  it('keeps the machine awake when the page says so', async () => {
    const { made, kept } = handlers();
    await answer(made, 'power.keepAwake', [true], true);
    await answer(made, 'power.keepAwake', [false], true);
    expect(kept).toEqual(['awake', 'may sleep']);
  });

  it('suggests a file name without any folder in it', async () => {
    let suggested = '';
    const { made } = handlers(async (name) => {
      suggested = name;
      return undefined;
    });
    const saved = await answer(made, 'file.save', ['..\\..\\a/b/c.json', 'x'], true);
    expect(saved).toEqual({ ok: true, value: false });
    expect(suggested).toBe('c.json');
  });

  it('a file that cannot be written is a problem with a sentence', async () => {
    const { made } = handlers(async () => join(import.meta.filename, 'file'));
    expect(await answer(made, 'file.save', ['a.json', 'x'], true)).toMatchObject({
      ok: false,
      code: 'FILE_NOT_WRITTEN',
    });
  });
});
