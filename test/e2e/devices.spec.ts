/**
 * Sound devices in the real host: chosen each by itself, changed in mid-call without a word to the far side, back after unplugging. Chromium's
 * fake devices stand for the hardware; pulling one out is played on the wire the browser has for it (`enumerateDevices`, `devicechange`
 * and the end of its tracks).
 */
import type { Page } from '@playwright/test';
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });
test.slow(); // two restarts, recordings and whole calls

type Hardware = {
  pullOut: (label: string) => void;
  plugIn: (label: string) => void;
  /** Labels of the microphones that are open now. */
  open: () => string[];
  /** Where sound was sent to, and the browser agreed: `call LABEL`, `tones LABEL`. */
  sent: string[];
  /** Tones that began, and the device they began on: `587 Hz LABEL`. */
  sounded: string[];
};
declare global {
  interface Window {
    hardware: Hardware;
  }
}

/** Before the page runs: hardware that can be pulled out. Everything else is the browser's own. */
const hardware = () => {
  const media = navigator.mediaDevices;
  if (!media) return;
  const gone = new Set<string>();
  const tracks = new Set<MediaStreamTrack>();
  const enumerate = media.enumerateDevices.bind(media);
  const ask = media.getUserMedia.bind(media);
  const isGone = (label: string) => [...gone].some((each) => label.endsWith(each));
  media.enumerateDevices = async () => (await enumerate()).filter(({ label }) => !isGone(label));
  media.getUserMedia = async (wish) => {
    const exact = typeof wish?.audio === 'object' ? (wish.audio.deviceId as { exact?: string } | undefined)?.exact : '';
    const found = (await enumerate()).find(({ deviceId }) => deviceId === exact);
    if (found && isGone(found.label)) throw new DOMException('gone', 'OverconstrainedError');
    const stream = await ask(wish);
    for (const track of stream.getTracks()) tracks.add(track);
    return stream;
  };
  const sent: string[] = [];
  const agreed = async (what: string, id: string) => {
    const device = (await enumerate()).find(({ deviceId }) => deviceId === id);
    sent.push(`${what} ${device?.label ?? id}`);
  };
  const sinkOfElement = HTMLMediaElement.prototype.setSinkId;
  HTMLMediaElement.prototype.setSinkId = async function (id) {
    await sinkOfElement.call(this, id);
    await agreed('call', id);
  };
  // as: TypeScript's library does not know it yet
  const contexts = AudioContext.prototype as unknown as { setSinkId: (this: unknown, id: string) => Promise<void> };
  const sinkOfContext = contexts.setSinkId;
  contexts.setSinkId = async function (id) {
    await sinkOfContext.call(this, id);
    await agreed('tones', id);
  };
  const sounded: string[] = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    const { sinkId } = this.context as AudioContext & { sinkId: string }; // as: the library does not know it yet either
    const hertz = Math.round(this.frequency.value);
    void enumerate().then((devices) => {
      sounded.push(`${hertz} Hz ${devices.find(({ deviceId }) => deviceId === sinkId)?.label ?? sinkId}`);
    });
    start.apply(this, when);
  };
  const clone = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function () {
    const copy = clone.call(this);
    tracks.add(copy);
    return copy;
  };
  window.hardware = {
    sent,
    sounded,
    pullOut(label) {
      gone.add(label);
      for (const track of tracks)
        if (track.label.endsWith(label) && track.readyState === 'live') {
          track.stop();
          track.dispatchEvent(new Event('ended'));
        }
      media.dispatchEvent(new Event('devicechange'));
    },
    plugIn(label) {
      gone.delete(label);
      media.dispatchEvent(new Event('devicechange'));
    },
    open: () => [...tracks].filter(({ readyState }) => readyState === 'live').map(({ label }) => label),
  };
};

/** The page anew once the station is enrolled, with hardware that can be pulled out. */
async function withHardware(page: Page): Promise<void> {
  await agentAt(page).firstScreen();
  await page.addInitScript(hardware);
  await page.reload();
}

const first = 'Fake Audio Input 1';
const second = 'Fake Audio Input 2';

test('a microphone, a speaker and a ringer are chosen each, tried out, and known again after a restart', async ({
  workstation,
  bank,
}) => {
  void bank;
  const started = await workstation();
  const agent = agentAt(started.page);
  await agent.signIn('A017', 'huifang-a017');
  const { page } = started;
  await page.keyboard.press('Control+Comma');
  const device = (name: string) => page.getByRole('region', { name, exact: true });
  await device('麦克风').getByRole('combobox').selectOption({ label: second });
  await device('听筒').getByRole('combobox').selectOption({ label: 'Fake Audio Output 1' });
  await device('响铃').getByRole('combobox').selectOption({ label: 'Fake Audio Output 2' });
  await expect(device('麦克风').getByText(`正在使用 ${second}`)).toBeVisible();
  await expect
    .poll(() => page.locator('.device .level').evaluate((meter) => Number(meter.style.getPropertyValue('--level'))), {
      timeout: 20_000,
    })
    .toBeGreaterThan(0.1);
  await device('响铃').getByRole('button').click();
  await expect(device('响铃').getByRole('button', { name: '停止' })).toBeVisible();
  await device('响铃').getByRole('button', { name: '停止' }).click();
  await device('麦克风').getByRole('button', { name: '录 3 秒并回放' }).click();
  await expect(device('麦克风').getByText('录到了您的声音')).toBeVisible({ timeout: 20_000 });
  await page.keyboard.press('Escape');
  await expect(device('麦克风')).toHaveCount(0);

  await started.close();
  const again = await started.relaunch();
  await agentAt(again.page).signIn('A017', 'huifang-a017');
  await again.page.keyboard.press('Control+Comma');
  const kept = (name: string) =>
    again.page
      .getByRole('region', { name, exact: true })
      .getByRole('combobox')
      .evaluate((select: HTMLSelectElement) => select.selectedOptions[0]?.label);
  await expect.poll(() => kept('麦克风')).toBe(second);
  expect([await kept('听筒'), await kept('响铃')]).toEqual(['Fake Audio Output 1', 'Fake Audio Output 2']);
});

