/** The browsers of the tests (Debian's packages `chromium` and `chromium-headless-shell`, always of one version) and the words they start with. */

/** The whole browser, with a profile, permissions, policies and windows: the workstation's second host. */
export const chromiumPath = '/usr/bin/chromium';

/**
 * Its engine alone, the same network, storage and WebRTC: for the phone and the line without a workstation around them. It draws no window, whose tab
 * blinks as long as a microphone is open: that took a third of the processor time of a call, in a test that listens to voice.
 */
export const chromiumShellPath = '/usr/bin/chromium-headless-shell';

/** Nothing of the browser's own in the background. Tests may run as root, so there is no sandbox. */
export const quietFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];

/** No pages of the address bar's own, which take as long to start as ours. A browser takes one such list only, so it replaces Playwright's. */
export const withoutFeatures = (...others: readonly string[]): string =>
  `--disable-features=${[...others, 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'].join(',')}`;

/** A synthetic tone for a microphone, and voice without a click first. */
export const voiceFlags: readonly string[] = [
  '--use-fake-device-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];

/** Calls within this machine: its loopback address is offered too. */
export const loopbackFlag = '--allow-loopback-in-peer-connection';

/** A page that nobody looks at is as quick as one that somebody does. */
export const awakeFlags: readonly string[] = [
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
];

/** The shell can ask nobody for the microphone, so that every page may have it. What happens to one that may not is for the whole browser. */
export const grantedFlag = '--use-fake-ui-for-media-stream';
