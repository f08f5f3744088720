/** An agent who talks while muted is told; the microphone hears real speech (Chromium plays a file into it), not a tone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMulaw } from '../../practice/mulaw.ts';
import { loadSpeech } from '../../practice/speech.ts';
import { SAMPLES_PER_SECOND, silence } from '../../practice/tones.ts';
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

/** Sentences with a breath between them, as a WAVE file of 16 bits, mono. */
function speechFile(path: string): void {
  const speech = loadSpeech();
  const sentences = ['星港市虚构区折纸大道8号三楼。', '有总机，也有人事部的固定电话。', '有的，她在设计部，在职。'];
  const spoken = sentences.flatMap((text) => {
    expect(speech.has('clerk', text), `there is a clip of ${text}`).toBe(true);
    return [...speech.of('clerk', text), ...silence(0.4)];
  });
  const samples = decodeMulaw(Uint8Array.from(spoken));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(SAMPLES_PER_SECOND, 24);
  header.writeUInt32LE(2 * SAMPLES_PER_SECOND, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  writeFileSync(path, Buffer.concat([header, new Uint8Array(samples.buffer)]));
}

test('who talks while muted is told so until heard again', async ({ workstation, bank: _running, folder }) => {
  const file = join(folder, 'speech.wav');
  speechFile(file);
  const { page } = await workstation({ args: [`--use-file-for-fake-audio-capture=${file}`] });
  const agent = agentAt(page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.talk('DEMO-01');
  await page.keyboard.press('F9');
  await expect(agent.callBar).toContainText('已静音，您在说话', { timeout: 20_000 });
  await page.keyboard.press('F9');
  await expect(agent.callBar).not.toContainText('已静音');
  await agent.hangUp();
});
