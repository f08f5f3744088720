import { powerMonitor, type WebContents } from 'electron';

/** Tells the page of sleep, wake, lock and unlock: the line machine registers anew, the screen locks (architecture §4, §10). */
export function tellPower(contents: WebContents): void {
  const tell = (event: 'suspend' | 'resume' | 'lock' | 'unlock') => () => {
    if (!contents.isDestroyed()) contents.send('power', event);
  };
  powerMonitor.on('suspend', tell('suspend'));
  powerMonitor.on('resume', tell('resume'));
  powerMonitor.on('lock-screen', tell('lock'));
  powerMonitor.on('unlock-screen', tell('unlock'));
}
