/** What `npm test` needs from the system beside Node: a browser, a screen, fonts, a keyring, PostgreSQL, a SIP network. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.ts';

type Part = {
  what: string;
  /** Debian's packages. */
  packages: readonly string[];
  there: () => boolean;
};

const inPath = (name: string) =>
  ['/usr/sbin', '/usr/bin', '/bin', ...(process.env.PATH ?? '').split(':')].some((folder) =>
    existsSync(join(folder, name)),
  );

const libraryFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib', '/lib'];
const library = (start: string) =>
  libraryFolders.some((folder) => existsSync(folder) && readdirSync(folder).some((name) => name.startsWith(start)));

const kamailioModule = (name: string) =>
  libraryFolders.some((folder) => existsSync(join(folder, 'kamailio/modules', name)));

const parts: readonly Part[] = [
  { what: 'Chromium at /usr/bin/chromium', packages: ['chromium'], there: () => existsSync('/usr/bin/chromium') },
  {
    what: 'its engine without windows at /usr/bin/chromium-headless-shell',
    packages: ['chromium-headless-shell', 'chromium'], // both of one version: an older browser comes along
    there: () => existsSync('/usr/bin/chromium-headless-shell'),
  },
  { what: 'Xvfb, a screen for tests', packages: ['xvfb', 'xauth'], there: () => inPath('Xvfb') && inPath('xauth') },
  {
    what: 'a font with Chinese characters',
    packages: ['fonts-noto-cjk'],
    there: () => existsSync('/usr/share/fonts/opentype/noto') || existsSync('/usr/share/fonts/google-noto-cjk'),
  },
  {
    what: 'the libraries Electron is linked with',
    packages: ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libsecret-1-0'],
    there: () => ['libgtk-3.so.0', 'libnss3.so', 'libasound.so.2', 'libgbm.so.1', 'libsecret-1.so.0'].every(library),
  },
  {
    what: 'a keyring and its message bus',
    packages: ['gnome-keyring', 'dbus-daemon'],
    there: () => inPath('gnome-keyring-daemon') && inPath('dbus-run-session'),
  },
  {
    what: 'PostgreSQL 15 or later',
    packages: ['postgresql'],
    there: () => inPath('initdb') || existsSync('/usr/lib/postgresql'),
  },
  {
    what: 'Kamailio with WebSocket and TLS',
    packages: ['kamailio', 'kamailio-websocket-modules', 'kamailio-tls-modules', 'kamailio-extra-modules'],
    there: () => inPath('kamailio') && ['websocket.so', 'tls.so', 'jsonrpcs.so', 'rtpengine.so'].every(kamailioModule),
  },
  { what: 'rtpengine', packages: ['rtpengine-daemon'], there: () => inPath('rtpengine') },
  { what: 'SIPp', packages: ['sip-tester'], there: () => inPath('sipp') },
  { what: 'a TURN server', packages: ['coturn'], there: () => inPath('turnserver') },
  { what: 'openssl, for certificates of tests', packages: ['openssl'], there: () => inPath('openssl') },
];

/** Throws with what is missing and how to get it, when it cannot be installed from here. */
export async function needSystemParts(say: (line: string) => void): Promise<void> {
  if (process.platform !== 'linux')
    throw new Error('The end-to-end tests run on Linux (Debian 12 or later). `npm run check` runs everywhere.');
  const before = parts.filter((part) => !part.there());
  if (before.length === 0) return;
  const packages = before.flatMap((part) => part.packages);
  if (process.getuid?.() === 0 && inPath('apt-get')) {
    say(`Installing what is missing: ${packages.join(' ')} …`);
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get update', 'apt-get', ['update', '-q'], { env });
    const { code, output } = await run(
      'apt-get install',
      'apt-get',
      ['install', '-y', '-q', '--no-install-recommends', ...packages],
      { env },
    );
    if (code !== 0) say(output.split('\n').slice(-10).join('\n'));
  }
  const missing = parts.filter((part) => !part.there());
  if (missing.length === 0) return;
  const names = missing.flatMap((part) => part.packages).join(' ');
  throw new Error(
    `Missing: ${missing.map((part) => part.what).join('; ')}.\nOn Debian: sudo apt-get update && sudo apt-get install ${names}`,
  );
}
