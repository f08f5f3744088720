/**
 * `npm run build`: builds what is stale.
 *
 *   dist/renderer    the page, by vite
 *   dist/electron    the shell and its preload (one CommonJS file, as a sandboxed preload must be), by esbuild
 *   dist/server      the bank server        one file: reading hundreds took half of a start; data files beside the sources are copied;
 *                                           beside it its command line, likewise one file
 *   dist/practice    the practice PBX       likewise
 *
 * A target is stale when any of its inputs has another name, size or time than when it was built.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build as bundle } from 'esbuild';
import { build as buildPage } from 'vite';
import { alone } from './alone.ts';
import { root } from './run.ts';

export const targets = ['renderer', 'electron', 'server', 'practice'] as const;
export type Target = (typeof targets)[number];

const inputs: Record<Target, readonly string[]> = {
  renderer: ['renderer', 'shared', 'vite.config.ts', 'package-lock.json'],
  electron: ['electron', 'shared', 'start/build.ts', 'package-lock.json'],
  server: ['server', 'shared', 'start/build.ts', 'package-lock.json'],
  practice: ['practice', 'shared', 'start/build.ts', 'package-lock.json'],
};

const node: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
};

/** Packages that are CommonJS ask for `require` inside of a bundle that is not. */
const banner = {
  js: "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);",
};
/** Packages that load a library or a data file from beside themselves, and one that pg asks for only where somebody installed it. */
const outside = ['@electric-sql/pglite', '@node-rs/argon2', 'fs-native-extensions', 'pg-native'];

const makers: Record<Target, () => Promise<unknown>> = {
  renderer: () => buildPage({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn' }),
  electron: async () => {
    await bundle({
      ...node,
      entryPoints: ['electron/main.ts'],
      outfile: 'dist/electron/main.js',
      external: ['electron'],
      banner,
    });
    await bundle({
      ...node,
      entryPoints: ['electron/preload.ts'],
      outfile: 'dist/electron/preload.cjs',
      format: 'cjs',
      external: ['electron'],
      sourcemap: false,
    });
  },
  server: () => makeService('server', ['main', 'cli']),
  practice: () => makeService('practice', ['main']),
};

async function makeService(name: 'server' | 'practice', programs: readonly string[]): Promise<void> {
  await bundle({
    ...node,
    entryPoints: programs.map((program) => `${name}/${program}.ts`),
    outdir: `dist/${name}`,
    external: outside,
    banner,
  });
  for (const entry of readdirSync(join(root, name), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.(ts|tsx|md)$|^tsconfig\.json$/.test(entry.name)) continue;
    const from = join(entry.parentPath, entry.name);
    await cp(from, join(root, 'dist', from.slice(root.length)));
  }
}

/** Builds the stale ones of `wanted` and names them. Throws when one does not build. */
export function build(wanted: readonly Target[] = targets): Promise<Target[]> {
  return alone(join(root, 'dist', '.building'), () => buildStale(wanted));
}

async function buildStale(wanted: readonly Target[]): Promise<Target[]> {
  const built: Target[] = [];
  for (const target of wanted) {
    const stamp = join(root, 'dist', `.${target}.built`);
    const now = fingerprint(inputs[target]);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) continue;
    rmSync(stamp, { force: true });
    await makers[target]();
    await writeFile(stamp, now);
    built.push(target);
  }
  return built;
}

function fingerprint(paths: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (path: string) => {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  };
  for (const path of paths) {
    if (!existsSync(join(root, path))) continue;
    if (!statSync(join(root, path)).isDirectory()) add(path);
    else
      for (const entry of readdirSync(join(root, path), { recursive: true, withFileTypes: true }))
        if (entry.isFile()) add(join(entry.parentPath, entry.name).slice(root.length));
  }
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const began = performance.now();
  const wanted = targets.filter((target) => process.argv.length < 3 || process.argv.includes(target));
  const built = await build(wanted);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(built.length === 0 ? 'Nothing was stale.' : `Built ${built.join(', ')} in ${seconds} s.`);
}
