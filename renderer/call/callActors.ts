/** What the call machine invokes: the only place that touches the call. */
import { fromCallback } from 'xstate';
import { Problem } from '#shared/problem.ts';
import type { Text } from '#shared/text.ts';
import type { Call, CallEvent, CallMeasurement, Digit } from '../phone/phone.ts';

/** What the machine asks of the call. */
export type CallCommand =
  | { type: 'do.answer' }
  | { type: 'do.hangUp' }
  | { type: 'do.mute'; muted: boolean }
  | { type: 'do.hold'; held: boolean }
  | { type: 'do.digit'; digit: Digit }
  | { type: 'do.note'; contentType: string; body: string };

/** What the call tells the machine, beside its own events. */
export type CallReport =
  | CallEvent
  | { type: 'call.opened'; call: Call }
  | { type: 'call.holdRefused'; sentence: Text | null }
  | { type: 'call.complained'; sentence: Text | null };

const sentenceOf = (error: unknown): Text | null => (error instanceof Problem ? error.sentence : null);

/** Opens the call, passes its events on and carries out commands. Leaving it hangs up: no call outlives the machine that shows it. */
export const driveCall = fromCallback<CallCommand, { open: () => Call }, CallReport>(({ input, sendBack, receive }) => {
  const call = input.open();
  let ended = false;
  sendBack({ type: 'call.opened', call });
  const unsubscribe = call.subscribe((event) => {
    if (event.type === 'call.ended') ended = true;
    sendBack(event);
  });
  const complain = (error: unknown) => sendBack({ type: 'call.complained', sentence: sentenceOf(error) });

  receive((command) => {
    switch (command.type) {
      case 'do.answer':
        call.answer().catch(complain);
        return;
      case 'do.hangUp':
        call.hangUp();
        return;
      case 'do.mute':
        call.setMuted(command.muted);
        return;
      case 'do.hold':
        call
          .setHeld(command.held)
          .catch((error: unknown) => sendBack({ type: 'call.holdRefused', sentence: sentenceOf(error) }));
        return;
      case 'do.digit':
        call.sendDigit(command.digit).catch(complain);
        return;
      case 'do.note':
        call.sendNote(command.contentType, command.body).catch(complain);
        return;
    }
  });

  return () => {
    unsubscribe();
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
