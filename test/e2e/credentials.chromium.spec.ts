/** The SIP password of a real line is changed at the bank and at the PBX while a call is up: nobody notices. */
import { agentAt } from './agent.ts';
import { expect, test } from './fixtures.ts';

/** Of the first password, s: enough to sign in and to take a call before the station asks for the next one. */
const lasts = 10;
const hour = 3600;

test('a password that ends is fetched anew and used on the same socket, and the call goes on', async ({
  workstation,
  bank,
  practice,
  faultProxy,
}) => {
  // A real station: it has a line of its own, and the server says that it is no demo.
  faultProxy.add({
    kind: 'rewrite',
    path: /^\/health/,
    answer: (text) => text.replace('"demo":true', '"demo":false'),
  });
  const enrolmentCode = (await bank.command(['stations', 'enrol-code', 'T1'])).trim();
  const { page } = await workstation({ enrolmentCode });
  const agent = agentAt(page);
  await agent.firstScreen();
  const [station] = await bank.query<{ id: string }>('select id from stations');
  const [offset] = await bank.query<{ value: string }>("select value from settings where name = 'demo.clockOffsetMs'");
  const giveLine = (password: string, seconds: number) => {
    const expires = new Date(Date.now() + Number(offset?.value ?? 0) + seconds * 1000).toISOString();
    const line = ['--proxies', practice.url, '--domain', 'practice.huifang', '--user', '1001', '--expires', expires];
    return bank.command(['stations', 'line', station?.id ?? '', ...line], `${password}\n`);
  };
  await giveLine('geheim-1001', lasts);

  const registers: string[] = [];
  const sockets: string[] = [];
  page.on('websocket', (socket) => {
    if (!socket.url().startsWith(practice.url)) return;
    sockets.push(socket.url());
    socket.on('framesent', ({ payload }) => {
      if (String(payload).startsWith('REGISTER ')) registers.push(String(payload));
    });
  });
  const profiles: { password: string }[] = [];
  page.on('response', async (response) => {
    if (response.url().endsWith('/profile')) profiles.push((await response.json()).line);
  });
  await agent.signIn('A017', 'huifang-a017');
  await agent.lineIsThere();
  await practice.control('ring-back', { user: '1001', number: '154-0000-0007', seconds: 60 });
  await expect(agent.region('来电').getByRole('button', { name: /接听/ })).toBeEnabled();
  await page.keyboard.press('F2');
  await expect(agent.inCall).toBeVisible();

  // As administrators do it: the PBX takes both for a while, then the bank has the new one only, and at last the PBX too.
  await practice.control('passwords', { user: '1001', passwords: ['geheim-1001', 'neu-1001'] });
  await giveLine('neu-1001', 8 * hour);
  await expect.poll(() => profiles.at(-1)?.password, { timeout: 60_000 }).toBe('neu-1001');
  await practice.control('passwords', { user: '1001', passwords: ['neu-1001'] });
  const registered = () => practice.log().filter(({ fact }) => fact === 'register').length;
  const [before, said] = [registered(), registers.length];
  await expect.poll(registered).toBeGreaterThan(before);
  expect(registers.slice(said).some((text) => /^Authorization: Digest /im.test(text))).toBe(true);

  expect(sockets).toHaveLength(1);
  expect(practice.log().filter(({ fact }) => fact === 'lineLost' || fact === 'ended')).toEqual([]);
  await expect(agent.status).toContainText('话机正常');
  await expect(agent.inCall).toBeVisible();
  const heard = async () => {
    const { calls } = (await practice.control('calls')) as { calls: { received: number; sent: number }[] }; // as: practice/control.ts answers so
    return Math.min(calls[0]?.received ?? 0, calls[0]?.sent ?? 0);
  };
  const until = (await heard()) + 50;
  await expect.poll(heard).toBeGreaterThan(until);
});
