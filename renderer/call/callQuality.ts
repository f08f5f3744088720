/**
 * Quality of a call in words, from one second's measurement (shared/call/quality.ts). Beyond a limit it is poor, beyond half of it fair; the worst
 * of round trip, jitter and loss decides, and the MOS. Numbers are said only with a warning, each with what to do about it.
 */
import { type QualityWarning, qualityLimits, warningsOf } from '#shared/call/quality.ts';
import type { Text } from '#shared/text.ts';
import type { CallMeasurement } from '../phone/phone.ts';

export type QualityWord = 'GOOD' | 'FAIR' | 'POOR' | 'SILENT' | 'HELD' | 'UNKNOWN';

export const qualityTexts: Record<QualityWord, Text> = {
  GOOD: { zh: '通话质量良好', en: 'Good line' },
  FAIR: { zh: '通话质量一般', en: 'Fair line' },
  POOR: { zh: '通话质量差', en: 'Poor line' },
  SILENT: { zh: '听不到对方：没有收到语音', en: 'No audio arrives from the other side' },
  HELD: { zh: '保持中，不测量通话质量', en: 'On hold: the line is not measured' },
  UNKNOWN: { zh: '正在测量通话质量', en: 'Measuring the line' },
};

/** Half of what is left between the best a line can be (4.4) and the limit. */
const fairMos = 4;

/** One second's word. `before`: the measurement of the second before, to see whether anything arrives. null: there is none now. */
export function qualityWord(now: CallMeasurement | null, before: CallMeasurement | null): Exclude<QualityWord, 'HELD'> {
  if (!now) return 'UNKNOWN';
  if (before && now.packetsReceived === before.packetsReceived) return 'SILENT';
  if (warningsOf(now).length > 0) return 'POOR';
  const worst = Math.max(
    (now.roundTrip ?? 0) / qualityLimits.roundTrip,
    (now.jitter ?? 0) / qualityLimits.jitter,
    (now.loss ?? 0) / qualityLimits.loss,
  );
  return worst > 0.5 || (now.mos ?? fairMos) < fairMos ? 'FAIR' : 'GOOD';
}

const silence: Text = {
  zh: '请对方说话并看是否恢复；几秒后仍听不到就挂断重拨',
  en: 'ask them to speak and wait a moment; if nothing is heard, hang up and dial again',
};

const whole = (value: number | undefined) => String(Math.round(value ?? 0));
const warningTexts: Record<QualityWarning, (measured: CallMeasurement) => Text> = {
  loss: ({ loss }) => ({
    zh: `丢包 ${whole((loss ?? 0) * 100)} %：会漏字，数字和姓名请对方再说一遍；停掉本机的下载和视频`,
    en: `loss ${whole((loss ?? 0) * 100)} %: words get lost, have numbers and names repeated; stop downloads and videos`,
  }),
  jitter: ({ jitter }) => ({
    zh: `抖动 ${whole(jitter)} ms：声音断续，请改用网线或靠近无线路由器`,
    en: `jitter ${whole(jitter)} ms: the voice breaks up, use a cable or move closer to the access point`,
  }),
  roundTrip: ({ roundTrip }) => ({
    zh: `往返 ${whole(roundTrip)} ms：对方听到得晚，说完一句请停一停；断开占用带宽的 VPN`,
    en: `round trip ${whole(roundTrip)} ms: they hear you late, pause after each sentence; leave a VPN that is in the way`,
  }),
  mos: ({ mos }) => ({
    zh: `语音评分 ${(mos ?? 0).toFixed(1)}：请复述确认要点；一直如此就约时间重拨，并告知班长`,
    en: `MOS ${(mos ?? 0).toFixed(1)}: repeat what matters; if it stays so, agree on another time and tell your lead`,
  }),
};

/** What is wrong with its number and what to do, the most useful first; null when nothing is. */
export function qualityAdvice(word: QualityWord, now: CallMeasurement | null): Text | null {
  if (word === 'SILENT') return silence;
  if (word !== 'POOR' || !now) return null;
  const said = warningsOf(now).map((warning) => warningTexts[warning](now));
  if (said.length === 0) return null;
  return { zh: said.map(({ zh }) => zh).join('。'), en: said.map(({ en }) => en).join('. ') };
}
