/** No name and no number of the run lies readable in the profile folder. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { agentAt, clean } from './agent.ts';
import { expect, test } from './fixtures.ts';

test.use({ practiceSpeed: 20 });

const people = ['甄样例', '贾包装', '范更新', '孔号生', '忙不停', '桂断机', '郝预约', '柯练习', '钟期满', '冯方言'];
const said = ['纸鹤航天文具', '月亮湾花园', '画新文具', '余虚构'];
const numbers = ['15400000001', '154-0000-0001', '02600000001', '15400000006'];

/** As bytes in the encodings a browser keeps text in. */
const encodings = (text: string) => [
  Buffer.from(text, 'utf8'),
  Buffer.from(text, 'utf16le'),
  Buffer.from(Buffer.from(text, 'utf8').toString('base64').slice(0, -4)),
];

test('after a whole call the profile folder holds no name, answer or number', async ({ workstation, bank }) => {
  expect(bank.port).toBeGreaterThan(0);
  const station = await workstation();
  const agent = agentAt(station.page);
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await agent.open('DEMO-01-B');
  await agent.dial();
  await agent.answered();
  await agent.walk(clean);
  await agent.result('核实一致');
  await agent.hangUp();
  await agent.confirm();
  await agent.delivered();
  await station.close();
  const files = readdirSync(station.profileFolder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(10);
  const found: string[] = [];
  for (const file of files) {
    const bytes = readFileSync(join(file.parentPath, file.name));
    for (const text of [...people, ...said, ...numbers])
      if (encodings(text).some((encoded) => bytes.includes(encoded))) found.push(`${file.name}: ${text}`);
  }
  expect(found).toEqual([]);
});
