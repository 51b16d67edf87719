// What the page did not see happen: the journal tells it, across a crash of the broker too.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { MonitorPage } from '../pages/monitor.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** The browser itself notes that nobody answered. */
const NO_ANSWER = /WebSocket connection to .* failed/;

for (const version of ['5.0', '3.1.1']) {
  test(`the past is there, and a crash leaves no gap and doubles nothing, over MQTT ${version}`, async (t) => {
    const server = await startServer(t, { stored: true });
    const early = await mqttJs(t, { url: server.url(), id: 'early' });
    await early.leave();
    await mqttJs(t, { url: server.url('open', 'tcp'), id: 'lamp' });
    const browser = await openBrowser(t);
    const { page, record } = await openPage(browser);
    const monitor = await MonitorPage.open(page, `${server.page}?version=${version === '5.0' ? '5' : version}`);
    await monitor.row('early', 'connected');
    await monitor.row('early', 'disconnected', 'said goodbye');
    await monitor.row('lamp', 'connected');
    await monitor.here('lamp');

    await server.kill();
    await monitor.gaps.filter({ hasText: 'so far' }).waitFor();
    await server.startAgain();
    await mqttJs(t, { url: server.url(), id: 'meanwhile' });
    await monitor.live();
    const row = await monitor.row('lamp', 'disconnected');
    const { message } = await monitor.details(row);
    assert.equal(JSON.parse(await message.innerText()).reason, 'server-restart');
    await page.keyboard.press('Escape');
    await monitor.gone('lamp');
    await monitor.row('meanwhile', 'connected');
    await mqttJs(t, { url: server.url(), id: 'after' });
    await monitor.row('after', 'connected');

    // Nothing was missed, and nothing is there twice.
    await expect(monitor.gaps).toHaveCount(0);
    const seen = [['early', 'connected'], ['early', 'disconnected'], ['lamp', 'connected'], ['lamp', 'disconnected'], ['meanwhile', 'connected'], ['after', 'connected']];
    for (const [id, what] of seen) await expect(monitor.rowsOf(id, what), `${id} ${what}`).toHaveCount(1);
    record.assertQuiet([NO_ANSWER]);
    record.assertOnly([server.host]);
  });
}
