/** The checks of the machine itself: possible before anybody is signed in. The first two are those of the sound. */
import { deadDecibels, listenFor } from '../phone/deviceTests.ts';
import { patternSeconds } from '../phone/localTones.ts';
import type { Check, CheckParts, Finding } from './selfCheck.ts';

const ok: Finding = { state: 'ok' };
/** Below this free space (bytes) a shift of entries might not fit. */
const littleSpace = 200 * 1024 * 1024;
/** Wall clock and server further apart than this (ms) are worth a word (domain.md F5); in practice the clock is set on purpose. */
const clockDrift = 120_000;
/** How long the microphone is listened to at most, ms; ends at the first sound. */
const listenMs = 1_500;

async function microphoneState(): Promise<PermissionState | undefined> {
  // as: TypeScript's list of permissions knows the microphone only since lately
  const asked = { name: 'microphone' as PermissionName };
  return (await navigator.permissions?.query(asked).catch(() => undefined))?.state;
}

async function microphone({ audio, bridge, wait }: CheckParts): Promise<Finding> {
  await audio.devices.look();
  const { none, used } = audio.devices.of('microphone');
  const media = navigator.mediaDevices;
  if (none || !media?.getUserMedia)
    return {
      state: 'failed',
      sentence: {
        zh: '没有找到麦克风：请插好耳机后再检一次。',
        en: 'No microphone was found: plug in the headset and check again.',
      },
    };
  const permitted = bridge.host === 'shell' ? 'granted' : await microphoneState();
  // Nobody is asked for a permission out of the blue; a lead never needs it.
  if (permitted === 'prompt')
    return {
      state: 'warning',
      sentence: {
        zh: '签入时浏览器会询问麦克风：请点“允许”。',
        en: 'The browser will ask for the microphone when you sign in: press Allow.',
      },
    };
  try {
    const signal = new AbortController().signal;
    const loudest = await listenFor(media, used.id, listenMs, (ms) => wait(ms, signal));
    if (loudest === null || loudest > deadDecibels) return ok;
    return {
      state: 'warning',
      sentence: {
        zh: '麦克风里完全没有声音：请检查耳机上的静音开关，或在“设置”里换一个。',
        en: 'The microphone is dead silent: check the mute switch on the headset, or choose another one in the settings.',
      },
    };
  } catch (error) {
    const denied = error instanceof DOMException && error.name === 'NotAllowedError';
    return {
      state: 'failed',
      sentence: denied
        ? {
            zh: '麦克风被禁止使用：请在系统或浏览器设置中允许本程序使用麦克风。',
            en: 'The microphone is not permitted: allow it for this program in the settings of the system or browser.',
          }
        : {
            zh: '麦克风打不开，可能被别的程序占用：请关闭其他通话软件，或重新插拔耳机。',
            en: 'The microphone cannot be opened, perhaps another program has it: close other calls, or plug the headset in anew.',
          },
    };
  }
}

async function speaker({ audio }: CheckParts): Promise<Finding> {
  await audio.devices.look();
  const { none, away, chosen } = audio.devices.of('speaker');
  if (none)
    return {
      state: 'failed',
      sentence: {
        zh: '没有找到听筒：请插好耳机后再检一次。',
        en: 'No speaker or headset was found: plug in the headset and check again.',
      },
    };
  if (away)
    return {
      state: 'warning',
      sentence: {
        zh: `选定的「${chosen?.label ?? ''}」没有插上，正在用系统默认设备。`,
        en: `“${chosen?.label ?? ''}”, which was chosen, is not plugged in: the system’s default is used.`,
      },
    };
  if (audio.isBlocked())
    return {
      state: 'warning',
      sentence: { zh: '浏览器还没有放行声音：请按任意键。', en: 'The browser holds the sound back: press any key.' },
    };
  return ok;
}

const testCycles = 2;

/** On demand: what is there, and two short tones on it. Whether they are heard only the person can say. */
async function speakerHeard(parts: CheckParts): Promise<Finding> {
  const there = await speaker(parts);
  if (there.state === 'failed') return there;
  const { tones } = parts.audio;
  const context = parts.state.shift?.casework.getSnapshot().context;
  if (context && (context.call !== null || context.work !== null))
    return {
      ...there,
      sentence: there.sentence ?? {
        zh: '正在处理一通电话，没有放提示音；空闲时再检一次就能听到。',
        en: 'A call is being worked on, so no tone was played: check again when you are free.',
      },
    };
  // It ends by itself. Stopped by hand, it might take the ring of a call along that came meanwhile.
  tones.play('test', testCycles);
  await parts.wait(patternSeconds('test') * testCycles * 1000, new AbortController().signal);
  const played = await speaker(parts);
  return {
    ...played,
    sentence: played.sentence ?? {
      zh: '放了两声提示音；没有听到的话，请调大音量，或在“设置”里换一个听筒。',
      en: 'Two tones were played. If you did not hear them, turn the volume up or choose another speaker in the settings.',
    },
  };
}

const speakerCheck: Check = { id: 'speaker', label: { zh: '听筒', en: 'Speaker' }, run: speaker };
/** Instead of the one at the entrance, where nobody asked for a sound. */
export const speakerOnDemand: Check = { ...speakerCheck, run: speakerHeard };

export const machineChecks: readonly Check[] = [
  { id: 'microphone', label: { zh: '麦克风', en: 'Microphone' }, run: microphone },
  speakerCheck,
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
                  zh: '后台连不上：可以离线签入，结果会在恢复后自动上传。',
                  en: 'The server cannot be reached: you can sign in offline; results go out by themselves later.',
                }
              : {
                  zh: '后台连不上：浏览器版不能离线签入，请检查网络。',
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
          zh: '磁盘空间不足 200 MB，请清理后再开始班次。',
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
          zh: '本机时钟与后台相差超过 2 分钟；时间以后台为准，请联系技术支持校时。',
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
          zh: '系统没有可用的钥匙串：数据由终端口令 保护。',
          en: 'There is no keyring here: a station PIN protects the data.',
        },
      };
    },
  },
];
