/**
 * Closes a peer connection that nobody wants any more, a moment later. Chromium keeps one for ever, with its streams
 * and audio elements, that is closed while it has an event left to tell (a candidate, a state): of 300 closed at once in a page 30 stayed,
 * of 300 closed a second later none. Three seconds, because closing takes the page 4 to 9 ms and a second after a call is just when an
 * agent confirms its result. Whoever retires it has taken its microphone away and stopped its sound.
 */
export const retireMilliseconds = 3_000;

export function retire(connection: RTCPeerConnection): void {
  setTimeout(() => connection.close(), retireMilliseconds);
}
