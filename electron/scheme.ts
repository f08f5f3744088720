import { readFile } from 'node:fs/promises';
import { protocol, type Session } from 'electron';
import type { StationConfiguration } from '#shared/bridge.ts';
import { contentSecurityPolicy, pageFile, pageScheme } from './page.ts';

/** Before the app is ready: our scheme is an origin like https (storage, crypto, microphone), and may fetch. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built page out of `folder`, each response with its policy. */
export function serveScheme(session: Session, folder: string, configuration: StationConfiguration): void {
  const always = {
    'content-security-policy': contentSecurityPolicy(configuration),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-cache',
  };
  session.protocol.handle(pageScheme, async (request) => {
    const file = pageFile(request.url, folder);
    const content = file === undefined ? undefined : await readFile(file.path).catch(() => undefined);
    if (file === undefined || content === undefined || request.method !== 'GET') {
      return new Response('not found', { status: 404, headers: always });
    }
    return new Response(new Uint8Array(content), { headers: { ...always, 'content-type': file.contentType } });
  });
}