test('a headset that falls out in mid-call is replaced, said, and taken again without a re-INVITE; a call rings on the ringer', async ({
  workstation,
  bank,
  practice,
}) => {
  void bank;
  const { page } = await workstation();
  await withHardware(page);
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  const open = () => page.evaluate(() => window.hardware.open());
  const notices = agent.region('通知');
  await page.keyboard.press('Control+Comma');
  const microphone = page.getByRole('region', { name: '麦克风', exact: true });
  await microphone.getByRole('combobox').selectOption({ label: first });
  await page.keyboard.press('Escape');
  await agent.talk('DEMO-01-B');
  await expect.poll(open).toEqual([first, first]); // the station's, and the call's own

  await page.evaluate((label) => window.hardware.pullOut(label), first);
  await expect(notices).toContainText(`麦克风改用系统默认`);
  await expect.poll(async () => (await open()).filter((label) => label !== first)).toHaveLength(2);
  expect(await open()).not.toContain(first);

  await page.evaluate((label) => window.hardware.plugIn(label), first);
  await expect(notices).toContainText(`「${first}」已接回`);
  await expect.poll(open).toEqual([first, first]);

  // And by hand, in the settings, while the call goes on.
  await page.keyboard.press('Control+Comma');
  await expect(microphone.getByRole('button', { name: '录 3 秒并回放' })).toBeDisabled();
  await microphone.getByRole('combobox').selectOption({ label: second });
  await expect.poll(open).toEqual([second, second]);
  const speaker = page.getByRole('region', { name: '听筒', exact: true });
  await speaker.getByRole('combobox').selectOption({ label: 'Fake Audio Output 1' });
  await expect
    .poll(() => page.evaluate(() => window.hardware.sent))
    .toEqual(expect.arrayContaining(['call Fake Audio Output 1', 'tones Fake Audio Output 1']));
  const ringer = page.getByRole('region', { name: '响铃', exact: true });
  await ringer.getByRole('combobox').selectOption({ label: 'Fake Audio Output 2' });
  await expect.poll(() => page.evaluate(() => window.hardware.sent)).toContain('tones Fake Audio Output 2');
  await page.keyboard.press('Escape');
  await expect(agent.inCall).toBeVisible();

  // Both fall out while the customer talks: call and tones go on at the system's own (no id), and come back with them.
  const sentAfter = async (act: 'pullOut' | 'plugIn', expected: string[]) => {
    await page.evaluate((how) => {
      window.hardware.sent.length = 0;
      for (const label of ['Fake Audio Output 1', 'Fake Audio Output 2']) window.hardware[how](label);
    }, act);
    await expect.poll(() => page.evaluate(() => [...window.hardware.sent].sort())).toEqual(expected);
  };
  await sentAfter('pullOut', ['call ', 'tones ', 'tones ']);
  for (const role of ['听筒', '响铃']) await expect(notices).toContainText(`${role}改用系统默认`);
  await sentAfter('plugIn', ['call Fake Audio Output 1', 'tones Fake Audio Output 1', 'tones Fake Audio Output 2']);
  for (const role of ['听筒', '响铃']) await expect(notices).toContainText(`已接回，${role}已换回`);

  // The customer hears the new one: packets would come of a silent one too. as: what practice/exchange.ts reports of a call
  const heard = async () => {
    const { calls } = (await practice.control('calls')) as { calls: { voiced: number }[] };
    return calls[0]?.voiced ?? 0;
  };
  const before = await heard();
  await expect.poll(heard, { timeout: 20_000 }).toBeGreaterThan(before + 3);
  expect(practice.log().filter(({ fact }) => fact === 'invite')).toHaveLength(1);
  // The practice PBX notes every re-INVITE as a hold or its end.
  expect(practice.log().filter(({ fact }) => fact === 'held' || fact === 'fault')).toEqual([]);
  await agent.hangUp();
  await expect.poll(open).toEqual([second]);

  // Who rings next is heard from the ringer, not in the headset.
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007' });
  await expect(agent.region('来电')).toContainText('忙*');
  await expect
    .poll(() => page.evaluate(() => window.hardware.sounded.slice(-2).sort()))
    .toEqual(['587 Hz Fake Audio Output 2', '740 Hz Fake Audio Output 2']);
});

test('nobody signed in, no microphone open; and the far side’s meter moves in a call', async ({
  workstation,
  bank,
}) => {
  void bank;
  const { page } = await workstation();
  await withHardware(page);
  const agent = agentAt(page);
  const open = () => page.evaluate(() => window.hardware.open());
  await agent.firstScreen();
  await expect(page.locator('[data-check=microphone]')).not.toHaveAttribute('data-state', 'running', {
    timeout: 20_000,
  });
  await expect.poll(open).toEqual([]);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await expect.poll(async () => (await open()).length).toBe(1);
  await agent.talk('DEMO-01-B');
  await expect
    .poll(
      () =>
        agent.callBar
          .locator('[data-level-of=far]')
          .evaluate((meter: HTMLElement) => Number(meter.style.getPropertyValue('--level'))),
      { timeout: 30_000, intervals: [50] },
    )
    .toBeGreaterThan(0.2);
  await agent.hangUp();
  await expect(agent.callBar.locator('[data-level-of=far]')).toHaveCount(0);
});
