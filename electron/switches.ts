/** The part of Electron's command line we use. */
type CommandLine = { appendSwitch(name: string, value?: string): void; getSwitchValue(name: string): string };

/** Chromium's switches, before the app is ready. */
export function setSwitches(commandLine: CommandLine): void {
  // A call is heard without a click into the page: ring-back and announcements start by themselves.
  commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required');
  // The bank's PBX and the practice PBX do not look up multicast names; a managed station need not hide its address from them.
  const disabled = commandLine.getSwitchValue('disable-features');
  commandLine.appendSwitch('disable-features', [disabled, 'WebRtcHideLocalIpsWithMdns'].filter(Boolean).join(','));
}
