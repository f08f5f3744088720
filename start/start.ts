/**
 * `npm start`: the whole job on this machine, with demo data.
 *
 *   npm start [-- --browser] [-- --data FOLDER]
 *
 *   bank server (7650)  ◄── workstation (Electron, else a browser) ──►  practice PBX (7660)
 *
 * Everything it starts ends with it: on Ctrl-C, when the window is closed, and, because each child reads a pipe of ours, when this
 * process is killed.
 */
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { hasScreen, openBrowser } from './browser.ts';
import { build } from './build.ts';
import { demoAccounts } from './demo.ts';
import { findElectron } from './electronRuntime.ts';
import { freePort } from './ports.ts';
import { type Service, startService, whenReady } from './processes.ts';
import { root } from './run.ts';
import { findRunning, forgetRunning, noteRunning } from './running.ts';

const { values: options } = parseArgs({
  options: { browser: { type: 'boolean', default: false }, data: { type: 'string', default: join(root, '.data') } },
});
const data = resolve(options.data);
const say = (line: string) => console.log(line);

const services: Service[] = [];
let stopping: Promise<void> | undefined;

/** Ends everything in the opposite order of its start, waits for it, and leaves. */
function stop(code: number): Promise<void> {
  stopping ??= (async () => {
    for (const service of [...services].reverse()) await service.stop();
    forgetRunning(data);
    process.exit(code);
  })();
  return stopping;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    say('Ending …');
    void stop(0);
  });
}

/** Starts a program of ours; when it ends by itself everything does. */
async function start(name: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  const service = startService(name, process.execPath, args, { env });
  services.push(service);
  await whenReady(service);
  void service.ended.then(({ code, output }) => {
    if (stopping !== undefined || !services.includes(service)) return;
    console.error(`The ${name} ended by itself (code ${code}):\n${output.slice(-2000)}`);
    void stop(1);
  });
}

/** Starts both servers on ports that are free. Each must know the other's, and between the look and the start a port can be lost. */
async function startServers(code: string): Promise<string> {
  const secrets = JSON.stringify(
    Object.fromEntries(['1001', '1002', '1003'].map((user) => [user, randomBytes(12).toString('hex')])),
  );
  for (let tries = 1; ; tries += 1) {
    const bankPort = await freePort(7650);
    const practicePort = await freePort(7660);
    const address = `http://127.0.0.1:${bankPort}`;
    try {
      // Secrets go by the environment: a command line can be read by every user of the machine.
      await start('practice PBX', ['dist/practice/main.js', '--port', String(practicePort), '--with-parent'], {
        HUIFANG_PRACTICE_ACCOUNTS: secrets,
        HUIFANG_PRACTICE_ORIGINS: ['app://huifang', address, `http://localhost:${bankPort}`].join(','),
      });
      await start(
        'bank server',
        [
          'dist/server/main.js',
          ...['--port', String(bankPort), '--host', '127.0.0.1', '--data', join(data, 'bank'), '--demo'],
          ...['--practice-line', `ws://127.0.0.1:${practicePort}`, '--renderer', 'dist/renderer', '--with-parent'],
        ],
        // The demo has its own database, whatever DATABASE_URL says to other commands.
        { HUIFANG_PRACTICE_ACCOUNTS: secrets, HUIFANG_DEMO_ENROLMENT_CODE: code, DATABASE_URL: '' },
      );
      if (bankPort !== 7650) say(`Port 7650 is taken; the bank server has ${bankPort}.`);
      if (practicePort !== 7660) say(`Port 7660 is taken; the practice PBX has ${practicePort}.`);
      return address;
    } catch (cause) {
      for (const service of services.splice(0)) await service.stop();
      const lostPort = bankPort !== (await freePort(bankPort)) || practicePort !== (await freePort(practicePort));
      if (!lostPort || tries === 3 || stopping !== undefined) throw cause;
    }
  }
}

async function main(): Promise<void> {
  const other = await findRunning(data);
  if (other !== undefined) {
    say(`Huifang already runs on ${data} (process ${other.pid}): ${other.address}`);
    say('End it there with Ctrl-C, or start a second one with its own data: npm start -- --data FOLDER');
    process.exit(1);
  }

  const built = await build();
  if (built.length > 0) say(`Built ${built.join(', ')}.`);

  const code = randomBytes(9).toString('base64url');
  const address = await startServers(code);
  noteRunning(data, address);

  say('');
  say('Huifang 回访 runs with demo data (PGlite; the customers are simulated, no real call is made).');
  for (const { account, password, role } of demoAccounts) say(`  ${role.padEnd(6)} ${account}  ${password}`);
  say(`  data   ${data}`);
  say('');
  await openWorkstation(address, code);
}

async function openWorkstation(address: string, code: string): Promise<void> {
  const enrolling = `${address}/#enrol=${code}`;
  const runtime = options.browser || !hasScreen() ? undefined : await findElectron(say);
  if (runtime === undefined) {
    if (!options.browser)
      say(hasScreen() ? 'There is no Electron here, so' : 'There is no screen here for Electron, so');
    say(openBrowser(enrolling) ? 'The workstation opens in your browser:' : 'Open the workstation in a browser:');
    say(`  ${enrolling}`);
    say('Ctrl-C ends everything.');
    return;
  }
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  if (asRoot) say('You are root, and Chromium has no sandbox for root: Electron runs without it (demo only).');
  if (runtime.source === 'registry')
    say(`The workstation runs in Electron ${runtime.version} from the package registry.`);
  say(`The workstation opens in its window; a lead may also use a browser: ${address}`);
  say('Ctrl-C, or closing the window, ends everything.');
  const window = startService(
    'workstation',
    runtime.executable,
    [
      ...runtime.args,
      `--user-data-dir=${join(data, 'workstation')}`,
      '--with-parent',
      ...(asRoot ? ['--no-sandbox'] : []),
    ],
    { env: { HUIFANG_CONFIGURATION: JSON.stringify({ serverOrigin: address, enrolmentCode: code, practice: true }) } },
  );
  services.push(window);
  const { code: exit, output } = await window.ended;
  if (stopping === undefined && exit !== 0) console.error(output.slice(-2000));
  await stop(exit === 0 ? 0 : 1);
}

main().catch(async (cause: unknown) => {
  console.error(cause instanceof Error ? cause.message : cause);
  await stop(1);
});
