/**
 * The spoken sentences: one file of ADPCM clips and its table, made by prompts/make.ts and committed. Clips are decoded
 * when first heard and kept; a sentence without a clip is heard as silence of its length, so that a drill goes on.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { decodeAdpcm } from './adpcm.ts';
import type { Voice } from './customers.ts';
import { encodeMulaw } from './mulaw.ts';
import { type Audio, silence } from './tones.ts';

/** `at` and `bytes` say where a clip lies in speech.adpcm. */
export const clipTableSchema = z.array(
  z.strictObject({ voice: z.string(), text: z.string(), at: z.int().min(0), bytes: z.int().min(1) }),
);

export type Speech = { has: (voice: Voice, text: string) => boolean; of: (voice: Voice, text: string) => Audio };

const SECONDS_PER_CHARACTER = 0.2;

/** @param folder holds speech.json and speech.adpcm; beside this file unless told otherwise (the build copies them there) */
export function loadSpeech(folder: URL | string = new URL('./prompts/', import.meta.url)): Speech {
  const open = (name: string): Buffer =>
    readFileSync(typeof folder === 'string' ? `${folder}/${name}` : new URL(name, folder));
  const table = clipTableSchema.parse(JSON.parse(open('speech.json').toString('utf8')));
  const clips = open('speech.adpcm');
  const places = new Map(table.map((clip) => [`${clip.voice} ${clip.text}`, clip]));
  const decoded = new Map<string, Audio>();

  return {
    has: (voice, text) => places.has(`${voice} ${text}`),
    of: (voice, text) => {
      const key = `${voice} ${text}`;
      const known = decoded.get(key);
      if (known) return known;
      const place = places.get(key);
      const audio = place
        ? encodeMulaw(decodeAdpcm(clips.subarray(place.at, place.at + place.bytes)))
        : silence(Math.min(6, text.length * SECONDS_PER_CHARACTER));
      decoded.set(key, audio);
      return audio;
    },
  };
}
