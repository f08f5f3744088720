/**
 * Who may import whom. One readable table; each rule says why it stands (architecture §3).
 * An import of another room or package that no rule allows fails here, with the file that holds it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

type Rule = { room: string; rooms: readonly string[]; packages: readonly string[]; why: string };

/** The first rule whose room the file lies in applies. `type:ROOM` allows types only. */
const rules: readonly Rule[] = [
  {
    room: 'shared',
    rooms: [],
    packages: ['zod', 'xstate', 'libphonenumber-js', 'chinese-days', '@noble/hashes'],
    why: 'the contract and the rules of the trade are pure: the same code judges at the station and at the server',
  },
  {
    room: 'electron',
    rooms: ['shared'],
    packages: ['electron', 'electron-store', 'zod', 'node:'],
    why: 'the shell knows windows and keys, nothing of the job',
  },
  {
    room: 'renderer/phone',
    rooms: ['shared'],
    packages: ['sip.js'],
    why: 'the only place that knows sip.js; everybody else speaks our words',
  },
  {
    room: 'renderer/line',
    rooms: ['shared', 'type:renderer/phone'],
    packages: ['xstate'],
    why: 'a machine knows what it drives by type only, so that tests can swap it',
  },
  {
    room: 'renderer/call',
    rooms: ['shared', 'type:renderer/phone'],
    packages: ['xstate'],
    why: 'a machine knows what it drives by type only, so that tests can swap it',
  },
  {
    room: 'renderer/casework',
    rooms: ['shared', 'type:renderer/phone', 'type:renderer/journal', 'type:renderer/call'],
    packages: ['xstate'],
    why: 'a machine knows what it drives by type only, so that tests can swap it',
  },
  {
    room: 'renderer/journal',
    rooms: ['shared'],
    packages: ['dexie', 'zod', '@noble/hashes'],
    why: 'the one place a fact lives; it knows no server and no screen',
  },
  {
    room: 'renderer/sync',
    rooms: ['shared', 'renderer/journal'],
    packages: ['zod'],
    why: 'the only way out: reads the journal, speaks to the server',
  },
  {
    room: 'renderer/app',
    rooms: [
      'shared',
      'type:renderer/phone',
      'type:renderer/line',
      'type:renderer/call',
      'type:renderer/casework',
      'type:renderer/journal',
      'type:renderer/sync',
    ],
    packages: ['xstate', '@xstate/react', 'react'],
    why: 'what the screens may know: state, text, settings; rooms below by type only',
  },
  {
    room: 'renderer/screens',
    rooms: ['shared', 'renderer/app', 'renderer/components'],
    packages: ['react', 'antd', '@ant-design/icons', 'dexie-react-hooks'],
    why: 'screens read state and send events',
  },
  {
    room: 'renderer/components',
    rooms: ['shared', 'renderer/app'],
    packages: ['react', 'antd', '@ant-design/icons'],
    why: 'pieces of screens',
  },
  {
    room: 'renderer',
    rooms: [
      'shared',
      'renderer/phone',
      'renderer/line',
      'renderer/call',
      'renderer/casework',
      'renderer/journal',
      'renderer/sync',
      'renderer/app',
      'renderer/screens',
      'renderer/components',
    ],
    packages: ['react', 'react-dom', 'antd', 'xstate', '@xstate/react', 'zod'],
    why: 'the composition root wires all of it',
  },
  {
    room: 'server',
    rooms: ['shared'],
    packages: [
      'node:',
      'zod',
      'fastify',
      '@fastify/cookie',
      '@fastify/static',
      '@fastify/swagger',
      'fastify-type-provider-zod',
      'kysely',
      '@electric-sql/pglite',
      'pg',
      '@node-rs/argon2',
      'jose',
      'fs-native-extensions',
    ],
    why: 'the bank server has nothing of the workstation but the contract',
  },
  {
    room: 'practice',
    rooms: ['shared'],
    packages: ['node:', 'sip.js', 'ws', 'werift', 'http-auth-utils', 'sdp-transform', 'zod'],
    why: 'the practice PBX stands where a real PBX would: it knows nothing of the workstation',
  },
  {
    room: 'start',
    rooms: ['type:server', 'type:practice', 'type:electron'],
    packages: ['node:', 'esbuild', 'vite', 'electron', '@electron/fuses'],
    why: 'commands start programs; they do not reach into them',
  },
];

const roomNames = [...new Set(rules.map((r) => r.room))].sort((a, b) => b.length - a.length);
const roomOf = (path: string) => roomNames.find((room) => path === room || path.startsWith(`${room}/`));

// Only the rooms are walked: node_modules and caches hold a hundred thousand files.
const sources = [...new Set(rules.map(({ room }) => room.split('/')[0]!))]
  .filter((top) => existsSync(resolve(root, top)))
  .flatMap((top) =>
    readdirSync(resolve(root, top), { recursive: true, encoding: 'utf8' }).map((path) => `${top}/${path}`),
  )
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => /\.(ts|tsx)$/.test(path) && roomOf(path) !== undefined);

type Import = { from: string; specifier: string; typeOnly: boolean };

function importsOf(path: string): Import[] {
  const text = readFileSync(resolve(root, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  const found: Import[] = [];
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  for (const match of text.matchAll(pattern))
    found.push({ from: path, specifier: match[2] ?? match[3] ?? '', typeOnly: match[1] !== undefined });
  return found;
}

/** What is wrong with an import, in words; undefined when a rule allows it. */
function verdict({ from, specifier, typeOnly }: Import): string | undefined {
  const room = roomOf(from)!;
  const rule = rules.find((r) => r.room === room)!;
  const bare = !specifier.startsWith('.') && !specifier.startsWith('#');
  if (bare) {
    const allowed = rule.packages.some((p) => specifier === p || specifier.startsWith(p.endsWith(':') ? p : `${p}/`));
    return allowed ? undefined : `${from} imports ${specifier}; ${room} may not (${rule.why})`;
  }
  const path = specifier.startsWith('#') ? specifier.slice(1) : relative(root, resolve(root, dirname(from), specifier));
  const target = roomOf(path);
  if (target === room || target === undefined) return undefined;
  const allowed = rule.rooms.includes(target) || (typeOnly && rule.rooms.includes(`type:${target}`));
  return allowed ? undefined : `${from} imports ${specifier} of ${target}; ${room} may not (${rule.why})`;
}

describe('layers', () => {
  it('every import stays within what its room may know', () => {
    expect(sources.length).toBeGreaterThan(0);
    expect(sources.flatMap(importsOf).flatMap((i) => verdict(i) ?? [])).toEqual([]);
  });

  it('a crossed layer is noticed', () => {
    const crossed = (from: string, specifier: string, typeOnly = false) => verdict({ from, specifier, typeOnly });
    expect(crossed('shared/case/case.ts', 'node:fs')).toContain('shared may not');
    expect(crossed('renderer/screens/workbench/workbench.tsx', '../../phone/sipPhone.ts')).toContain('may not');
    expect(crossed('renderer/line/lineMachine.ts', '../phone/phone.ts')).toContain('may not');
    expect(crossed('renderer/line/lineMachine.ts', '../phone/phone.ts', true)).toBeUndefined();
    expect(crossed('practice/call.ts', '../server/app.ts')).toContain('may not');
  });

  it('no barrel files', () => {
    expect(sources.filter((path) => /(^|\/)index\.tsx?$/.test(path))).toEqual([]);
  });
});
