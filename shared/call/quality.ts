/**
 * How good a call sounds: one second's round trip, jitter, loss and MOS from the statistics of the media, and their summary for the
 * attempt's entry.
 *
 * MOS after the E-model, ITU-T G.107 (06/2015), simplified as by Cole and Rosenbluth ("Voice over IP performance monitoring", 2001) for
 * everything the statistics cannot know (noise, echo, loudness stay at their defaults, R0 − Is = 93.2):
 *
 *   d    = round trip / 2 + jitter buffer + 20 ms of a packet                         one way, ms
 *   Id   = 0.024 d + 0.11 (d − 177.3) where d > 177.3
 *   Ie   = 95 · Ppl / (Ppl + Bpl), Bpl = 25.1 (G.711 with concealment, G.113 Appendix I)
 *   R    = 93.2 − Id − Ie,   MOS = 1 + 0.035 R + 7·10⁻⁶ R (R − 60)(100 − R)           G.107 Annex B
 *
 * Opus has no row in G.113. It is rated like G.711 with concealment: behind the PBX the call is narrow-band anyway, and Opus conceals
 * at least as well, so the figure errs to the careful side.
 *
 * Nothing is ever filled in: while a report is missing (on hold the inbound one disappears) there is no second, not a second of zeros.
 */
import { z } from 'zod';

/** What the statistics say now, counted since the media began; `undefined`: not reported. */
export type MediaReading = {
  /** ms */
  roundTrip: number | undefined;
  /** ms */
  jitter: number | undefined;
  packetsReceived: number;
  packetsLost: number;
  /** Came too late to be played, and counted as received. */
  packetsDiscarded: number;
  /** Time all samples spent in the jitter buffer, ms, and how many left it. */
  buffered: { milliseconds: number; samples: number } | undefined;
  /** 'opus', 'PCMU' */
  codec: string | undefined;
};

/** One second: ms, ms, 0..1, 1..4.5. Loss and MOS over the last five seconds, so that one lost packet is no bad line. `undefined`: not known. */
export type QualitySecond = {
  roundTrip: number | undefined;
  jitter: number | undefined;
  loss: number | undefined;
  mos: number | undefined;
  /** Since the media began; does not rise: nothing is heard. */
  packetsReceived: number;
  codec: string | undefined;
};

/** Beyond these a conversation suffers (issue 3, line 7; ITU-T G.114 for the delay). ms, ms, 0..1, MOS. */
export const qualityLimits = { roundTrip: 400, jitter: 30, loss: 0.03, mos: 3.5 } as const;

export type QualityWarning = keyof typeof qualityLimits;
export const qualityWarnings = Object.keys(qualityLimits) as QualityWarning[]; // keys of a const object: exactly the union

/** Which limits a second passes, the one that says most about what to do first. */
export function warningsOf(second: QualitySecond): QualityWarning[] {
  const passed: Record<QualityWarning, boolean> = {
    roundTrip: (second.roundTrip ?? 0) > qualityLimits.roundTrip,
    jitter: (second.jitter ?? 0) > qualityLimits.jitter,
    loss: (second.loss ?? 0) > qualityLimits.loss,
    mos: (second.mos ?? 5) < qualityLimits.mos,
  };
  return (['loss', 'jitter', 'roundTrip', 'mos'] as const).filter((one) => passed[one]);
}

const packetMilliseconds = 20;
const concealment = 25.1;
/** A jitter buffer holds about so many times the jitter where the browser does not say how long it does. */
const bufferPerJitter = 2;

/** 1..4.5 by the formulas above. `buffer`: ms in the jitter buffer; `loss`: 0..1. */
export function meanOpinionScore({
  roundTrip,
  buffer,
  loss,
}: {
  roundTrip: number;
  buffer: number;
  loss: number;
}): number {
  const delay = roundTrip / 2 + buffer + packetMilliseconds;
  const byDelay = 0.024 * delay + 0.11 * Math.max(0, delay - 177.3);
  const percent = loss * 100;
  const byLoss = (95 * percent) / (percent + concealment);
  const rating = 93.2 - byDelay - byLoss;
  if (rating <= 0) return 1;
  return Math.max(1, Math.min(4.5, 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating)));
}

const figures = z.strictObject({ median: z.number(), worst: z.number() });

