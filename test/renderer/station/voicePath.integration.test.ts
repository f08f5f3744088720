/** The self-check's word about STUN and TURN (语音通路), in a real Chromium against a real TURN server (coturn) and one that never answers. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Finding } from '../../../renderer/station/selfCheck.ts';
import { claimPorts, type PortBlock } from '../../sip/ports.ts';
import { startStunServer } from '../../sip/stunServer.ts';
import { startTurnServer, type TurnServer } from '../../sip/turnServer.ts';
import { chromiumShellPath, loopbackFlag, quietFlags } from '../../support/chromium.ts';

type IceServer = { urls: string; username?: string; credential?: string };

/** The check itself; of a shift it asks for the servers only. */
const pageSource = `
  import { lineChecks } from '../../../renderer/station/lineChecks.ts';
  const { run } = lineChecks.find(({ id }) => id === 'ice');
  window.check = (iceServers) => run({ state: { shift: { profile: { line: { iceServers } } } } });
`;

const folder = mkdtempSync(join(tmpdir(), 'huifang-voice-path-'));
let ports: PortBlock;
let turn: TurnServer;
let silent: Socket;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  ports = await claimPorts();
  turn = startTurnServer({ folder, ports, domain: 'bank.example' });
  silent = createSocket('udp4').bind(0, '127.0.0.1');
  await once(silent, 'listening');
  const bundle = await build({
    stdin: { contents: pageSource, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    format: 'iife',
    target: 'chrome130',
    write: false,
    logLevel: 'silent',
  });
  browser = await chromium.launch({
    executablePath: chromiumShellPath,
    args: [...quietFlags, loopbackFlag],
  });
  page = await browser.newPage();
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
  await vi.waitFor(() => expect(turn.program.log()).toContain('SQLite DB connection success'), 20_000);
});
afterAll(async () => {
  await browser?.close();
  silent?.close();
  await turn?.program.stop();
  await ports?.free();
  rmSync(folder, { recursive: true, force: true });
});

const check = (...servers: IceServer[]): Promise<Finding> =>
  page.evaluate(
    (asked) => (window as unknown as { check: (asked: IceServer[]) => Promise<Finding> }).check(asked), // as: see pageSource
    servers,
  );

it('a TURN server is ok with its password; a wrong one, and a server that stays silent, are told apart by name', async () => {
  const right = turn.server;
  const wrong = { ...right, credential: 'not-the-secret' };
  const nobody = { ...right, urls: `turn:127.0.0.1:${silent.address().port}?transport=udp` };
  const [ok, refused, unanswered, some] = await Promise.all([
    check(right),
    check(wrong),
    check(nobody),
    check(right, nobody),
  ]);
  const named = ({ urls }: IceServer) => urls.split('?')[0];
  expect(ok).toEqual({ state: 'ok' });
  expect(refused).toMatchObject({
    state: 'failed',
    sentence: {
      zh: expect.stringContaining(`${named(wrong)} 不接受账号或密码`),
      en: expect.stringContaining('refuses the user or password'),
    },
  });
  expect(unanswered).toMatchObject({
    state: 'failed',
    sentence: {
      zh: expect.stringContaining(`${named(nobody)} 没有回应（防火墙？）`),
      en: expect.stringContaining('does not answer'),
    },
  });
  expect(some.state).toBe('warning');
  expect(some.sentence?.zh).not.toContain(`${named(right)} `);
});

it('a STUN server that answers is ok, whether it tells a further address or the one we know; one that stays silent is named', async () => {
  const outside = await startStunServer({ address: '203.0.113.7' });
  const beside = { urls: turn.server.urls.replace(/^turn:([^?]*).*/, 'stun:$1') };
  const nobody = { urls: `stun:127.0.0.1:${silent.address().port}` };
  const [further, known, unanswered] = await Promise.all([check({ urls: outside.url }), check(beside), check(nobody)]);
  expect(further).toEqual({ state: 'ok' });
  expect(known).toEqual({ state: 'ok' });
  expect(unanswered).toMatchObject({ state: 'failed', sentence: { zh: expect.stringContaining(nobody.urls) } });
  expect(outside.asked()).toBeGreaterThan(0);
  outside.close();
});
