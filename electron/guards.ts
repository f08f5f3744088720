import { app, type Session, type WebContents, type WebFrameMain } from 'electron';
import { say } from './log.ts';
import { pageOrigin } from './page.ts';
import { isPermitted } from './permissions.ts';

/** For every page that ever comes into being: it stays at our address, opens nothing and embeds nothing. */
export function guardPages(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => {
      say('page.windowRefused');
      return { action: 'deny' };
    });
    contents.on('will-frame-navigate', (event) => {
      if (isOurs(event.url)) return;
      say('page.navigationRefused');
      event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isOurs(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
  });
}

/** Decides what a page is asked and granted; see `isPermitted`. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    // Chromium names the frame that asks; without a name it is the page itself.
    const origin = originOf('requestingUrl' in details ? details.requestingUrl : addressOf(contents));
    const permitted = isPermitted(permission, origin, details as { mediaTypes?: string[] }); // only media requests carry it
    if (!permitted) say('page.permissionRefused', { permission });
    answer(permitted);
  });
  // Asked about media, Chromium names the whole address of the page: without this, devices have no names to choose from.
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, details) =>
    isPermitted(
      permission,
      originOf(requestingOrigin),
      details.mediaType === undefined ? {} : { mediaType: details.mediaType },
    ),
  );
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
}

/** Whether a frame that calls the shell is the window's page itself: not a frame in it, not another window, not a foreign address. */
export function isPageItself(sender: WebFrameMain | null, contents: WebContents): boolean {
  return sender !== null && sender === contents.mainFrame && isOurs(sender.url);
}

const isOurs = (address: string) => originOf(address) === pageOrigin;
const addressOf = (contents: WebContents) => contents.getURL();

/** `URL.origin` is "null" for schemes of one's own. */
function originOf(address: string): string {
  try {
    const { protocol, host } = new URL(address);
    return `${protocol}//${host}`;
  } catch {
    return '';
  }
}
