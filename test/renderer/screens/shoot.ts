/** Takes pictures of the gallery to look at: `npx tsx test/renderer/screens/shoot.ts FOLDER [VIEW…]`; zh and en, light and dark. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openGallery } from './galleryPage.ts';
import { views } from './views.ts';

const [folder = 'gallery', ...asked] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const gallery = await openGallery();
try {
  const page = await gallery.browser.newPage({ viewport: { width: 1280, height: 720 } });
  page.on('pageerror', (error) => console.error(error));
  for (const name of asked.length > 0 ? asked : Object.keys(views)) {
    for (const [language, theme] of [
      ['zh', 'light'],
      ['en', 'dark'],
    ] as const) {
      await page.goto(`${gallery.origin}/?view=${name}&language=${language}&theme=${theme}`);
      await page.locator('.page-content > *').first().waitFor();
      await page.evaluate(() => document.fonts.ready);
      await page.screenshot({ path: join(folder, `${name}-${language}-${theme}.png`) });
    }
  }
} finally {
  await gallery.close();
}
