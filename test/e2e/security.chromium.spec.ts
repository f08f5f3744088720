/** The bank server's promise about the page it serves to a browser. */
import { expect, test } from './fixtures.ts';
import { refusal } from './refusal.ts';

test('the page the bank serves runs no script of the document itself and embeds nothing foreign', async ({
  workstation,
  bank: _running,
  foreign,
}) => {
  const { page } = await workstation();
  expect(await refusal(page, 'script', { textContent: 'window.ran = true' })).toBe('script-src-elem inline');
  expect(await page.evaluate(() => 'ran' in window)).toBe(false);
  expect(await refusal(page, 'iframe', { src: foreign.origin })).toBe(`frame-src ${foreign.origin}`);
  expect(foreign.asked()).toBe(0);
});
