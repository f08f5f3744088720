import { relative } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, pageFile } from '../../electron/page.ts';

const folder = '/opt/huifang/dist/renderer';

describe('what our scheme serves', () => {
  it('the page, for its bare address too', () => {
    expect(pageFile('app://huifang/', folder)?.path).toBe(`${folder}/index.html`);
    expect(pageFile('app://huifang/assets/index-a1.js?v=1#x', folder)).toEqual({
      path: `${folder}/assets/index-a1.js`,
      contentType: 'text/javascript; charset=utf-8',
    });
  });

  it.each([
    'app://huifang/..%2felectron/main.js',
    'app://huifang/..%5celectron%5cmain.js',
    'app://huifang/a%00.js',
    'app://huifang/%',
    'app://huifang//etc/passwd.json/..%2f..%2fx.js',
    'app://elsewhere/index.html',
    'file:///opt/huifang/dist/renderer/index.html',
    'https://huifang/index.html',
    'app://huifang/private.pem',
    'app://huifang/assets/',
    'no address',
  ])('nothing for %s', (address) => {
    expect(pageFile(address, folder)).toBeUndefined();
  });

  it('no spelling whatever leaves the folder', () => {
    const piece = fc.constantFrom(
      '..',
      '%2e%2e',
      '%2E.',
      '/',
      '%2f',
      '\\',
      '%5c',
      'a',
      'main.js',
      '.',
      '%00',
      '%252e',
      '//',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const file = pageFile(`app://huifang/${pieces.join('')}`, folder);
        expect(file === undefined || !relative(folder, file.path).split('/').includes('..')).toBe(true);
      }),
      { numRuns: 2000, seed: 33 },
    );
  });
});

describe('the policy', () => {
  it('names the managed server, and wss: alone for the phone', () => {
    const policy = contentSecurityPolicy({ serverOrigin: 'https://bank.example:8443/' });
    expect(policy).toContain("connect-src 'self' https://bank.example:8443 wss:;");
    expect(policy).not.toContain('ws:/');
    expect(policy).not.toContain("'unsafe-eval'");
  });

  it('allows plain ws: on this machine only when the server is on it', () => {
    expect(contentSecurityPolicy({ serverOrigin: 'http://127.0.0.1:7650' })).toContain('wss: ws://127.0.0.1:*;');
  });

  it('lets no script run but our files, no frame around us, no base, no object', () => {
    const policy = contentSecurityPolicy({ serverOrigin: 'https://bank.example' });
    for (const rule of ["script-src 'self';", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"])
      expect(policy).toContain(rule);
  });
});
