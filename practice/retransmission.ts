/**
 * sip.js 0.21 repeats a 2xx until its ACK comes, but keeps the handle of one timer only: after a quick second re-INVITE
 * `dispose()` clears one and the other runs for ever (seen by fuzzing, and whenever a socket is lost between a 200 and its
 * ACK). Both timers stop by themselves once the dialog says that it waits for nothing; the fields have no public setter.
 */
export function stopRetransmissions(dialog: object, which: 'all' | 'reinvites'): void {
  Object.assign(dialog, { reinviteUserAgentServer: undefined }, which === 'all' ? { ackWait: false } : {});
}
