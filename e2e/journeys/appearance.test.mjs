// How the page looks: to everybody, on both screens, in both themes.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { SCREENS } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

for (const screen of Object.keys(SCREENS)) {
  test(`nothing serious stands in anybody's way: ${screen}`, async (t) => {
    const { server, page, monitor, assertWell } = await watch(t, { screen });
    await t.test('nobody has come yet', async () => {
      await monitor.command.waitFor();
      await assertAccessibleInBothThemes(page);
      await assertNoSideways(page);
    });
    await t.test('with rows, one of them open', async (t) => {
      for (const id of ['lamp', 'a-client-id-of-a-length-that-no-column-has-room-for-on-any-screen-0123456789', '温度計', '']) {
        const peer = await mqttJs(t, { url: server.url(), id, version: '5.0' });
        if (id === 'lamp') await peer.crash();
      }
      const row = await monitor.row('lamp', 'disconnected');
      await row.getByText('connection lost without a goodbye').waitFor();
      const { message } = await monitor.details(row);
      await message.waitFor();
      await assertAccessibleInBothThemes(page);
      await assertNoSideways(page);
    });
    await t.test('with the connect panel open and an error in it', async () => {
      const panel = await monitor.connectPanel();
      await panel.address.fill('nowhere');
      await panel.connect.click();
      await page.getByText('The address begins with ws:// or wss://.').waitFor();
      await assertAccessibleInBothThemes(page);
      await assertNoSideways(page);
    });
    assertWell();
  });
}

test('a chosen theme is there from the first paint on', async (t) => {
  const { page } = await watch(t, { theme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await ground();
  await page.getByRole('radio', { name: 'Dark theme' }).check({ force: true });
  await expect.poll(ground).not.toBe(light);
  const dark = await ground();
  // No stylesheet and no WebAssembly: only what the document itself brings.
  await page.route(/\.(css|wasm|js)$/, (route) => route.abort());
  await page.reload({ waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'Headcount' }).waitFor();
  assert.equal(await ground(), dark);
});

test('who wants less motion gets none', async (t) => {
  const { server, page, monitor } = await watch(t, { reducedMotion: true });
  await mqttJs(t, { url: server.url(), id: 'still' });
  await monitor.row('still', 'connected');
  const moving = await page.evaluate(() =>
    document.getAnimations().filter(({ effect }) => Number(effect.getComputedTiming().duration) > 1).length);
  assert.equal(moving, 0);
});
