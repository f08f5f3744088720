import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options } from '@electron/fuses';
import { describe, expect, it } from 'vitest';

const file = readFileSync(join(import.meta.dirname, '../../electron-builder.yml'), 'utf8');

/** The fuses as the packer reads them: the indented lines below the name, nothing but switches. */
function fuses(): Record<string, boolean> {
  const block = /^electronFuses:\n((?: {2}.*\n)+)/m.exec(file)?.[1] ?? '';
  const lines = block.trimEnd().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^ {2}(\w+): (true|false)$/.exec(line) ?? [];
      if (name === undefined) throw new Error(`no switch: ${line}`);
      return [name, value === 'true'];
    }),
  );
}

describe('what is packed', () => {
  it.each([
    ['runAsNode', false, 'nobody starts it as a Node'],
    ['enableNodeOptionsEnvironmentVariable', false, 'nobody injects options'],
    ['enableNodeCliInspectArguments', false, 'nobody attaches a debugger'],
    ['enableCookieEncryption', true, 'cookies lie sealed on the disk'],
    ['enableEmbeddedAsarIntegrityValidation', true, 'code that was changed does not start'],
    ['onlyLoadAppFromAsar', true, 'code beside the archive is not looked at'],
    ['loadBrowserProcessSpecificV8Snapshot', false, 'no other heap is loaded'],
    ['grantFileProtocolExtraPrivileges', false, 'file: is nothing special'],
  ])('has the fuse %s set to %s: %s', (name, value) => {
    expect(fuses()[name]).toBe(value);
  });

  it('leaves no fuse of the engine to its default', () => {
    const known = Object.keys(FuseV1Options).filter((name) => Number.isNaN(Number(name)));
    expect(known.length).toBeGreaterThan(7);
    const decided = Object.keys(fuses()).map((name) => name.toLowerCase());
    expect(known.filter((name) => !decided.includes(name.toLowerCase()))).toEqual([]);
  });

  it('lies in one archive, whose sum the fuses check', () => {
    expect(file).toMatch(/^asar: true$/m);
  });
});
