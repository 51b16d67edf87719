// The page's views: each loads its own program and nothing else, and says which one it is.

import { test } from 'node:test';

import { openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';

/** The programs among the files that a page asked for. */
function programs(page) {
  const asked = new Set();
  page.on('request', (request) => {
    const [, name] = /^\/(monitor|demos|things|wire)[-_].*\.wasm$/.exec(new URL(request.url()).pathname) ?? [];
    if (name) asked.add(name);
  });
  return asked;
}

for (const [name, query, program] of [
  ['Monitor', '', 'monitor'],
  ['Monitor', '?client=lamp', 'monitor'],
  ['Chat', '?user=vy&stage=30', 'demos'],
  ['News', '?use=news', 'demos'],
  ['Tasks', '?use=tasks', 'demos'],
  ['Auctions', '?use=auctions', 'demos'],
  ['Presence', '?use=presence', 'things'],
  ['Devices', '?use=devices', 'things'],
  ['Channels', '?use=channels', 'things'],
]) {
  test(`${name}, at “${query}”, loads what it needs, and the wire view when it is asked for`, async (t) => {
    const server = await startServer(t);
    const { page, record } = await openPage(await openBrowser(t));
    const asked = programs(page);
    await page.goto(`${server.page}${query}`);
    await page.getByRole('main').waitFor();
    const current = page.getByRole('navigation', { name: 'Views' }).locator('[aria-current=page]');
    await expect(current).toHaveText([name]);
    await expect.poll(() => [...asked]).toEqual([program]);

    await page.getByRole('button', { name: 'Wire', exact: true }).click();
    await page.getByRole('region', { name: 'Wire' }).waitFor();
    await expect.poll(() => [...asked]).toEqual([program, 'wire']);
    record.assertQuiet();
    record.assertOnly([server.host]);
  });
}

test('from view to view by the links at the top', async (t) => {
  const server = await startServer(t);
  const { page } = await openPage(await openBrowser(t));
  await page.goto(server.page);
  for (const name of ['Chat', 'News', 'Tasks', 'Auctions', 'Presence', 'Devices', 'Channels', 'Monitor']) {
    await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name, exact: true }).click();
    await page.locator('.views [aria-current=page]', { hasText: name }).waitFor();
  }
});

test('a page whose program does not arrive says so, and comes back by itself', async (t) => {
  const server = await startServer(t);
  const { page } = await openPage(await openBrowser(t));
  await page.route('**/*.wasm', (route) => route.abort());
  await page.goto(server.page);
  await page.getByText('Not loaded, trying again').waitFor();
  await page.unroute('**/*.wasm');
  await page.getByText(/^Live, MQTT /).waitFor();
});
