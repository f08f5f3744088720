/**
 * The page's own address and what it may load and reach (architecture §9). Pure, so that tests can read every answer.
 *
 *   app://huifang/<file>  ──►  dist/renderer/<file>, nothing above or beside it
 */
import { extname, resolve, sep } from 'node:path';
import type { StationConfiguration } from '#shared/bridge.ts';

export const pageScheme = 'app';
export const pageOrigin = 'app://huifang';

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.map': 'application/json',
};

/**
 * The file an address of our scheme names, below `folder`; undefined for every other host, for what leaves the folder by any
 * spelling (`..`, encoded, backslash, NUL) and for a kind of file we do not serve.
 */
export function pageFile(address: string, folder: string): { path: string; contentType: string } | undefined {
  let path: string;
  try {
    const url = new URL(address);
    if (url.protocol !== `${pageScheme}:` || url.host !== 'huifang') return undefined;
    path = decodeURIComponent(url.pathname);
  } catch {
    return undefined; // not an address, or a broken percent sign
  }
  if (path.includes('\0') || path.includes('\\') || path.split('/').includes('..')) return undefined;
  const file = resolve(folder, path === '/' ? 'index.html' : `.${path}`);
  const contentType = contentTypes[extname(file)];
  if (!file.startsWith(resolve(folder) + sep) || contentType === undefined) return undefined;
  return { path: file, contentType };
}

/** Whether an address lies on this machine: only there plain http and ws are allowed. */
export function isLoopback(origin: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
}

/**
 * The policy of every response. The server is the managed one; SIP goes over wss: to whatever proxy the server's profile names, and
 * over ws: only to this machine, and only when the server itself is on it (practice).
 */
export function contentSecurityPolicy({ serverOrigin }: StationConfiguration): string {
  const origin = new URL(serverOrigin).origin;
  const phone = isLoopback(origin) ? 'wss: ws://127.0.0.1:*' : 'wss:';
  return [
    "default-src 'self'",
    "script-src 'self'",
    `connect-src 'self' ${origin} ${phone}`,
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "media-src 'self' blob:",
    "font-src 'self' data:",
    "frame-ancestors 'none'",
    "frame-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
