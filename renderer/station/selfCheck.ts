/** The checks beside the sign-in: what would go wrong in the first call is said before it, with what to do. */
import type { Bridge } from '#shared/bridge.ts';
import type { Clock } from '#shared/clock.ts';
import type { Text } from '#shared/text.ts';
import type { CheckView } from '../app/view.ts';
import type { Bank } from './openStation.ts';
import type { Desk } from './state.ts';

type Parts = Desk & { bridge: Bridge; clock: Clock; bank: Bank };
type Finding = { state: 'ok' } | { state: 'warning' | 'failed'; sentence: Text };
type Check = { id: CheckView['id']; label: Text; run: (parts: Parts) => Promise<Finding> };

const ok: Finding = { state: 'ok' };
/** Below this free space (bytes) a shift of entries might not fit. */
const littleSpace = 200 * 1024 * 1024;
/** Wall clock and server further apart than this (ms) are worth a word (domain.md F5); in practice the clock is set on purpose. */
const clockDrift = 120_000;

const microphone = async (): Promise<Finding> => {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    if (devices.some((device) => device.kind === 'audioinput')) return ok;
  } catch {
    // no devices can be listed: said below
  }
  return {
    state: 'failed',
    sentence: {
      zh: '没有找到麦克风:请插好耳机后重试。',
      en: 'No microphone was found: plug in the headset and try again.',
    },
  };
};

const speaker = async (): Promise<Finding> => {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  if (devices.length === 0 || devices.some((device) => device.kind === 'audiooutput')) return ok;
  return { state: 'warning', sentence: { zh: '没有找到扬声器或耳机。', en: 'No speaker or headset was found.' } };
};

const checks: readonly Check[] = [
  { id: 'microphone', label: { zh: '麦克风', en: 'Microphone' }, run: microphone },
  { id: 'speaker', label: { zh: '扬声器', en: 'Speaker' }, run: speaker },
  {
    id: 'server',
    label: { zh: '后台', en: 'Server' },
    run: ({ bank, bridge }) =>
      bank.client.health().then(
        () => ok,
        () => ({
          state: bridge.host === 'shell' ? 'warning' : 'failed',
          sentence:
            bridge.host === 'shell'
              ? {
                  zh: '后台连不上:可以离线签入,结果会在恢复后自动上传。',
                  en: 'The server cannot be reached: you can sign in offline; results go out by themselves later.',
                }
              : {
                  zh: '后台连不上:浏览器版不能离线签入,请检查网络。',
                  en: 'The server cannot be reached; a browser cannot sign in offline. Check the network.',
                },
        }),
      ),
  },
  {
    id: 'storage',
    label: { zh: '磁盘', en: 'Disk' },
    run: async () => {
      const { quota = 0, usage = 0 } = await navigator.storage.estimate();
      if (quota - usage > littleSpace) return ok;
      return {
        state: 'warning',
        sentence: {
          zh: '磁盘空间不足 200 MB,请清理后再开始班次。',
          en: 'Less than 200 MB of disk is left: free some before the shift.',
        },
      };
    },
  },
  {
    id: 'clock',
    label: { zh: '时钟', en: 'Clock' },
    run: async ({ clock, state, bank }) => {
      await bank.client.health().catch(() => undefined);
      const { ms } = clock.offset();
      if (ms === null || state.practice || Math.abs(ms) < clockDrift) return ok;
      return {
        state: 'warning',
        sentence: {
          zh: '本机时钟与后台相差超过 2 分钟;时间以后台为准,请联系技术支持校时。',
          en: 'The clock of this machine is more than 2 minutes off; the server’s time is used. Ask support to set it.',
        },
      };
    },
  },
  {
    id: 'keyring',
    label: { zh: '密钥', en: 'Keys' },
    run: async ({ bridge }) => {
      if (bridge.host === 'browser' || (await bridge.vaultState()) === 'keyring') return ok;
      return {
        state: 'warning',
        sentence: {
          zh: '系统没有可用的钥匙串:数据由终端 PIN 保护。',
          en: 'There is no keyring here: a station PIN protects the data.',
        },
      };
    },
  },
];

/** Runs all checks, each shown as soon as it is known. Never rejects. */
export async function runChecks(parts: Parts): Promise<void> {
  const { state, changed } = parts;
  const show = (id: CheckView['id'], found: Partial<CheckView>) => {
    state.entrance.checks = state.entrance.checks.map((check) => (check.id === id ? { ...check, ...found } : check));
    changed();
  };
  state.entrance.checks = checks.map(({ id, label }) => ({ id, label, state: 'running' }));
  changed();
  await Promise.all(
    checks.map(async ({ id, run }) => {
      const failed: Finding = {
        state: 'warning',
        sentence: { zh: '无法检查这一项。', en: 'This could not be checked.' },
      };
      const finding = await (async () => run(parts))().catch(() => failed); // a check that throws at once is no reason to stop
      show(id, finding);
    }),
  );
}
