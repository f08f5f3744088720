import { pageOrigin } from './page.ts';

type Details = { mediaTypes?: readonly string[]; mediaType?: string };

/**
 * Granted beside the microphone: the choice of a loudspeaker; that the storage the journal lies in is not evicted; and, on newer
 * Chromium, to reach a server in the bank's own network (which one, the content security policy says).
 */
const granted: ReadonlySet<string> = new Set([
  'speaker-selection',
  'persistent-storage',
  'local-network-access',
  'local-network',
  'loopback-network',
]);

/** Whether the page may have what it asks the browser for: sound alone, and the few above; nothing for any other origin. */
export function isPermitted(permission: string, origin: string, details: Details): boolean {
  if (withoutSlash(origin) !== pageOrigin) return false;
  if (granted.has(permission)) return true;
  if (permission !== 'media') return false;
  const asked = details.mediaTypes ?? (details.mediaType === undefined ? [] : [details.mediaType]);
  return asked.length > 0 && asked.every((type) => type === 'audio');
}

const withoutSlash = (origin: string) => origin.replace(/\/$/, '');
