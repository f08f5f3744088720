import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Script } from './format.ts';

/**
 * The canonical text of a parsed script. The schema fixes the order of a step's parts; the order of choices and facts is
 * the author's and says something (what stands first on the screen), so it is kept.
 */
export const canonicalText = (script: Script): string => JSON.stringify(script);

/** SHA-256 over the canonical text, 64 hex digits: names exactly what was asked. */
export const scriptHash = (script: Script): string => bytesToHex(sha256(utf8ToBytes(canonicalText(script))));
