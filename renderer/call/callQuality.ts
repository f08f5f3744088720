/**
 * Quality of a call in words, from one second's round trip, jitter and loss. Above 400 ms, 30 ms or 3 % a conversation suffers (ITU-T
 * G.114 for the delay); half of that is noticed. The worst of the three decides.
 */
import type { Text } from '#shared/text.ts';
import type { CallMeasurement } from '../phone/phone.ts';

export type QualityWord = 'GOOD' | 'FAIR' | 'POOR' | 'SILENT' | 'UNKNOWN';

export const qualityTexts: Record<QualityWord, Text> = {
  GOOD: { zh: '通话质量良好', en: 'Good line' },
  FAIR: { zh: '通话质量一般', en: 'Fair line' },
  POOR: { zh: '通话质量差', en: 'Poor line' },
  SILENT: { zh: '听不到对方:没有收到语音', en: 'No audio arrives from the other side' },
  UNKNOWN: { zh: '正在测量通话质量', en: 'Measuring the line' },
};

/** Above these it is poor; above half of them fair. ms, ms, 0..1. */
export const qualityLimits = { roundTrip: 400, jitter: 30, loss: 0.03 } as const;

/** One second's word. `before`: the measurement of the second before, to see whether anything arrives. */
export function qualityWord(now: CallMeasurement | null, before: CallMeasurement | null): QualityWord {
  if (!now) return 'UNKNOWN';
  if (before && now.packetsReceived === before.packetsReceived) return 'SILENT';
  const worst = Math.max(
    (now.roundTrip ?? 0) / qualityLimits.roundTrip,
    (now.jitter ?? 0) / qualityLimits.jitter,
    (now.loss ?? 0) / qualityLimits.loss,
  );
  if (worst > 1) return 'POOR';
  return worst > 0.5 ? 'FAIR' : 'GOOD';
}