/** In `attempt.ended`. A figure that was never reported is not there. */
export const callQualitySchema = z.strictObject({
  /** Seconds that were measured, and how many of them passed a limit. */
  seconds: z.number().int().nonnegative(),
  poorSeconds: z.number().int().nonnegative(),
  /** Seconds in which nothing arrived, of those measured. */
  silentSeconds: z.number().int().nonnegative(),
  codec: z.string().max(40).optional(),
  roundTrip: figures.optional(),
  jitter: figures.optional(),
  loss: figures.optional(),
  mos: figures.optional(),
});
export type CallQuality = z.infer<typeof callQualitySchema>;

export type QualityWatch = {
  /** Ask once a second. undefined: there is no report now (hold, no media yet), or there was none before this one; then nothing is counted. */
  add(reading: MediaReading | undefined): QualitySecond | undefined;
  /** undefined: nothing was measured. */
  summary(): CallQuality | undefined;
};

const windowSeconds = 5;
/** Four hours; a longer call's summary is of its first four. */
const mostSeconds = 4 * 3600;

type Step = { received: number; lost: number };

/** Collects one call's seconds. */
export function createQualityWatch(): QualityWatch {
  const values: Record<QualityWarning, number[]> = { roundTrip: [], jitter: [], loss: [], mos: [] };
  let before: MediaReading | undefined;
  /** The counts went on where nobody looked: the next reading is only what later ones are compared with. */
  let afterGap = false;
  let last: Step[] = [];
  let seconds = 0;
  let poorSeconds = 0;
  let silentSeconds = 0;
  let codec: string | undefined;

  const bufferOf = (reading: MediaReading): number => {
    const samples = (reading.buffered?.samples ?? 0) - (before?.buffered?.samples ?? 0);
    const milliseconds = (reading.buffered?.milliseconds ?? 0) - (before?.buffered?.milliseconds ?? 0);
    return samples > 0 && milliseconds >= 0 ? milliseconds / samples : bufferPerJitter * (reading.jitter ?? 0);
  };

  const note = (second: QualitySecond, silent: boolean) => {
    seconds += 1;
    if (silent) silentSeconds += 1;
    if (silent || warningsOf(second).length > 0) poorSeconds += 1;
    for (const one of qualityWarnings) if (second[one] !== undefined) values[one].push(second[one]);
  };

  return {
    add(reading) {
      // Fewer than before: the browser began a new report, after a hold or a restart. Differences to the old one mean nothing.
      if (!reading || afterGap || (before && reading.packetsReceived < before.packetsReceived)) {
        afterGap = !reading && (afterGap || before !== undefined);
        before = reading;
        last = [];
        return undefined;
      }
      const received = reading.packetsReceived - (before?.packetsReceived ?? 0);
      const discarded = Math.max(0, reading.packetsDiscarded - (before?.packetsDiscarded ?? 0));
      // A packet that was counted as lost and came later makes the count fall.
      const lost = Math.max(0, reading.packetsLost - (before?.packetsLost ?? 0)) + discarded;
      const silent = before !== undefined && received === 0;
      last = [...last, { received: received - discarded, lost }].slice(-windowSeconds);
      const sum = last.reduce((all, one) => ({ received: all.received + one.received, lost: all.lost + one.lost }));
      const all = sum.received + sum.lost;
      const loss = all > 0 ? Math.min(1, Math.max(0, sum.lost / all)) : undefined;
      const { roundTrip, jitter } = reading;
      const second: QualitySecond = {
        roundTrip,
        jitter,
        loss,
        mos:
          roundTrip === undefined || loss === undefined || silent
            ? undefined
            : meanOpinionScore({ roundTrip, buffer: bufferOf(reading), loss }),
        packetsReceived: reading.packetsReceived,
        codec: reading.codec,
      };
      codec = reading.codec ?? codec;
      before = reading;
      if (seconds < mostSeconds) note(second, silent);
      return second;
    },
    summary() {
      if (seconds === 0) return undefined;
      const figureOf = (one: QualityWarning) => {
        const sorted = [...values[one]].sort((a, b) => a - b);
        const median = sorted[Math.ceil(sorted.length / 2) - 1];
        const worst = one === 'mos' ? sorted[0] : sorted.at(-1);
        if (median === undefined || worst === undefined) return {};
        const digits = one === 'loss' ? 4 : one === 'mos' ? 2 : 1;
        return { [one]: { median: rounded(median, digits), worst: rounded(worst, digits) } };
      };
      return {
        ...{ seconds, poorSeconds, silentSeconds },
        ...(codec === undefined ? {} : { codec: codec.slice(0, 40) }),
        ...figureOf('roundTrip'),
        ...figureOf('jitter'),
        ...figureOf('loss'),
        ...figureOf('mos'),
      };
    },
  };
}

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
