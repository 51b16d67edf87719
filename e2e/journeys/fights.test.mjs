// Fights over a client id, clients that keep reconnecting, and our own page, which does not fight.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../harness/accessibility.mjs';
import { openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { until } from '../harness/until.mjs';
import { watch } from '../harness/watching.mjs';
import { MonitorPage } from '../pages/monitor.mjs';
import { mosquitto } from '../peers/mosquitto.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** Milliseconds within which a page that gave way would be back, if it fought. */
const FIGHT = 1_200;

test('two that fight over a client id have one card, with both of them and what to do', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  const common = { id: 'lamp', username: 'alice', returns: 400 };
  const first = await mqttJs(t, { ...common, url: server.url('open', 'tcp'), keepAlive: 30 });
  const second = await mqttJs(t, { ...common, url: server.url(), version: '5.0' });
  const card = monitor.card('lamp');
  await card.getByText('Two connections fight over').waitFor();
  // Five or more, since it goes on.
  await card.getByText(/ ([5-9]|\d\d+) take-overs in .*, still going on/).waitFor();
  await expect(card).toHaveCount(1);
  await card.getByText(/^127\.0\.0\.1:\d+ by TCP, MQTT 3\.1\.1, keep alive 30 s$/).waitFor();
  await card.getByText(/^127\.0\.0\.1:\d+ by WebSocket, MQTT 5\.0, keep alive 60 s$/).waitFor();
  await card.getByText(/^Two programs at 127\.0\.0\.1 that connect in different ways\./).waitFor();
  await monitor.guest('lamp').getByText('in conflict').waitFor();
  await (await monitor.row('lamp', 'connected')).getByText('in conflict').waitFor();
  await second.client.endAsync();
  await assertAccessible(page);

  await card.getByRole('button', { name: 'Show its events of lamp' }).click();
  await expect(monitor.searchField).toHaveValue('client:"lamp"');
  await card.getByRole('button', { name: /^Copy/ }).click();
  await card.getByText('Copied').waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'lamp');

  // Somebody who opens the page now knows of it as well.
  await page.reload();
  await card.getByText('Two connections fight over').waitFor();
  await card.getByRole('button', { name: 'Dismiss: lamp' }).click();
  await card.waitFor({ state: 'detached' });
  await (await monitor.row('lamp', 'connected')).getByText('in conflict').waitFor();
  await first.client.endAsync(true);
  assertWell();
});

test('a client that keeps reconnecting is marked with its rate, over a reload as well', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t, { screen: 'phone', theme: 'dark' });
  for (let times = 0; times < 6; times += 1) {
    const client = await mqttJs(t, { url: server.url('open', 'tcp'), id: 'weather' });
    await client.crash();
  }
  const card = monitor.card('weather');
  await card.getByText(/6 times a minute, connected for [\d.]+ m?s on average/).waitFor();
  await (await monitor.row('weather', 'disconnected')).getByText('6/min').waitFor();
  await card.getByText('Keeps reconnecting:').click();
  await card.getByText(/^It goes without a goodbye/).waitFor();
  await assertAccessible(page);
  await page.reload();
  await card.getByText(/6 times a minute/).waitFor();
  await (await monitor.row('weather', 'disconnected')).getByText('6/min').waitFor();
  assertWell();
});

test('more than three cards wait behind a button', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    for (let times = 0; times < 5; times += 1) await (await mqttJs(t, { url: server.url('open', 'tcp'), id })).leave();
  }
  await monitor.card('e').waitFor();
  await page.getByRole('button', { name: '2 more' }).click();
  await monitor.card('a').waitFor();
  await assertAccessible(page);
  await page.getByRole('button', { name: 'Show fewer' }).click();
  await monitor.card('a').waitFor({ state: 'detached' });
  await monitor.card('e').getByText('Keeps reconnecting:').click();
  await monitor.card('e').getByText(/^It says goodbye each time/).waitFor();
  assertWell();
});

for (const version of ['5.0', '3.1.1']) {
  test(`of two pages with one client id one takes over, once, in MQTT ${version}`, async (t) => {
    const query = `?client=one-page&version=${version === '5.0' ? '5' : version}`;
    const { server, browser, page, monitor, assertWell } = await watch(t, { query });
    const witness = await mqttJs(t, { url: server.url('open', 'tcp'), id: 'witness' });
    await witness.subscribe('$headcount/+/events');
    const heard = () => witness.messages.map(({ payload }) => JSON.parse(payload));
    const takeOvers = () => heard().filter(({ reason }) => reason === 'taken-over').length;

    const { page: second } = await openPage(browser);
    const other = await MonitorPage.open(second, page.url());
    await monitor.status.filter({ hasText: 'Taken over by another connection' }).waitFor();
    await page.getByText('This page watches no more, and does not fight for it.').waitFor();
    await assertAccessible(page);
    // Somebody comes and goes for longer than it takes until a fight is on.
    const guests = [];
    for (const end = Date.now() + FIGHT; Date.now() < end; ) {
      const guest = await mqttJs(t, { url: server.url('open', 'tcp'), id: `guest-${guests.length}` });
      guests.push(guest.id);
      await other.row(guest.id, 'connected');
      await guest.leave();
      await other.row(guest.id, 'disconnected');
    }
    await other.live();
    await until(() => heard().some(({ event, client }) => event === 'disconnected' && client.id === guests.at(-1)));
    assert.equal(takeOvers(), 1);

    await page.getByRole('button', { name: 'Take it back' }).click();
    await monitor.live();
    await other.status.filter({ hasText: 'Taken over by another connection' }).waitFor();
    await until(() => takeOvers() === 2);
    assertWell();
  });
}

test('where nobody says who took over, the page guesses and gives way', async (t) => {
  const broker = await mosquitto(t);
  const { page, monitor } = await watch(t, { query: `?client=one-page&version=3.1.1&address=${encodeURIComponent(broker.url)}` });
  await mqttJs(t, { url: broker.tcpUrl, id: 'one-page', returns: 100 });
  await page.getByText('Another connection seems to have taken over').waitFor();
  await monitor.gaps.filter({ hasText: 'it seems that another connection has this page' }).waitFor();
});

test('a feed that tells no reasons makes a guess', async (t) => {
  const { page, monitor } = await watch(t);
  const broker = await mosquitto(t);
  const panel = await monitor.connectPanel();
  await panel.address.fill(broker.url);
  await monitor.connectAs(panel);
  const adafruit = await mqttJs(t, { url: broker.tcpUrl, id: 'io' });
  const begin = Date.now() - 8_000;
  const say = (status, after) => {
    const line = { status, at: new Date(begin + after).toISOString(), client: { id: 'io-lamp' } };
    return adafruit.publish('alice/clients', JSON.stringify(line), { qos: 1 });
  };
  await say('connected', 0);
  for (let round = 1; round <= 4; round += 1) {
    await say('disconnected', 2_000 * round);
    await say('connected', 2_000 * round + 2);
  }
  const card = monitor.card('io-lamp');
  await card.getByText('Two connections seem to fight over').waitFor();
  await card.getByText(/^It goes and comes back in the same instant/).waitFor();
  await assertAccessible(page);
});
