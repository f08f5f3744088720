/** A call as the screens need it: flat facts instead of nested states. */
import type { SnapshotFrom } from 'xstate';
import type { Text } from '#shared/text.ts';
import type { callMachine } from './callMachine.ts';
import type { QualityWord } from './callQuality.ts';

export type CallPhaseName = 'DIALING' | 'RINGING' | 'INCOMING' | 'TALKING' | 'ENDED';

export type CallView = {
  phase: CallPhaseName;
  direction: 'out' | 'in';
  remoteNumber: string;
  muted: boolean;
  /** Muted, and the agent speaks. */
  mutedSpeaking: boolean;
  /** Held by us; `changing`: the far side was asked and has not answered. */
  held: boolean;
  holdChanging: boolean;
  heldByOther: boolean;
  /** Audio before the answer is being heard. */
  earlyMedia: boolean;
  recovering: boolean;
  /** Rang for the policy's limit: suggest hanging up. */
  ringLimitReached: boolean;
  ringingAt: number | null;
  answeredAt: number | null;
  quality: QualityWord;
  problem: Text | null;
};

/** While one side holds nothing is measured, and the word of before the hold would be old. */
export function callQuality(snapshot: SnapshotFrom<typeof callMachine>): QualityWord {
  const active = snapshot.matches({ live: { hold: 'active', otherHold: 'active' } });
  return active || snapshot.matches('ended') ? snapshot.context.quality : 'HELD';
}

export function callView(snapshot: SnapshotFrom<typeof callMachine>): CallView {
  const { context } = snapshot;
  const is = (state: Parameters<typeof snapshot.matches>[0]) => snapshot.matches(state);
  const phase = (): CallPhaseName => {
    if (is('ended')) return 'ENDED';
    if (is({ live: { progress: 'talking' } })) return 'TALKING';
    if (is({ live: { progress: 'ringing' } })) return 'RINGING';
    return context.direction === 'in' ? 'INCOMING' : 'DIALING';
  };
  return {
    phase: phase(),
    direction: context.direction,
    remoteNumber: context.handle?.remoteNumber ?? '',
    muted: is({ live: { microphone: 'muted' } }),
    mutedSpeaking: is({ live: { microphone: { muted: 'speaking' } } }),
    held: is({ live: { hold: 'held' } }) || is({ live: { hold: 'resuming' } }),
    holdChanging:
      is({ live: { hold: 'holding' } }) || is({ live: { hold: 'unwanted' } }) || is({ live: { hold: 'resuming' } }),
    heldByOther: is({ live: { otherHold: 'held' } }),
    earlyMedia: is({ live: { media: 'early' } }),
    recovering: is({ live: { media: 'recovering' } }),
    ringLimitReached: is({ live: { ringLimit: 'reached' } }),
    ringingAt: context.ringingAt,
    answeredAt: context.answeredAt,
    quality: callQuality(snapshot),
    problem: context.problem,
  };
}
