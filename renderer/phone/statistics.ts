/** The numbers we use of a WebRTC statistics report. */
import type { MediaReading } from '#shared/call/quality.ts';

const numberOf = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined);
const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);

/**
 * undefined: no audio arrives, or none any more (on hold the inbound report disappears). Of the round trip to the far side (RTCP) and the one
 * of the path in use (STUN) the longer one: a media proxy answers STUN itself.
 */
export function readStatistics(report: Iterable<readonly [string, unknown]>): MediaReading | undefined {
  // as: a statistics entry is a plain record; every field read is checked
  const entries = new Map([...report].map(([id, entry]) => [id, entry as Record<string, unknown>]));
  const all = [...entries.values()];
  const inbound = all.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio');
  if (!inbound) return undefined;
  const selected = all.map(({ type, selectedCandidatePairId: id }) => (type === 'transport' ? textOf(id) : undefined));
  const pair =
    entries.get(selected.find((id) => id !== undefined) ?? '') ??
    all.find(({ type, nominated }) => type === 'candidate-pair' && nominated === true);
  const far = all.find(({ type, kind }) => type === 'remote-inbound-rtp' && kind === 'audio');
  const trips = [numberOf(pair?.currentRoundTripTime), numberOf(far?.roundTripTime)].filter((one) => one !== undefined);
  const delay = numberOf(inbound.jitterBufferDelay);
  const samples = numberOf(inbound.jitterBufferEmittedCount);
  return {
    roundTrip: trips.length > 0 ? Math.max(...trips) * 1000 : undefined,
    jitter: milliseconds(numberOf(inbound.jitter)),
    packetsReceived: numberOf(inbound.packetsReceived) ?? 0,
    packetsLost: numberOf(inbound.packetsLost) ?? 0,
    packetsDiscarded: numberOf(inbound.packetsDiscarded) ?? 0,
    buffered: delay === undefined || samples === undefined ? undefined : { milliseconds: delay * 1000, samples },
    codec: textOf(entries.get(textOf(inbound.codecId) ?? '')?.mimeType)?.replace(/^audio\//i, ''),
  };
}
