/**
 * Makes speech.adpcm and speech.json from every sentence of the customers: `npx tsx practice/prompts/make.ts`.
 * Run by a developer after customers.json, answers.ts or announcements.ts changed; the result is committed, so nobody
 * else needs espeak-ng and sox.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeAdpcm } from '../adpcm.ts';
import type { Voice } from '../customers.ts';
import { allSpoken, type Spoken } from '../sentences.ts';

type Manner = { voice: string; wordsPerMinute: number; pitch: number };
const manners: Readonly<Record<Voice, Manner>> = {
  woman: { voice: 'cmn+f3', wordsPerMinute: 280, pitch: 55 },
  man: { voice: 'cmn+m3', wordsPerMinute: 280, pitch: 40 },
  clerk: { voice: 'cmn+f2', wordsPerMinute: 290, pitch: 60 },
  colleague: { voice: 'cmn+f4', wordsPerMinute: 310, pitch: 45 },
  elder: { voice: 'cmn+f5', wordsPerMinute: 240, pitch: 35 },
  boy: { voice: 'cmn+m1', wordsPerMinute: 290, pitch: 75 },
  operator: { voice: 'cmn+f1', wordsPerMinute: 250, pitch: 60 },
  dialect: { voice: 'yue+f5', wordsPerMinute: 250, pitch: 35 },
};

const folder = mkdtempSync(join(tmpdir(), 'practice-speech-'));

/** 8000 samples a second, the silence before and after cut, evenly loud. */
function speak({ voice, text }: Spoken): Int16Array {
  const [wave, raw] = [join(folder, 'said.wav'), join(folder, 'said.raw')];
  const { voice: name, wordsPerMinute, pitch } = manners[voice];
  execFileSync('espeak-ng', ['-v', name, '-s', String(wordsPerMinute), '-p', String(pitch), '-w', wave, text]);
  const trim = ['silence', '1', '0.01', '0.5%', 'reverse', 'silence', '1', '0.01', '0.5%', 'reverse'];
  const shape = ['-r', '8000', '-c', '1', '-b', '16', '-e', 'signed-integer'];
  execFileSync('sox', [
    wave,
    ...shape,
    '-t',
    'raw',
    raw,
    'gain',
    '-6',
    'highpass',
    '200',
    ...trim,
    'norm',
    '-4',
    'pad',
    '0.02',
    '0.15',
  ]);
  const bytes = readFileSync(raw);
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

const clips: Uint8Array[] = [];
let at = 0;
const table = allSpoken().map((spoken) => {
  const clip = encodeAdpcm(speak(spoken));
  clips.push(clip);
  const entry = { ...spoken, at, bytes: clip.length };
  at += clip.length;
  return entry;
});
rmSync(folder, { recursive: true });
writeFileSync(new URL('./speech.adpcm', import.meta.url), Buffer.concat(clips));
writeFileSync(
  new URL('./speech.json', import.meta.url),
  `[\n${table.map((entry) => JSON.stringify(entry)).join(',\n')}\n]\n`,
);
process.stdout.write(`${table.length} sentences, ${Math.round(at / 4000)} s, ${at} bytes\n`);
