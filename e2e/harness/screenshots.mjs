// Pictures of the page for the eyes of whoever changes it: each screen, light and dark, in e2e/test-results/.

import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { SCREENS, openPage } from './browser.mjs';

const FOLDER = new URL('../test-results/', import.meta.url);

/**
 * Takes `<name>-<screen>-<theme>.png` of the page that `prepare` leaves, four times; gives their paths.
 * @param {import('playwright').Browser} browser
 * @param {string} name
 * @param {(page: import('playwright').Page) => Promise<void>} prepare
 */
export async function screenshots(browser, name, prepare) {
  await mkdir(FOLDER, { recursive: true });
  const paths = [];
  for (const screen of Object.keys(SCREENS)) {
    for (const theme of ['light', 'dark']) {
      const { page } = await openPage(browser, { screen, theme, reducedMotion: true });
      await prepare(page);
      const path = fileURLToPath(new URL(`${name}-${screen}-${theme}.png`, FOLDER));
      await page.screenshot({ path });
      await page.context().close();
      paths.push(path);
    }
  }
  return paths;
}
