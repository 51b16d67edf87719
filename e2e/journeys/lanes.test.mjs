// Lanes: who was here when, as bars, with the histogram above and the table behind.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { watch } from '../harness/watching.mjs';
import { Lanes } from '../pages/lanes.mjs';
import { MonitorPage } from '../pages/monitor.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** The browser itself notes that nobody answered. */
const NO_ANSWER = /WebSocket connection to .* failed/;

async function watchLanes(t, options = {}) {
  const watched = await watch(t, { query: '?show=lanes', ...options });
  return { ...watched, lanes: new Lanes(watched.page) };
}

/** Clients that stay, that leave, that break off, and two that take over from each other. */
async function town(t, server) {
  const url = server.url('open', 'tcp');
  const join = (id, options) => mqttJs(t, { url, id, ...options });
  const stays = await join('stays');
  await (await join('leaves')).leave();
  await (await join('breaks')).crash();
  await join('twin');
  await join('twin');
  return { stays, join };
}

/** The town's lanes in their places, the newest event first: they take them some time after the last event. */
async function settled(lanes) {
  await expect.poll(async () => (await lanes.names()).slice(0, 4)).toEqual(['twin', 'breaks', 'leaves', 'stays']);
}

test('a bar for every session, and the end by its reason as a shape', async (t) => {
  const { server, page, lanes, assertWell } = await watchLanes(t);
  await town(t, server);
  for (const [id, reason, shape] of [
    ['stays', 'open', 'open'],
    ['leaves', 'client-disconnect', 'goodbye'],
    ['breaks', 'connection-lost', 'lost'],
    ['twin', 'taken-over', 'taken-over'],
    ['twin', 'open', 'open'],
  ]) {
    await expect(lanes.ends(id, reason)).toHaveAttribute('data-shape', shape);
  }
  await expect(lanes.ends('leaves', 'open')).toHaveCount(0);
  await settled(lanes);

  const rows = await lanes.table();
  const of = (id) => rows.filter(({ client }) => client === id);
  assert.equal(of('stays')[0].ended, 'still connected');
  assert.equal(of('breaks')[0].reason, 'connection lost without a goodbye');
  assert.match(of('leaves')[0].connected, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
  assert.deepEqual(of('twin').map(({ reason }) => reason), ['still connected', 'taken over by a newer connection']);
  assert.equal(of('twin')[0].connected, of('twin')[1].ended, 'a take-over ends and begins at one moment');

  // The lane's name finds the client, and its bar its row.
  await lanes.lane('breaks').getByRole('button', { name: 'breaks', exact: true }).focus();
  await expect(lanes.told).toHaveText(/^breaks: .* connection lost without a goodbye$/);
  await page.keyboard.press('Enter');
  await lanes.lane('stays').waitFor({ state: 'detached' });
  await expect.poll(() => lanes.names()).toEqual(['breaks']);
  await page.keyboard.press('Enter');
  await lanes.lane('stays').waitFor();
  assertWell();
});

test('a bar leads to its row in the list, opened', async (t) => {
  const { server, page, lanes, monitor, assertWell } = await watchLanes(t);
  await town(t, server);
  await lanes.ends('twin', 'open').waitFor({ state: 'attached' });
  await settled(lanes);
  const bar = await lanes.lane('stays').evaluate((lane) => {
    const { x, y, width, height } = lane.querySelector('.lane-bar').getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
  await page.mouse.click(bar.x, bar.y);
  const row = monitor.rowsOf('stays', 'connected');
  await row.getByLabel('Message', { exact: true }).waitFor();
  await expect(page).not.toHaveURL(/show=/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('l');
  await lanes.region.waitFor();
  await expect(page).toHaveURL(/[?&]show=lanes/);
  assertWell();
});

test('what the page did not see is hatched, and nothing is made up', async (t) => {
  const { server, lanes, monitor, assertWell } = await watchLanes(t);
  await town(t, server);
  await lanes.ends('stays', 'open').waitFor({ state: 'attached' });
  await expect(lanes.hatching).toHaveCount(0);
  await server.kill();
  await lanes.hatching.waitFor({ state: 'attached' });
  await lanes.ends('stays', 'open').waitFor({ state: 'attached' });
  await server.startAgain();
  await monitor.live();
  await lanes.ends('stays', 'unseen').waitFor({ state: 'attached' });
  await expect(lanes.hatching).toHaveCount(1);
  const back = await mqttJs(t, { url: server.url('open', 'tcp'), id: 'stays' });
  await lanes.ends('stays', 'open').waitFor({ state: 'attached' });
  const reasons = async () => (await lanes.table()).filter(({ client }) => client === 'stays').map(({ reason }) => reason);
  await expect.poll(reasons).toEqual(['still connected', 'the page was not watching']);
  await back.leave();
  assertWell([NO_ANSWER]);
});

test('zoom and pan by buttons, keys and dragging', async (t) => {
  const { server, page, lanes, assertWell } = await watchLanes(t);
  await town(t, server);
  await lanes.ends('twin', 'open').waitFor({ state: 'attached' });
  await lanes.shows('all');
  // All of it grows with the clock.
  const before = await lanes.length();
  await lanes.button('Zoom in').click();
  await lanes.shows('newest');
  const half = await lanes.length();
  await lanes.button('Zoom out').click();
  await lanes.shows('all');
  const after = await lanes.length();
  assert.ok(half > before / 3 && half < after / 1.5, `${half} of ${before} to ${after}`);

  await lanes.scroller.focus();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await lanes.shows('newest');
  await page.keyboard.press('ArrowLeft');
  await lanes.shows('fixed');
  await page.keyboard.press('End');
  await lanes.shows('newest');
  await page.keyboard.press('Home');
  await lanes.shows('fixed');
  await lanes.button('Back to now').click();
  await lanes.shows('newest');
  for (let presses = 0; presses < 12; presses += 1) await lanes.button('Zoom in').click();
  await expect(lanes.moments).toHaveAttribute('data-length', '1000');
  await lanes.scroller.focus();
  await page.keyboard.press('0');
  await lanes.shows('all');

  await lanes.button('Zoom in').click();
  await lanes.drag(lanes.lane('stays').locator('.lane-track'), 0.3, 0.6);
  await lanes.shows('fixed');
  assert.ok(await lanes.region.isVisible(), 'a drag is no click');
  const dragged = await lanes.length();
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await page.waitForFunction((length) =>
    Number(document.querySelector('.moments').dataset.length) < length, dragged);
  assertWell();
});

test('a span that is selected filters lanes and list, is in the search, and Escape takes it away', async (t) => {
  const { server, page, monitor, lanes, assertWell } = await watchLanes(t);
  await town(t, server);
  await lanes.ends('twin', 'open').waitFor({ state: 'attached' });
  const columns = async () => (await lanes.moments.locator('.moments-came').getAttribute('d')).length;
  const half = (await columns()) / 2;
  // The left of all is before anybody came.
  await lanes.drag(lanes.histogram, 0.005, 0.1);
  await page.waitForFunction(() => /since:\S+Z until:\S+Z/.test(document.querySelector('#search').value));
  await lanes.lane('leaves').waitFor({ state: 'detached' });
  await lanes.moments.getByText(/^Selected: /).waitFor();
  // The surroundings of the span stay in sight.
  await expect.poll(columns).toBeGreaterThanOrEqual(half);
  await page.waitForURL(/[?&]search=since/);
  await page.reload();
  await monitor.live();
  await lanes.moments.getByText(/^Selected: /).waitFor();
  // What happened is there, only not shown.
  await expect.poll(columns).toBeGreaterThanOrEqual(half);
  await expect(lanes.lane('leaves')).toHaveCount(0);
  await lanes.showList();
  await monitor.timeline.waitFor({ state: 'attached' });
  await expect(monitor.rowsOf('leaves')).toHaveCount(0);
  await lanes.histogram.focus();
  await page.keyboard.press('Escape');
  await monitor.row('leaves', 'disconnected');
  await expect(monitor.searchField).toHaveValue('');

  // By keyboard, beside another term, which stays.
  await monitor.searchField.fill('client:leaves');
  await lanes.histogram.focus();
  const press = async (key) => {
    const before = await monitor.searchField.inputValue();
    await page.keyboard.press(key);
    await page.waitForFunction((text) => document.querySelector('#search').value !== text, before);
    return monitor.searchField.inputValue();
  };
  const one = await press('Shift+ArrowLeft');
  assert.match(one, /^client:leaves since:\S+Z until:\S+Z$/);
  const two = await press('Shift+ArrowLeft');
  const long = (text) => {
    const [since, until] = ['since', 'until'].map((name) => Date.parse(new RegExp(`${name}:(\\S+)`).exec(text)[1]));
    return until - since;
  };
  assert.ok(long(two) > long(one));
  // The columns may have grown with the clock: what matters is the end that moved back.
  assert.ok(long(await press('Shift+ArrowRight')) < long(two));
  await lanes.button('Clear the span').click();
  await expect(monitor.searchField).toHaveValue('client:leaves');
  assertWell();
});

test('pinned lanes stay on top, after a reload as well', async (t) => {
  const { server, page, lanes, monitor, assertWell } = await watchLanes(t);
  const { join } = await town(t, server);
  await lanes.lane('stays').hover();
  await lanes.pin('stays').click();
  await page.mouse.move(0, 0);
  await expect.poll(async () => (await lanes.names())[0]).toBe('stays');
  await join('newer');
  await expect.poll(async () => (await lanes.names()).slice(0, 2)).toEqual(['stays', 'newer']);
  await page.reload();
  await monitor.live();
  await lanes.ends('stays', 'open').waitFor({ state: 'attached' });
  await expect.poll(async () => (await lanes.names())[0]).toBe('stays');
  await expect(lanes.pin('stays')).toHaveAttribute('aria-pressed', 'true');
  // The keyboard walks the lanes, and reaches the pin of the one it stands on.
  await lanes.scroller.focus();
  await page.keyboard.press('ArrowDown');
  await expect(lanes.lane('stays').getByRole('button', { name: 'stays', exact: true })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(lanes.pin('stays')).toBeFocused();
  await page.keyboard.press('Enter');
  await page.mouse.move(0, 0);
  await expect(lanes.pin('stays')).toHaveAttribute('aria-pressed', 'false');
  assertWell();
});

test('hundreds of lanes are a window of lanes, while events come', async (t) => {
  const { server, page, monitor, lanes, assertWell } = await watchLanes(t);
  const url = server.url('open', 'tcp');
  const names = Array.from({ length: 320 }, (_, index) => `sensor-${index}`);
  const comeAndGo = async (part) => {
    for (const id of part) await (await mqttJs(t, { url, id })).leave();
  };
  const parts = (all) => Array.from({ length: 8 }, (_, at) => all.filter((_, index) => index % 8 === at));
  await Promise.all(parts(names).map(comeAndGo));
  await page.waitForFunction(() => document.querySelector('.lanes-track').scrollHeight > 320 * 30);

  await page.evaluate(() => {
    const seen = (globalThis.journeySeen = { frames: 0, long: 0, most: 0, changed: 0, nodes: 0, seconds: 0 });
    const first = performance.now();
    let last = first;
    const frame = (now) => {
      seen.frames += 1;
      seen.long += Number(now - last > 50);
      seen.most = Math.max(seen.most, now - last);
      last = now;
      seen.seconds = (now - first) / 1_000;
      seen.nodes = Math.max(seen.nodes, document.querySelectorAll('.lanes *').length);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new MutationObserver((changes) => (seen.changed += changes.length)).observe(document.querySelector('.lanes'), {
      childList: true, subtree: true, attributes: true,
    });
  });
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  const layouts = async () =>
    (await cdp.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'LayoutCount').value;
  const before = await layouts();
  await Promise.all(parts(names.slice(0, 160)).map(comeAndGo));
  await monitor.drawn();
  const laidOut = (await layouts()) - before;
  const flood = await page.evaluate(() => ({ ...globalThis.journeySeen }));
  t.diagnostic(JSON.stringify({ ...flood, laidOut }));
  // However many frames and events: what is in sight moves once a second, and lanes rise twice at most.
  assert.ok(flood.changed < 250 * (flood.seconds + 1), `${flood.changed} changes in ${flood.seconds} seconds`);
  assert.ok(laidOut <= flood.frames + 4, `${laidOut} layouts in ${flood.frames} frames: some were forced`);
  await page.mouse.move(600, 500);
  await page.mouse.wheel(0, 4_000);
  await expect.poll(() => lanes.scroller.evaluate((scroller) => scroller.scrollTop)).toBeGreaterThan(3_000);
  await monitor.drawn();
  const seen = await page.evaluate(() => globalThis.journeySeen);
  assert.ok(seen.nodes < 900, `${seen.nodes} nodes for hundreds of lanes`);
  assert.ok(await lanes.all.count() < 60, 'lanes out of sight are not drawn');
  assertWell();
});

for (const screen of /** @type {const} */ (['desktop', 'phone'])) {
  test(`nothing serious stands in anybody's way: ${screen}`, async (t) => {
    const server = await startServer(t);
    const { page, record } = await openPage(await openBrowser(t), { screen });
    const monitor = await MonitorPage.open(page, `${server.page}?show=lanes`);
    const lanes = new Lanes(page);
    await town(t, server);
    await lanes.ends('twin', 'open').waitFor({ state: 'attached' });
    await assertAccessibleInBothThemes(page);
    await lanes.table();
    await lanes.region.getByText('Legend').click();
    await lanes.histogram.focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await lanes.moments.getByText(/^Selected: /).waitFor();
    await assertAccessibleInBothThemes(page);
    await assertNoSideways(page);
    await page.keyboard.press('Escape');
    await lanes.showList();
    await monitor.row('leaves', 'disconnected');
    await assertAccessibleInBothThemes(page);
    record.assertQuiet();
  });
}
