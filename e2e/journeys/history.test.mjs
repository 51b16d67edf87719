// The browser's Back and Forward: what a click changed comes back with it, and what is typed leaves no steps.

import { test } from 'node:test';

import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { SearchView } from '../pages/search.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** Whether lanes or the list are shown, as its two buttons say. */
async function shows(page, name) {
  await expect(page.getByRole('button', { name, exact: true, pressed: true })).toBeVisible();
}

test('Back and Forward go through searches, views and spans', async (t) => {
  const { page, server, monitor, assertWell } = await watch(t);
  for (const id of ['lamp', 'door']) await (await mqttJs(t, { url: server.url('open', 'tcp'), id })).leave();
  const search = new SearchView(page);
  await search.value(await monitor.row('lamp', 'disconnected'), 'disconnected').click();
  await search.inAddress('status:"disconnected"');
  await page.getByRole('button', { name: 'Lanes', exact: true }).click();
  await shows(page, 'Lanes');
  await page.waitForURL(/show=lanes/);

  // What is typed belongs to the step that it was typed in.
  await search.field.press('End');
  await search.field.pressSequentially(' lamp', { delay: 20 });
  await search.inAddress('status:"disconnected" lamp');
  await page.getByRole('button', { name: 'Clear the search', exact: true }).click();
  await expect(search.field).toHaveValue('');
  await page.waitForURL((url) => !url.searchParams.has('search') && url.searchParams.get('show') === 'lanes');

  await page.goBack();
  await expect(search.field).toHaveValue('status:"disconnected" lamp');
  await shows(page, 'Lanes');
  await page.goBack();
  await expect(search.field).toHaveValue('status:"disconnected"');
  await shows(page, 'List');
  await page.goBack();
  await expect(search.field).toHaveValue('');
  await shows(page, 'List');
  await page.goForward();
  await page.goForward();
  await expect(search.field).toHaveValue('status:"disconnected" lamp');
  await shows(page, 'Lanes');
  await search.inAddress('status:"disconnected" lamp');
  assertWell();
});

test('Back leaves the connection alone, and the address says which one it is', async (t) => {
  const { page, monitor, server, assertWell } = await watch(t);
  await (await mqttJs(t, { url: server.url('open', 'tcp'), id: 'lamp' })).leave();
  const search = new SearchView(page);
  await search.value(await monitor.row('lamp', 'disconnected'), 'disconnected').click();
  const panel = await monitor.connectPanel();
  await panel.realm.selectOption('secure');
  await panel.userName.fill('admin');
  await panel.password.fill('admin');
  await panel.connect.click();
  await monitor.live();
  await page.waitForURL((url) => url.searchParams.get('address')?.endsWith('/secure/mqtt'));
  await page.goBack();
  await expect(search.field).toHaveValue('');
  await page.waitForURL((url) => url.searchParams.get('address')?.endsWith('/secure/mqtt'));
  await monitor.live();
  assertWell();
});

test('a link with an expression that would never end leaves the page at work', async (t) => {
  const text = '/^(?:(a+)+|(a|a)*|(.*a){9})$/ -client:/((a*)*)*x/';
  const { page, server, monitor, assertWell } = await watch(t, { query: `?search=${encodeURIComponent(text)}` });
  const search = new SearchView(page);
  await expect(search.field).toHaveValue(text);
  for (const id of ['a'.repeat(30) + '!', 'a'.repeat(30)]) {
    await (await mqttJs(t, { url: server.url('open', 'tcp'), id })).leave();
  }
  await search.finds(2);
  // Clicks are answered, and so is what is typed.
  await page.getByRole('button', { name: 'Lanes', exact: true }).click();
  await shows(page, 'Lanes');
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await search.field.fill('/(a)\\1/');
  await search.fault('look-around, back-references and such are unknown here').waitFor();
  await monitor.row('a'.repeat(30), 'disconnected');
  assertWell();
});
