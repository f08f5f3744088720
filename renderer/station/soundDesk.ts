/**
 * 声音设备: what a person chooses and tries out, and what the devices do by themselves.
 *
 *   settings ──restore──► devices ──news──► a sentence: what went, what is used instead, that it comes back by itself
 *       ▲                    ▲
 *       └──── chosen ────────┘
 *
 * Outside of a shift the microphone is open only while the settings are, for the meter and the echo test.
 */
import type { DeviceSetting, Settings } from '#shared/bridge.ts';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import type { Badge, DeviceRowView, UserEvent } from '../app/view.ts';
import { type AudioRole, audioRoles, type DeviceNews } from '../phone/audioDevices.ts';
import { deadDecibels, playBack, record } from '../phone/deviceTests.ts';
import { patternSeconds } from '../phone/localTones.ts';
import type { StationAudio } from '../phone/stationAudio.ts';
import type { Desk } from './state.ts';

export type SoundDeskParts = Desk & {
  audio: StationAudio;
  writeSettings: (settings: Settings) => void;
  isCallUp: () => boolean;
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** How long the echo test listens, ms. */
const recordMs = 3_000;

const roleTexts: Readonly<Record<AudioRole, Text>> = {
  microphone: { zh: '麦克风', en: 'microphone' },
  speaker: { zh: '听筒', en: 'speaker' },
  ringer: { zh: '响铃', en: 'ringer' },
};

const blocked: Text = {
  zh: '浏览器还没有放行声音：按任意键或点一下窗口，就能听到。',
  en: 'The browser holds the sound back: press any key or click into the window to hear it.',
};
const heardYou: Text = { zh: '录到了您的声音', en: 'Your voice was recorded' };
const heardNothing: Text = {
  zh: '几乎没有录到声音：请检查耳机上的静音开关，或换一个麦克风。',
  en: 'Next to nothing was recorded: check the mute switch on the headset, or choose another microphone.',
};
const notTried: Text = { zh: '试音没有成功，请再试一次。', en: 'The test did not work. Try again.' };

export type SoundDesk = ReturnType<typeof createSoundDesk>;

export function createSoundDesk(parts: SoundDeskParts) {
  const { state, changed, notify, audio } = parts;
  const { devices, microphone, tones } = audio;
  const tests: Record<AudioRole, { is: DeviceRowView['test']; found: Badge | null }> = {
    microphone: { is: 'idle', found: null },
    speaker: { is: 'idle', found: null },
    ringer: { is: 'idle', found: null },
  };
  let running: AbortController | undefined;
  let choosing = false;
  let openForSettings = false;
  let toldBlocked = false;

  const drop = (id: string) => {
    state.notices = state.notices.filter((notice) => notice.id !== id);
  };

  const rows = (): DeviceRowView[] =>
    audioRoles.map((role) => {
      const { devices: list, chosen, used, away, none } = devices.of(role);
      const note: Badge | null = none
        ? { tone: 'bad', text: { zh: '没有找到设备：请插好耳机', en: 'No device found: plug in the headset' } }
        : away
          ? {
              tone: 'warning',
              text: {
                zh: '没有插上，正在用系统默认；插回后自动换回',
                en: 'Not plugged in: the system’s default is used; it returns by itself',
              },
            }
          : null;
      const { is, found } = tests[role];
      return { role, devices: [...list], chosen, used: used.label, note, test: is, found };
    });
  const show = () => {
    state.devices = rows();
    changed();
  };

  // -- what the devices do by themselves -----------------------------------------------------------------------------
  function newsText(role: AudioRole, news: DeviceNews): { tone: 'good' | 'info' | 'warning'; text: Text } | null {
    const { chosen, used } = devices.of(role);
    const what = roleTexts[role];
    const instead = used.label === '' ? { zh: '', en: '' } : { zh: `（${used.label}）`, en: ` (${used.label})` };
    switch (news) {
      case 'lost':
        return {
          tone: 'warning',
          text: {
            zh: `「${chosen?.label ?? ''}」没有插上，${what.zh}改用系统默认${instead.zh}；插回后自动换回。`,
            en: `“${chosen?.label ?? ''}” is not plugged in: the ${what.en} is the system’s default now${instead.en}. It returns by itself.`,
          },
        };
      case 'returned':
        return {
          tone: 'good',
          text: { zh: `「${used.label}」已接回，${what.zh}已换回。`, en: `“${used.label}” is back as the ${what.en}.` },
        };
      case 'changed':
        // The ringer follows the same default: said once. A chosen one that has another id now is still the chosen one.
        return role === 'ringer' || chosen !== null
          ? null
          : {
              tone: 'info',
              text: {
                zh: `系统默认设备已变，${what.zh}现在是「${used.label}」。`,
                en: `The system’s default changed: the ${what.en} is “${used.label}” now.`,
              },
            };
    }
  }
  devices.onNews((role, news) => {
    const said = choosing ? null : newsText(role, news);
    drop(`device ${role}`);
    if (said) notify({ id: `device ${role}`, ...said });
    show();
  });
  microphone.onLost((problem) => notify({ id: problem.code, tone: 'bad', text: problem.sentence }));
  microphone.onReplaced(() => {
    drop('NO_MICROPHONE');
    changed();
  });
  const lookBlocked = () => {
    if (audio.isBlocked() === toldBlocked) return;
    toldBlocked = !toldBlocked;
    if (toldBlocked) notify({ id: 'soundBlocked', tone: 'warning', text: blocked });
    else drop('soundBlocked');
    changed();
  };
  audio.onBlocked(lookBlocked);

  // -- trying a device out -------------------------------------------------------------------------------------------
  async function tryMicrophone(signal: AbortSignal): Promise<void> {
    const mine = tests.microphone;
    mine.is = 'recording';
    show();
    const recording = await record(await microphone.track(), recordMs, signal);
    if (signal.aborted) return;
    const { decibels, playing } = await playBack(recording, tones.contextOf('speaker'), signal);
    mine.is = 'playing';
    mine.found =
      decibels > deadDecibels + 15 ? { tone: 'good', text: heardYou } : { tone: 'warning', text: heardNothing };
    show();
    await playing;
  }

  async function tryTone(role: 'speaker' | 'ringer', signal: AbortSignal): Promise<void> {
    const tone = role === 'ringer' ? 'ringer' : 'test';
    const cycles = role === 'ringer' ? 2 : 3;
    tests[role].is = 'playing';
    show();
    tones.play(tone, cycles);
    await parts.wait(patternSeconds(tone) * cycles * 1000, signal);
    // It ends by itself. Stopped then, it might take the ring of a call along that came meanwhile.
    if (signal.aborted) tones.stop();
  }

  async function test(role: AudioRole): Promise<void> {
    const wasRunning = tests[role].is !== 'idle';
    running?.abort();
    if (wasRunning || parts.isCallUp()) return; // a second press stops it; nothing sounds into a call
    const controller = new AbortController();
    running = controller;
    tests[role].found = null;
    try {
      await (role === 'microphone' ? tryMicrophone(controller.signal) : tryTone(role, controller.signal));
    } catch (error) {
      tests[role].found = { tone: 'bad', text: error instanceof Problem ? error.sentence : notTried };
    }
    tests[role].is = 'idle';
    if (running === controller) running = undefined;
    if (!state.shift && !openForSettings) microphone.release(); // closed meanwhile
    show();
  }

  function choose(role: AudioRole, id: string | null): void {
    const known = devices.of(role).devices.find((device) => device.id === id);
    const { chosen } = devices.of(role);
    const device: DeviceSetting = known ?? (id !== null && chosen?.id === id ? chosen : null);
    tests[role].found = null;
    choosing = true;
    devices.choose(role, device);
    choosing = false;
    drop(`device ${role}`);
    parts.writeSettings({ [role]: device });
    show();
  }

  /** Asked at each change: the settings open and close in many ways. */
  function look(): void {
    const isOpen = state.dialog?.type === 'settings';
    if (!isOpen && running) running.abort();
    const wanted = isOpen && state.shift === null;
    if (wanted !== openForSettings) {
      openForSettings = wanted;
      if (wanted)
        void microphone
          .open()
          .catch(() => undefined)
          .then(show); // the meter stays at nothing, the test says why
      else if (state.shift === null) microphone.release();
    }
    lookBlocked();
  }

  return {
    look,
    /** What was chosen earlier; and what there is. */
    restore(settings: Settings): void {
      devices.restore(settings);
      void devices.look().then(show);
    },
    /** True when the event was about sound devices. */
    take(event: UserEvent): boolean {
      if (event.type === 'device.chosen') choose(event.role, event.id);
      else if (event.type === 'device.tested') void test(event.role);
      else return false;
      return true;
    },
  };
}
