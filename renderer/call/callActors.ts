/** What the call machine invokes: the only place that touches the call, and the second one beside it. */
import { fromCallback } from 'xstate';
import type { InternalPermit } from '#shared/policy/dialPermit.ts';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import type { Call, CallEvent, CallMeasurement, Digit } from '../phone/phone.ts';
import { createSpeechDetector, listenEveryMs } from './mutedSpeech.ts';

/** What the machine asks of the call. */
export type CallCommand =
  | { type: 'do.answer' }
  | { type: 'do.hangUp' }
  | { type: 'do.mute'; muted: boolean }
  | { type: 'do.hold'; held: boolean }
  | { type: 'do.digit'; digit: Digit }
  | { type: 'do.extension' }
  | { type: 'do.note'; contentType: string; body: string }
  | { type: 'do.transfer'; permit: InternalPermit }
  | { type: 'do.consult'; permit: InternalPermit }
  | { type: 'do.consultHold'; held: boolean }
  | { type: 'do.consultHangUp' }
  | { type: 'do.complete' };

/** What the call tells the machine, beside its own events. */
export type CallReport =
  | CallEvent
  | { type: 'call.opened'; call: Call }
  | { type: 'call.holdRefused'; sentence: Text | null }
  | { type: 'call.complained'; sentence: Text | null }
  | { type: 'call.transferFailed'; sentence: Text | null }
  /** What happens in the second call. */
  | { type: 'consult.heard'; event: CallEvent }
  | { type: 'consult.holdRefused'; sentence: Text | null }
  | { type: 'consult.notOpened'; sentence: Text | null };

const sentenceOf = (error: unknown): Text | null => (error instanceof Problem ? error.sentence : null);

export type DriverInput = { open: () => Call; consult: (permit: InternalPermit) => Call };

/** Opens the call, passes its events on and carries out commands. Leaving it hangs up: no call outlives the machine that shows it. */
export const driveCall = fromCallback<CallCommand, DriverInput, CallReport>(({ input, sendBack, receive }) => {
  const call = input.open();
  let ended = false;
  let muted = false;
  let consult: { call: Call; unsubscribe(): void } | null = null;
  sendBack({ type: 'call.opened', call });
  const unsubscribe = call.subscribe((event) => {
    if (event.type === 'call.ended') ended = true;
    sendBack(event);
  });
  const complain = (error: unknown) => sendBack({ type: 'call.complained', sentence: sentenceOf(error) });
  const transferFailed = (error: unknown) => sendBack({ type: 'call.transferFailed', sentence: sentenceOf(error) });

  const leaveConsult = () => {
    const left = consult;
    consult = null;
    left?.unsubscribe();
    left?.call.hangUp();
  };
  const openConsult = (permit: InternalPermit) => {
    leaveConsult();
    try {
      const opened = input.consult(permit);
      opened.setMuted(muted);
      const stop = opened.subscribe((event) => {
        // What it tells before there is a way to stop it was not left.
        if (consult === null || consult.call === opened) sendBack({ type: 'consult.heard', event });
      });
      consult = { call: opened, unsubscribe: stop };
    } catch (error) {
      sendBack({ type: 'consult.notOpened', sentence: sentenceOf(error) });
    }
  };

  receive((command) => {
    switch (command.type) {
      case 'do.answer':
        call.answer().catch(complain);
        return;
      case 'do.hangUp':
        call.hangUp();
        return;
      case 'do.mute':
        muted = command.muted;
        call.setMuted(command.muted);
        consult?.call.setMuted(command.muted);
        return;
      case 'do.hold':
        call
          .setHeld(command.held)
          .catch((error: unknown) => sendBack({ type: 'call.holdRefused', sentence: sentenceOf(error) }));
        return;
      case 'do.digit':
        (consult?.call ?? call).sendDigit(command.digit).catch(complain);
        return;
      case 'do.extension':
        call.redialExtension().catch(complain);
        return;
      case 'do.note':
        call.sendNote(command.contentType, command.body).catch(complain);
        return;
      case 'do.transfer':
        call.transfer(command.permit).catch(transferFailed);
        return;
      case 'do.consult':
        openConsult(command.permit);
        return;
      case 'do.consultHold':
        consult?.call
          .setHeld(command.held)
          .catch((error: unknown) => sendBack({ type: 'consult.holdRefused', sentence: sentenceOf(error) }));
        return;
      case 'do.consultHangUp':
        leaveConsult();
        return;
      case 'do.complete':
        if (consult) call.transfer(consult.call).catch(transferFailed);
        return;
    }
  });

  return () => {
    unsubscribe();
    leaveConsult();
    if (!ended) call.hangUp();
  };
});

/** Measures once a second while there is a conversation; null where there is nothing to measure (hold). */
export const watchQuality = fromCallback<
  { type: 'none' },
  { call: Call | null },
  { type: 'call.measured'; measurement: CallMeasurement | null }
>(({ input, sendBack }) => {
  const timer = setInterval(() => {
    input.call
      ?.measure()
      .then((measurement) => sendBack({ type: 'call.measured', measurement: measurement ?? null }))
      .catch(() => undefined); // the connection is just being closed: no measurement
  }, 1_000);
  return () => clearInterval(timer);
});

/** Listens to the agent's own microphone while the customer does not. */
export const listenWhileMuted = fromCallback<
  { type: 'none' },
  { level: () => number; now: () => number },
  { type: 'call.mutedSpeech'; speaking: boolean }
>(({ input, sendBack }) => {
  const isSpeaking = createSpeechDetector();
  let told = false;
  const timer = setInterval(() => {
    const speaking = isSpeaking(input.level(), input.now());
    if (speaking === told) return;
    told = speaking;
    sendBack({ type: 'call.mutedSpeech', speaking });
  }, listenEveryMs);
  return () => clearInterval(timer);
});
