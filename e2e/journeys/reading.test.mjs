// Reading while things happen: following, holding still, pausing, searching, by mouse and by keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** So many clients come and leave, one after the other: `<prefix>-0` and on. */
async function traffic(t, server, prefix, count) {
  for (let index = 0; index < count; index += 1) {
    const peer = await mqttJs(t, { url: server.url('open', 'tcp'), id: `${prefix}-${index}` });
    await peer.leave();
  }
}

test('who scrolls away is held still, and a pill brings him back', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  await traffic(t, server, 'early', 30);
  await monitor.row('early-29', 'disconnected');
  await monitor.timeline.hover();
  await page.mouse.wheel(0, 700);
  await monitor.rowsOf('early-29').first().waitFor({ state: 'detached' });
  const inSight = () => monitor.rows.evaluateAll((rows) =>
    rows.map((row) => [row.innerText.split('\n')[0], Math.round(row.getBoundingClientRect().top)]));
  // Until the wheel has come to rest.
  let held;
  await expect.poll(async () => {
    const before = held;
    held = await inSight();
    return isDeepStrictEqual(held, before);
  }).toBe(true);

  await traffic(t, server, 'late', 4);
  await monitor.newPill.filter({ hasText: '8 new' }).waitFor();
  assert.deepEqual(await inSight(), held, 'nothing moves under the eyes');

  await monitor.newPill.click();
  await monitor.row('late-3', 'disconnected');
  await monitor.newPill.waitFor({ state: 'detached' });
  await traffic(t, server, 'next', 1);
  await monitor.row('next-0', 'disconnected');
  assertWell();
});

test('a row that is clicked stays below the pointer until the click is done', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  await traffic(t, server, 'clicked', 1);
  const row = await monitor.row('clicked-0', 'disconnected');
  const { x, y, width, height } = await row.getByRole('button', { expanded: false }).first().boundingBox();
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await traffic(t, server, 'others', 2);
  const last = await mqttJs(t, { url: server.url('open', 'tcp'), id: 'meanwhile' });
  await monitor.here(last.id);
  await page.mouse.up();
  await row.getByLabel('Message', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await monitor.row(last.id, 'connected');
  assertWell();
});

test('pause keeps recording and says how many are held', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  await traffic(t, server, 'shown', 1);
  await monitor.row('shown-0', 'disconnected');
  await monitor.pauseButton.click();
  await traffic(t, server, 'held', 3);
  await page.getByRole('button', { name: 'Paused · 6 held' }).waitFor();
  await expect(monitor.rowsOf('held-0')).toHaveCount(0);
  // Who is here is not the timeline: it goes on.
  const peer = await mqttJs(t, { url: server.url(), id: 'meanwhile' });
  await monitor.here('meanwhile');
  await peer.leave();
  await page.getByRole('button', { name: 'Paused · 8 held' }).click();
  for (const id of ['held-0', 'held-2', 'meanwhile']) await monitor.row(id, 'disconnected');
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  assertWell();
});

test('a search finds by id, word and transport, in what comes as well', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  await traffic(t, server, 'lamp', 2);
  await traffic(t, server, 'Fridge', 2);
  await monitor.row('Fridge-1', 'disconnected');
  await page.keyboard.press('/');
  await expect(monitor.searchField).toBeFocused();
  await page.keyboard.type('fridge disconnected');
  await page.getByText('2 rows', { exact: true }).waitFor();
  await expect(monitor.rowsOf('lamp-0')).toHaveCount(0);
  await traffic(t, server, 'fridge-new', 1);
  await page.getByText('3 rows', { exact: true }).waitFor();

  await monitor.searchField.fill('no such client');
  await page.getByText('No event matches “no such client”.').waitFor();
  await page.getByRole('button', { name: 'Clear the search' }).last().click();
  await monitor.row('lamp-0', 'connected');
  await expect(monitor.searchField).toHaveValue('');
  assertWell();
});

test('the keyboard alone walks the rows, opens one and copies it', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  await traffic(t, server, 'walk', 3);
  await monitor.row('walk-2', 'disconnected');
  const focused = () => page.evaluate(() => document.activeElement.innerText.trim());
  // Tab stops on one row only, however many there are.
  for (let presses = 0; (await focused()) !== 'walk-2'; presses += 1) {
    assert.ok(presses < 40, 'Tab reaches the newest row');
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.waitForFunction(() => document.activeElement.innerText.trim() === 'walk-1');
  await page.keyboard.press('Enter');
  const row = monitor.rowsOf('walk-1', 'disconnected');
  const message = row.getByLabel('Message', { exact: true });
  const shown = await message.innerText();
  await row.getByRole('button', { name: /^Copy/ }).focus();
  await page.keyboard.press('Enter');
  await row.getByRole('button', { name: /^Copied/ }).waitFor();
  assert.equal((await page.evaluate(() => navigator.clipboard.readText())).trim(), shown.trim());
  await page.keyboard.press('Escape');
  await message.waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement.innerText.trim() === 'walk-1');
  await page.keyboard.press('p');
  await page.getByRole('button', { name: /^Paused/ }).waitFor();
  assertWell();
});

test('thousands of events are a window of rows', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 10 }, (_, lane) => traffic(t, server, `many-${round}-${lane}`, 10)));
  }
  await page.getByText(/^2,00\d rows kept/).waitFor();
  const drawn = await monitor.rows.count();
  assert.ok(drawn < 100, `${drawn} rows are drawn`);
  await monitor.timeline.hover();
  await page.mouse.wheel(0, 1_000_000);
  await page.getByText('Watching since').waitFor();
  assert.ok((await monitor.rows.count()) < 100);
  assertWell();
});
