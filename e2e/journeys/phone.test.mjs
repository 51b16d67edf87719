// The Monitor on a phone: what one came for keeps its room, and two fingers move in time.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../harness/accessibility.mjs';
import { SCREENS } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { Lanes } from '../pages/lanes.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** Waits until an element has at least this part of the phone's height. */
async function hasRoom(element, part) {
  const height = async () => (await element.boundingBox()).height / SCREENS.phone.height;
  await expect.poll(height).toBeGreaterThanOrEqual(part);
}

/** As many connections as make a fight over this id. */
async function fight(t, server, id) {
  for (let times = 0; times < 4; times += 1) await mqttJs(t, { url: server.url('open', 'tcp'), id });
}

for (const theme of /** @type {const} */ (['light', 'dark'])) {
  test(`list and lanes keep half of a phone, and two fifths beside cards, ${theme}`, async (t) => {
    const watched = await watch(t, { screen: 'phone', theme, reducedMotion: true });
    const { server, page, monitor, assertWell } = watched;
    const lanes = new Lanes(page);
    const list = page.locator('.scroller');
    await mqttJs(t, { url: server.url('open', 'tcp'), id: 'lamp' });
    await monitor.row('lamp', 'connected');
    await hasRoom(list, 0.5);
    const toolbar = await page.locator('.toolbar').boundingBox();
    assert.ok(toolbar.height < 64, `the toolbar is one row, not ${toolbar.height} pixels`);
    await lanes.show();
    await lanes.ends('lamp', 'open').waitFor({ state: 'attached' });
    await hasRoom(lanes.scroller, 0.5);
    await assertAccessible(page);

    for (const id of ['twin', 'triplet', 'other']) await fight(t, server, id);
    const fold = page.getByRole('button', { name: /^Two connections fight over \w+, and 2 more$/ });
    await fold.waitFor();
    await expect(monitor.card('twin')).toBeHidden();
    await hasRoom(lanes.scroller, 0.4);
    await lanes.showList();
    await hasRoom(list, 0.4);
    await fold.click();
    for (const id of ['twin', 'triplet', 'other']) await expect(monitor.card(id)).toBeVisible();
    await expect(fold).toHaveAttribute('aria-expanded', 'true');
    await assertAccessible(page);
    await fold.click();
    await expect(monitor.card('twin')).toBeHidden();

    // What the narrow page folds away is a click away.
    const histogram = lanes.button('Histogram');
    await expect(histogram).toHaveAttribute('aria-expanded', 'false');
    const low = (await lanes.histogram.boundingBox()).height;
    await histogram.click();
    await expect.poll(async () => (await lanes.histogram.boundingBox()).height).toBeGreaterThan(low + 30);
    await expect(lanes.told).toHaveText(/connected/);
    await assertAccessible(page);
    await histogram.click();
    await expect(lanes.told).toBeHidden();
    await expect(monitor.connectDemo).toHaveCount(0);
    await page.getByTitle('Share and files').click();
    await monitor.connectDemo.click();
    await expect(monitor.disconnectDemo).toBeVisible();
    await page.keyboard.press('Escape');
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
    assert.equal(await page.evaluate(() => document.getAnimations().length), 0, 'nothing moves by itself');
    assertWell();
  });
}

/** What is in sight: its first moment, and how long it is. */
async function inSight(lanes) {
  const { from, length } = await lanes.moments.evaluate(({ dataset }) => ({ ...dataset }));
  return { from: Number(from), length: Number(length) };
}

test('two fingers spread time about the moment between them, and one moves it', async (t) => {
  const { server, page, assertWell } = await watch(t, { screen: 'phone', query: '?show=lanes' });
  const lanes = new Lanes(page);
  await mqttJs(t, { url: server.url('open', 'tcp'), id: 'stays' });
  await lanes.ends('stays', 'open').waitFor({ state: 'attached' });
  const cdp = await page.context().newCDPSession(page);
  const touch = (type, ...xs) =>
    cdp.send('Input.dispatchTouchEvent', { type, touchPoints: xs.map((x, id) => ({ x, y: y - 9 * id, id })) });
  const { x, y, width } = await lanes.lane('stays').locator('.lane-track').boundingBox();
  // A part of time that does not move with the clock.
  await lanes.scroller.focus();
  for (const key of ['+', 'ArrowLeft']) await page.keyboard.press(key);
  await expect(lanes.moments).toHaveAttribute('data-view', 'fixed');

  const middle = x + width / 4;
  const before = await inSight(lanes);
  await touch('touchStart', middle - 20, middle + 20);
  for (const far of [30, 40, 50, 60]) await touch('touchMove', middle - far, middle + far);
  await touch('touchEnd');
  await expect.poll(async () => (await inSight(lanes)).length).toBeLessThan(before.length / 2);
  const near = await inSight(lanes);
  const between = ({ from, length }) => from + length / 4;
  assert.ok(Math.abs(between(near) - between(before)) < before.length / 100,
    `${between(near) - between(before)} ms away from where the fingers were`);
  assert.ok(await lanes.region.isVisible(), 'a pinch is no click');

  // One finger, or two of which one was lifted, move what is in sight.
  await touch('touchStart', middle);
  await touch('touchMove', middle + 30);
  await touch('touchMove', middle + 60);
  await touch('touchEnd');
  await expect.poll(async () => (await inSight(lanes)).from).toBeLessThan(near.from);
  await expect.poll(async () => (await inSight(lanes)).length).toBe(near.length);

  await touch('touchStart', middle - 60, middle + 60);
  for (const far of [40, 20, 8, 4]) await touch('touchMove', middle - far, middle + far);
  await touch('touchEnd');
  await expect(lanes.moments).toHaveAttribute('data-view', 'all');
  assertWell();
});

test('two fingers on a pad zoom by as much as they move', async (t) => {
  const { server, page, assertWell } = await watch(t, { query: '?show=lanes' });
  const lanes = new Lanes(page);
  await mqttJs(t, { url: server.url('open', 'tcp'), id: 'stays' });
  await lanes.ends('stays', 'open').waitFor({ state: 'attached' });
  await lanes.scroller.focus();
  for (const key of ['+', 'ArrowLeft']) await page.keyboard.press(key);
  await expect(lanes.moments).toHaveAttribute('data-view', 'fixed');
  const before = await inSight(lanes);
  const { x, y, width, height } = await lanes.lane('stays').locator('.lane-track').boundingBox();
  await page.mouse.move(x + width / 4, y + height / 2);
  await page.keyboard.down('Control');
  for (let times = 1; times <= 20; times += 1) {
    await page.mouse.wheel(0, -2);
    // Each by a two hundredth: a whole notch would be a fifth.
    const least = before.length * 0.994 ** times;
    await expect.poll(async () => (await inSight(lanes)).length).toBeLessThan(before.length * 0.996 ** times);
    assert.ok((await inSight(lanes)).length > least);
  }
  await page.keyboard.up('Control');
  const near = await inSight(lanes);
  const between = ({ from, length }) => from + length / 4;
  assert.ok(Math.abs(between(near) - between(before)) < before.length / 100);
  assertWell();
});
