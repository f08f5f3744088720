/** The practice PBX as the launcher starts it: a process of its own, spoken to over its socket and its control routes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { CallReport } from '../../practice/exchange.ts';
import type { Fact } from '../../practice/facts.ts';
import { until } from './voice.ts';

export type PracticeProcess = {
  port: number;
  facts: () => (Fact & { at: string })[];
  post: (path: string, body: unknown) => Promise<Response>;
  calls: () => Promise<{ calls: CallReport[]; resources: Record<string, number> }>;
  /** Until no media socket and no timer is left. */
  idle: () => Promise<void>;
  child: ChildProcess;
  /** Resolves with the exit code. */
  stop: () => Promise<number | null>;
};

const TOKEN = 'control-token-of-tests';
export const accounts = { '1001': 'pass1001', '1002': 'pass1002' };

/** The account of extension 1001 there, as a line takes it. */
export const lineAccount = (port: number, password = accounts['1001']) => ({
  url: `ws://127.0.0.1:${port}/`,
  ...{ user: '1001', password, domain: 'practice.huifang' },
});

export async function startPractice(extra: readonly string[] = []): Promise<PracticeProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'practice-test-'));
  const log = join(folder, 'facts.log');
  const main = resolve(import.meta.dirname, '../../practice/main.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--port', '0', '--log', log, ...extra], {
    env: { ...process.env, HUIFANG_PRACTICE_ACCOUNTS: JSON.stringify(accounts), HUIFANG_PRACTICE_CONTROL_TOKEN: TOKEN },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((done) => child.once('exit', done));
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints += data;
  });
  const port = await new Promise<number>((done, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line.replace('ready ', '')).port));
    void exited.then((code) => fail(new Error(`practice ended with ${code}: ${complaints}`)));
  });
  const control = (path: string, init: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${TOKEN}`, connection: 'close' },
    });
  const calls: PracticeProcess['calls'] = async () => (await control('/control/calls', {})).json();

  return {
    port,
    child,
    calls,
    facts: () =>
      readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    post: (path, body) => control(path, { method: 'POST', body: JSON.stringify(body) }),
    idle: async () => {
      let idle = false;
      const look = async (): Promise<void> => {
        const { resources } = await calls();
        idle = (resources.UDPWrap ?? 0) === 0 && (resources.Timeout ?? 0) === 0;
        if (!idle) setTimeout(() => void look(), 100);
      };
      void look();
      await until(() => idle);
    },
    stop: async () => {
      child.kill('SIGTERM');
      const code = await exited;
      rmSync(folder, { recursive: true });
      return code;
    },
  };
}
