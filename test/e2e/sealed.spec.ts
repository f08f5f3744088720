/** No name and no number of the run lies readable in the profile folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { root } from '../../start/run.ts';
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

/** What was typed in the call, beside everything the cases hold. */
const typed = ['纸鹤航天文具', '画新文具的外观图', '余虚构'];

/** Kept in clear beside the workstation's own data, to show that the search would find it. */
const control = '对照明文：这一句要找得到';

/** Through the same engine onto the same disk; committed, so that it is there before the page closes. */
const keepInClear = (page: Page, text: string) =>
  page.evaluate(
    (words) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('control', 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore('rows', { autoIncrement: true });
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const transaction = opening.result.transaction('rows', 'readwrite', { durability: 'strict' });
          transaction.oncomplete = () => resolve();
          transaction.onabort = () => reject(transaction.error);
          transaction.objectStore('rows').add({ words });
        };
      }),
    text,
  );

/** As bytes in the encodings a browser keeps text in; base64 at each of its three alignments, without the ends that neighbours change. */
function encodings(text: string): Buffer[] {
  const utf8 = Buffer.from(text, 'utf8');
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), utf8])
      .toString('base64')
      .slice(shift === 0 ? 0 : 4)
      .slice(0, -4),
  );
  return [utf8, Buffer.from(text, 'utf16le'), ...base64.map((encoded) => Buffer.from(encoded))];
}

type Leased = {
  respondent: { name: string };
  borrower: { name: string };
  contacts: { number: string; owner: string }[];
  file: Record<string, string>;
};

/** Every name, number and free text of the cases that were leased. */
function secretsOf(cases: readonly Leased[]): string[] {
  const found = new Set(typed);
  for (const { respondent, borrower, contacts, file } of cases) {
    for (const { name } of [respondent, borrower]) found.add(name);
    for (const { number, owner } of contacts)
      for (const text of [number, number.replaceAll('-', ''), owner]) found.add(text);
    for (const value of Object.values(file)) if (/[\u4e00-\u9fff]{4,}/.test(value)) found.add(value);
  }
  // Words the program itself says (an option of a script) lie in the browser's cache of its code, and betray nobody.
  const assets = join(root, 'dist/renderer/assets');
  const program = readdirSync(assets)
    .map((name) => readFileSync(join(assets, name), 'utf8'))
    .join('\n');
  return [...found].filter((text) => text.length > 2 && !program.includes(text));
}

test('after a whole call the profile folder holds no name, answer or number, and would be seen to hold one', async ({
  workstation,
  bank: _running,
  faultProxy,
}) => {
  const leased: Leased[] = [];
  faultProxy.add({
    kind: 'rewrite',
    method: 'POST',
    path: /\/leases$/,
    answer: (text) => {
      const { leases }: { leases: { cases: Leased[] }[] } = JSON.parse(text);
      leased.push(...leases.flatMap(({ cases }) => cases));
      return text;
    },
  });
  const station = await workstation();
  const agent = agentAt(station.page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.talk('DEMO-01-B');
  await agent.walk(clean);
  await agent.result('核实一致');
  await agent.hangUp();
  await agent.confirm();
  await agent.delivered();
  await keepInClear(station.page, control);
  await station.close();
  const files = readdirSync(station.profileFolder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(10);
  const secrets = secretsOf(leased);
  expect(secrets.length).toBeGreaterThan(60);
  const contents = files.map((file) => ({ name: file.name, bytes: readFileSync(join(file.parentPath, file.name)) }));
  const holding = (text: string) =>
    contents
      .filter(({ bytes }) => encodings(text).some((encoded) => bytes.includes(encoded)))
      .map(({ name }) => `${name}: ${text}`);
  expect(holding(control)).not.toEqual([]);
  expect(secrets.flatMap(holding)).toEqual([]);
});
