// Presence by channel: the page, another browser, Emitter's SDK and Mosquitto on one channel.

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { assertAccessible, assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { SCREENS, openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { start } from '../harness/program.mjs';
import { startServer } from '../harness/server.mjs';
import { until } from '../harness/until.mjs';
import { open as realm } from '../harness/waiting.mjs';
import { PresencePage } from '../pages/presence_channel.mjs';
import { emitterClient, KEY } from '../peers/emitter.mjs';

/** Where Emitter's SDK is found by whoever requires it. */
const HERE = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** A server, and a function that opens the page in a fresh profile. */
async function begin(t) {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  const records = [];
  const open = async (digits, looks) => {
    const { page, record } = await openPage(browser, looks);
    records.push(record);
    return PresencePage.open(page, server.page, digits);
  };
  const assertWell = () => {
    for (const record of records) {
      record.assertQuiet();
      record.assertOnly([server.host]);
    }
  };
  return { server, open, assertWell };
}

/** The messages that a page shows, oldest first, without their times. */
async function said(presence) {
  const texts = await presence.messages.getByRole('code').allInnerTexts();
  return texts.reverse().map((text) => {
    const { time, ...rest } = JSON.parse(text);
    assert.ok(Number.isInteger(time), text);
    return rest;
  });
}

/** The events of one name that a page shows, oldest first. */
async function eventsOf(presence, name) {
  return (await said(presence)).filter(({ who }) => who === name).map(({ event }) => event);
}

test('a channel of two browsers, the SDK and Mosquitto', async (t) => {
  const { server, open, assertWell } = await begin(t);
  const here = await open();
  const channel = await here.channel();
  assert.match(channel, /^presence-demo\/[0-9a-f]{8}\/$/);
  await here.present();

  await t.test('the transcript of the article', async () => {
    await here.client('Alan').check();
    await here.present('Alan');
    await here.client('Margaret').check();
    await here.present('Alan', 'Margaret');
    await here.client('Alan').uncheck();
    await here.present('Margaret');
    await expect.poll(() => said(here)).toEqual([
      { event: 'status', channel, occupancy: 0, who: [] },
      { event: 'subscribe', channel, occupancy: 1, who: 'Alan' },
      { event: 'subscribe', channel, occupancy: 2, who: 'Margaret' },
      { event: 'unsubscribe', channel, occupancy: 1, who: 'Alan' },
    ]);
  });

  await t.test('the link brings another browser to the same channel', async (t) => {
    await here.page.getByRole('button', { name: 'Copy link' }).click();
    await here.page.getByRole('button', { name: 'Link copied' }).waitFor();
    const link = await here.page.evaluate(() => navigator.clipboard.readText());
    assert.equal(link, here.page.url());
    const there = await open(new URL(link).searchParams.get('channel'));
    assert.equal(await there.channel(), channel);
    await there.present('Margaret');
    await there.add('Ada');
    await here.present('Margaret', 'Ada');

    await t.test('a name that is used twice is taken over, and nobody fights', async () => {
      await there.client('Margaret').focus();
      await there.client('Grace').check();
      await here.present('Margaret', 'Ada', 'Grace');
      await here.client('Grace').check();
      await there.seat('Grace').getByText(/^taken over: /).waitFor();
      await here.seat('Grace').getByText('connected and subscribed').waitFor();
      await here.present('Margaret', 'Ada', 'Grace');
      await expect(there.client('Grace')).not.toBeChecked();
      await expect.poll(() => eventsOf(here, 'Grace')).toEqual(['subscribe', 'unsubscribe', 'subscribe']);
      await assertAccessible(there.page);
      await there.seat('Grace').getByRole('button', { name: 'Take it back' }).click();
      await here.seat('Grace').getByText(/^taken over: /).waitFor();
      await there.seat('Grace').getByText('connected and subscribed').waitFor();
    });

    await t.test('a closed tab is seen', async () => {
      await there.page.close();
      await here.present('Margaret');
      const sides = Array(3).fill(['subscribe', 'unsubscribe']).flat();
      await expect.poll(() => eventsOf(here, 'Grace')).toEqual(sides);
    });
  });

  await t.test("Emitter's SDK joins and is seen", async (t) => {
    const sdk = await emitterClient(t, { port: server.httpPort, id: 'Tim' });
    sdk.client.subscribe({ key: KEY, channel });
    await here.present('Margaret', 'Tim');
    sdk.crash();
    await here.present('Margaret');
  });

  await t.test('the texts work as printed', async (t) => {
    const ada = start(t, 'node', ['-e', `process.chdir(${JSON.stringify(HERE)});\n${await here.text('sdk')}`]);
    await here.present('Margaret', 'Ada');
    await until(() => ada.lines.some((line) => line.includes("event: 'status'")));
    await ada.kill();
    await here.present('Margaret');

    const joined = start(t, 'sh', ['-c', `exec ${await here.text('join')}`]);
    await here.present('Margaret', 'Ada');
    await joined.kill();
    await here.present('Margaret');

    const asked = start(t, 'sh', ['-c', `exec ${await here.text('ask')}`]);
    await until(() => asked.lines.length > 0);
    const { time, ...rest } = JSON.parse(asked.lines[0]);
    assert.ok(Number.isInteger(time));
    assert.deepEqual(rest, { event: 'status', channel, occupancy: 1, who: ['Margaret'] });
  });

  assertWell();
  await t.test('a lost broker is said to be lost, and what it knows is asked again', async () => {
    await server.stop();
    await here.page.getByText('The watcher is not connected').waitFor();
    await here.page.getByText('nobody tells at present').waitFor();
    await server.startAgain();
    await here.present('Margaret');
  });
  await server.stop();
});

test('names are judged, and bounded', async (t) => {
  const { open, assertWell } = await begin(t);
  const here = await open('00c0ffee');
  assert.equal(await here.channel(), 'presence-demo/00c0ffee/');
  await here.page.getByLabel('One more').fill('Alan');
  await here.page.getByText('This name is here already.').waitFor();
  await expect(here.page.getByRole('button', { name: 'Connect', exact: true })).toBeDisabled();
  for (const name of ['<b>bold</b>', 'مصباح', 'c', 'd', 'e']) await here.add(name);
  await here.page.getByText('As many as one window has.').waitFor();
  await here.present('<b>bold</b>', 'مصباح', 'c', 'd', 'e');
  assertWell();
});

test('a broker that does not speak of presence is named', async (t) => {
  const server = await startServer(t, { config: realm });
  const { page } = await openPage(await openBrowser(t));
  await page.goto(`${server.page}?use=presence`);
  await page.getByRole('alert').filter({ hasText: 'The broker does not answer' }).waitFor();
});

test('it is well on both screens, in both themes', async (t) => {
  const { open, assertWell } = await begin(t);
  for (const screen of Object.keys(SCREENS)) {
    const here = await open(undefined, { screen });
    await here.add(`on a ${screen}`);
    await here.present(`on a ${screen}`);
    await here.text('sdk');
    await assertNoSideways(here.page);
    await assertAccessibleInBothThemes(here.page);
    await here.page.close();
  }
  assertWell();
});
