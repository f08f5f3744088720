/**
 * The real workstation in one of its two hosts, driven by Playwright: `page` is the same either way.
 * Each lives on a profile folder of its own; started again on the same folder it is the same station.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { _electron, type BrowserContext, chromium, type ElectronApplication, type Page } from '@playwright/test';
import { z } from 'zod';
import { root } from '../../start/run.ts';
import { chromiumPath, quietFlags, withoutFeatures } from './chromium.ts';
import { killAll, processesOf, untilEnded } from './processTree.ts';

export type Host = 'electron' | 'chromium';

export type WorkstationOptions = {
  host: Host;
  /** Electron's user data, or the browser's profile. */
  profileFolder: string;
  /** The bank server as the page reaches it; normally the fault proxy. */
  serverOrigin: string;
  enrolmentCode?: string;
  /** A synthetic tone; refused; or no device at all. */
  microphone?: 'works' | 'denied' | 'missing';
  /** Electron only: with an unlocked keyring of its own (the vault's state is then 'keyring'). */
  keyring?: boolean;
  args?: readonly string[];
  env?: Readonly<Record<string, string>>;
};

export type Workstation = {
  readonly host: Host;
  readonly page: Page;
  readonly context: BrowserContext;
  readonly profileFolder: string;
  /** Undefined in a browser. */
  readonly electron: ElectronApplication | undefined;
  /** Errors and warnings of the page's console, and what nobody caught. */
  readonly errors: string[];
  /** What the shell wrote to stderr (its log among it) once the window was there; empty in a browser. */
  shellLog(): string;
  /** Closes as a person does who, when asked, closes anyway. */
  close(): Promise<void>;
  /** SIGKILL for every process of it, at once. */
  kill(): Promise<void>;
  /** Numbers of its living processes. */
  processes(): number[];
  /** A new one on the same profile; the old one must be closed or killed. */
  relaunch(changed?: Partial<WorkstationOptions>): Promise<Workstation>;
};

export async function launchWorkstation(options: WorkstationOptions): Promise<Workstation> {
  mkdirSync(options.profileFolder, { recursive: true });
  return options.host === 'electron' ? inElectron(options) : inChromium(options);
}

// Who may have it is decided by the shell's own handler, or by the browser's permissions: no fake answer to that question.
const microphoneArgs = (microphone: WorkstationOptions['microphone'] = 'works') =>
  microphone === 'missing' ? [] : ['--use-fake-device-for-media-stream'];

const electronSchema = z.strictObject({ executable: z.string(), args: z.array(z.string()) });

/** The Electron the global setup found. */
export function foundElectron() {
  return electronSchema.parse(JSON.parse(process.env.HUIFANG_TEST_ELECTRON ?? 'null'));
}

/** The screen of this worker (test/e2e/globalSetup.ts), else the one there is. */
function screenOfWorker(): Record<string, string> {
  const screens = z.array(z.string()).parse(JSON.parse(process.env.HUIFANG_TEST_SCREENS ?? '[]'));
  const own = screens[Number(process.env.TEST_PARALLEL_INDEX ?? 0)];
  return own === undefined ? {} : { DISPLAY: own };
}

/** The arguments and the surroundings a test's Electron starts with, for tests that start it without Playwright too. */
export function electronStart(options: WorkstationOptions) {
  const { profileFolder, serverOrigin, enrolmentCode } = options;
  const { executable, args } = foundElectron();
  const environment = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    executable,
    args: [
      ...args,
      `--user-data-dir=${profileFolder}`,
      '--no-sandbox', // tests may run as root
      '--lang=zh-CN',
      ...microphoneArgs(options.microphone),
      ...(options.keyring ? ['--password-store=gnome-libsecret'] : ['--password-store=basic']),
      ...(options.args ?? []),
    ],
    env: {
      ...Object.fromEntries(environment),
      ...screenOfWorker(),
      HUIFANG_CONFIGURATION: JSON.stringify({
        serverOrigin,
        practice: true,
        ...(enrolmentCode !== undefined && { enrolmentCode }),
      }),
      HUIFANG_NO_DIALOGS: '1',
      LANGUAGE: 'zh_CN',
      ...options.env,
    },
  };
}

async function inElectron(options: WorkstationOptions): Promise<Workstation> {
  const { profileFolder } = options;
  const { executable, args, env } = electronStart(options);
  const electron = await _electron.launch(
    options.keyring
      ? {
          executablePath: join(root, 'test/support/withKeyring.sh'),
          args,
          env: { ...env, HUIFANG_KEYRING_PROGRAM: executable, HUIFANG_KEYRING_FOLDER: join(profileFolder, 'keyring') },
        }
      : { executablePath: executable, args, env },
  );
  let said = '';
  electron.process().stderr?.on('data', (data) => (said += String(data)));
  const page = await electron.firstWindow();
  await page.waitForURL(/^app:/);
  if (options.microphone === 'denied') {
    await electron.evaluate(({ session }) => {
      session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
      session.defaultSession.setPermissionCheckHandler(() => false);
    });
  }
  return {
    ...common(options, page, page.context()),
    electron,
    shellLog: () => said,
    close: async () => {
      await electron.evaluate(({ dialog }) => {
        dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false });
      });
      await electron.close();
      await untilEnded(profileFolder);
    },
  };
}

async function inChromium(options: WorkstationOptions): Promise<Workstation> {
  const { profileFolder, serverOrigin, enrolmentCode, microphone = 'works' } = options;
  const context = await chromium.launchPersistentContext(profileFolder, {
    executablePath: chromiumPath,
    headless: true,
    locale: 'zh-CN',
    viewport: { width: 1440, height: 900 },
    permissions: microphone === 'works' ? ['microphone'] : [],
    args: [
      ...quietFlags,
      '--autoplay-policy=no-user-gesture-required',
      withoutFeatures('WebRtcHideLocalIpsWithMdns'), // addresses as Electron shows them
      ...microphoneArgs(microphone),
      ...(options.args ?? []),
    ],
    ...(options.env !== undefined && { env: { ...options.env } }),
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const workstation: Workstation = {
    ...common(options, page, context),
    electron: undefined,
    shellLog: () => '',
    close: async () => {
      page.on('dialog', (dialog) => void dialog.accept());
      await context.close();
      await untilEnded(profileFolder);
    },
  };
  await page.goto(`${serverOrigin}/${enrolmentCode === undefined ? '' : `#enrol=${enrolmentCode}`}`);
  return workstation;
}

function common(options: WorkstationOptions, page: Page, context: BrowserContext) {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return {
    host: options.host,
    page,
    context,
    profileFolder: options.profileFolder,
    errors,
    kill: () => killAll(options.profileFolder),
    processes: () => processesOf(options.profileFolder),
    relaunch: (changed: Partial<WorkstationOptions> = {}) => launchWorkstation({ ...options, ...changed }),
  };
}
