// The wire view: what this page and the broker say to each other, packet by packet.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import mqttPacket from 'mqtt-packet';

import { assertAccessibleInBothThemes, assertNoSideways } from '../harness/accessibility.mjs';
import { SCREENS, openBrowser, openPage } from '../harness/browser.mjs';
import { expect } from '../harness/expect.mjs';
import { startServer } from '../harness/server.mjs';
import { watch } from '../harness/watching.mjs';
import { ChatPage } from '../pages/chat.mjs';
import { MonitorPage } from '../pages/monitor.mjs';
import { WireView } from '../pages/wire.mjs';

const run = promisify(execFile);

/** A foreign client comes, says something and goes: the Monitor is told of it by PUBLISH packets. */
function visit(server, id) {
  return run('mosquitto_pub', ['-p', String(server.tcpPort()), '-i', id, '-t', 'home/lamp', '-m', 'on']);
}

/** What an independent codec says of a packet. */
function parse(hex, version) {
  const parser = mqttPacket.parser({ protocolVersion: version === '5.0' ? 5 : 4 });
  let found;
  parser.on('packet', (packet) => { found = packet; });
  parser.on('error', (error) => { throw error; });
  parser.parse(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  assert.ok(found, `a whole packet: ${hex}`);
  return found;
}

const lines = (file) => file.trim().split('\n').map((line) => JSON.parse(line));

test('a packet has the fields that an independent codec reads from its bytes', async (t) => {
  const { server, page, assertWell } = await watch(t);
  const wire = await WireView.open(page);
  // What was said before it was opened is there too.
  await (await wire.row('out', 'CONNECT', 'MQTT 5.0')).waitFor();
  await (await wire.row('in', 'CONNACK', 'Success')).waitFor();
  await visit(server, 'visitor');
  await wire.search.fill('"visitor"');
  await (await wire.row('in', 'PUBLISH', '$headcount/anonymous/events')).click();
  const hex = await wire.hex();
  const packet = parse(hex, '5.0');
  assert.equal(packet.cmd, 'publish');
  await expect(wire.value('Topic Name')).toHaveText(packet.topic);
  await expect(wire.value('Payload')).toHaveText(packet.payload.toString());
  await expect(wire.value('QoS level')).toHaveText(`${packet.qos}, at most once`);
  await expect(wire.value('Remaining Length')).toHaveText(`${packet.length} bytes`);
  assert.match(packet.payload.toString(), /"visitor"/);

  // A field lights its bytes, by pointer and by keyboard, and bytes their field.
  await wire.field('Topic Name').hover();
  const topic = Buffer.from(packet.topic);
  const length = Buffer.from([topic.length >> 8, topic.length & 255]);
  const spaced = (bytes) => bytes.toString('hex').match(/../g).join(' ');
  await expect.poll(() => wire.lit()).toBe(spaced(Buffer.concat([length, topic])));
  await wire.field('Control Packet type and flags').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(wire.field('DUP flag')).toBeFocused();
  await expect.poll(() => wire.lit()).toBe('30');
  await wire.opened.locator('.dump-ascii span').last().click();
  await expect(wire.field('Payload')).toBeFocused();

  await wire.opened.getByRole('button', { name: 'Copy hex' }).click();
  await wire.opened.getByRole('button', { name: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), hex.replaceAll(' ', ''));
  assertWell();
});

test('packets are asked for by way, type, topic and text, and pings only where they are wanted', async (t) => {
  const { server, page, assertWell } = await watch(t);
  const wire = await WireView.open(page);
  // The network seems to go away: the page asks whether its connection stands.
  await page.evaluate(() => dispatchEvent(new Event('offline')));
  await wire.way('pings').click();
  await (await wire.row('in', 'PINGRESP')).click();
  // From an answer to its question, by one click.
  await wire.opened.getByRole('button', { name: /PINGREQ/ }).click();
  await wire.opened.getByRole('heading', { name: '↑ out PINGREQ' }).waitFor();
  await wire.way('pings').click();
  await wire.rowsOf('PINGREQ').first().waitFor({ state: 'detached' });

  await wire.way('↓ in').click();
  await wire.rowsOf('↓ in').first().waitFor({ state: 'detached' });
  await expect(wire.rows.locator('.packet-type')).toHaveText(['CONNECT', 'SUBSCRIBE', 'PUBLISH']);
  await wire.way('↓ in').click();
  await wire.type.selectOption('SUBACK');
  await expect(wire.rows).toHaveCount(1);
  await wire.rows.first().click();
  await wire.opened.getByRole('button', { name: /SUBSCRIBE/ }).waitFor();
  await wire.type.selectOption('All types');
  await visit(server, 'asked-for');
  await wire.topic.fill('$headcount/+/clients/asked-for');
  const topic = '$headcount/anonymous/clients/asked-for';
  await wire.row('PUBLISH', topic);
  await expect(wire.rows.filter({ hasNotText: topic })).toHaveCount(0);
  // Escape takes back what was asked, then closes the packet, then the view.
  await page.keyboard.press('Escape');
  await wire.row('CONNECT');
  await page.keyboard.press('Escape');
  await wire.opened.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await wire.list.waitFor({ state: 'hidden' });
  await expect(page.getByRole('button', { name: 'Wire', exact: true })).toBeFocused();
  assertWell();
});

test('a pause holds still, says how many are held, and records on', async (t) => {
  const { server, page, assertWell } = await watch(t);
  const wire = await WireView.open(page);
  await visit(server, 'before');
  await wire.topic.fill('$headcount/anonymous/events');
  await wire.rows.nth(1).waitFor();
  await wire.pauseButton.click();
  await visit(server, 'held');
  await page.getByRole('button', { name: 'Paused · 2 held' }).waitFor();
  await expect(wire.rows).toHaveCount(2);
  await wire.pauseButton.click();
  await wire.rows.nth(3).waitFor();
  // What is new comes at the end, in sight.
  await wire.topic.fill('');
  for (let index = 0; index < 5; index += 1) await visit(server, `more-${index}`);
  await wire.row('$headcount/anonymous/clients/more-4');
  await expect(wire.rows.last()).toBeInViewport({ ratio: 0.95 });
  assertWell();
});

test('the keyboard alone finds a packet and reads it', async (t) => {
  const { server, page, assertWell } = await watch(t);
  await visit(server, 'typed');
  await page.getByRole('button', { name: 'Wire', exact: true }).focus();
  await page.keyboard.press('Enter');
  const wire = new WireView(page);
  await wire.row('CONNECT');
  await expect(wire.list).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await wire.opened.getByRole('heading', { name: '↑ out CONNECT' }).waitFor();
  // The packet follows the reader.
  await page.keyboard.press('ArrowDown');
  await wire.opened.getByRole('heading', { name: '↓ in CONNACK' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('typed');
  await wire.row('$headcount/anonymous/clients/typed');
  await expect(wire.search).toHaveValue('typed');
  const grip = page.getByRole('separator', { name: 'Height of the wire view' });
  const height = Number(await grip.getAttribute('aria-valuenow'));
  await grip.focus();
  await page.keyboard.press('ArrowUp');
  await expect(grip).toHaveAttribute('aria-valuenow', String(height + 4));
  assertWell();
});

test('a record is a file, which another profile shows byte for byte; no password leaves the page', async (t) => {
  const { server, browser, page, monitor, assertWell } = await watch(t);
  const { userName, password, connect } = await monitor.connectPanel();
  await userName.fill('alice');
  await password.fill('correct horse');
  await connect.click();
  const wire = await WireView.open(page);
  // The first was the page's own way in.
  await wire.rowsOf('out', 'CONNECT', 'MQTT 5.0').nth(1).click();
  await wire.field('Password', 'hidden (13 bytes)').waitFor();
  await expect(wire.value('User Name')).toHaveText('alice');
  assert.match(await wire.hex(), /00 0d( ··){13}$/);
  await wire.rowsOf('in', 'SUBACK').nth(1).waitFor();
  await monitor.live();
  await wire.pauseButton.click();

  const file = await wire.export();
  assert.ok(!file.includes(Buffer.from('correct horse').toString('hex')), 'the password is in the file');
  const told = lines(file);
  assert.ok(told.length > 8);
  for (const { bytes, type, topic, version } of told) {
    const packet = parse(bytes, version);
    assert.equal(packet.cmd.toUpperCase(), type);
    assert.equal(topic, packet.topic ?? packet.subscriptions?.[0].topic ?? '');
  }
  assert.equal(parse(told.findLast(({ type }) => type === 'CONNECT').bytes, '5.0').password.toString(), '*'.repeat(13));

  const { page: other, record } = await openPage(browser);
  await MonitorPage.open(other, server.page);
  const reader = await WireView.open(other);
  await reader.import('session.ndjson', file);
  await reader.notice('A recorded session:').waitFor();
  await reader.notice('session.ndjson').waitFor();
  assert.equal(await reader.export(), file);

  // A file that is none is named with its line, and what was shown stays.
  const wrong = file.replace('"direction":"in"', '"direction":"up"');
  const line = wrong.split('\n').findIndex((text) => text.includes('"up"')) + 1;
  await reader.import('wrong.ndjson', wrong);
  await reader.notice(`wrong.ndjson was not read: line ${line}: "direction" is up, neither in nor out.`).waitFor();
  assert.equal(await reader.export(), file);
  await other.getByRole('button', { name: 'Back to live' }).click();
  await reader.notice('A recorded session:').waitFor({ state: 'detached' });
  record.assertQuiet();
  assertWell();
});

test('from a chat message to its packets by one click', async (t) => {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  const { page, record } = await openPage(browser);
  const chat = await ChatPage.open(page, server.page, 20);
  const window = await chat.window().logIn('vy');
  // A message of a client that nobody here wrote.
  const message = { messageId: 'a1b2c3d4-0000-4000-8000-00000000beef', content: 'hé, 温度計!', timestamp: '2026-11-21T20:00:00.000Z' };
  const [topic, payload] = ['chat/messages/vy/mo', JSON.stringify(message)];
  await run('mosquitto_pub', ['-p', String(server.tcpPort()), '-V', '5', '-q', '1', '-t', topic, '-m', payload]);
  await window.conversation('mo').getByRole('button').click();
  await window.message('hé').getByRole('button', { name: 'Packets' }).click();
  const wire = new WireView(page);
  await wire.opened.getByRole('heading', { name: '↓ in PUBLISH' }).waitFor();
  await expect(wire.rows.locator('.packet-type')).toHaveText(['PUBLISH', 'PUBACK']);
  const version = /MQTT (5\.0|3\.1\.1)/.exec(await wire.opened.locator('.packet-facts').innerText())[1];
  const packet = parse(await wire.hex(), version);
  assert.equal(packet.payload.toString(), payload);
  assert.deepEqual([packet.topic, packet.qos, packet.retain, packet.dup], [topic, 1, false, false]);
  await expect(wire.value('Topic Name')).toHaveText(topic);
  await expect(wire.value('Payload')).toHaveText(payload);
  await expect(wire.value('Packet Identifier')).toHaveText(String(packet.messageId));
  // To its acknowledgement, and back.
  await wire.opened.getByRole('button', { name: /^↑ out PUBACK/ }).click();
  await wire.opened.getByRole('heading', { name: '↑ out PUBACK' }).waitFor();
  await expect(wire.value('Packet Identifier')).toHaveText(String(packet.messageId));
  assert.equal(parse(await wire.hex(), version).cmd, 'puback');

  // What one wrote oneself, too.
  await window.say('mo', 'and you?');
  await window.marked('and you?', 'acknowledged');
  await window.message('and you?').getByRole('button', { name: 'Packets' }).click();
  await wire.opened.getByRole('heading', { name: '↑ out PUBLISH' }).waitFor();
  await expect(wire.rows.locator('.packet-way')).toHaveText(['↑ out', '↓ in']);
  const sent = parse(await wire.hex(), version);
  assert.equal(sent.topic, 'chat/messages/mo/vy');
  assert.equal(JSON.parse(sent.payload.toString()).content, 'and you?');
  record.assertQuiet();
});

test('it stands in nobody’s way, on both screens and in both themes', async (t) => {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  for (const screen of Object.keys(SCREENS)) {
    await t.test(screen, async () => {
      const { page, record } = await openPage(browser, { screen });
      await MonitorPage.open(page, server.page);
      const wire = await WireView.open(page);
      await (await wire.row('in', 'SUBACK')).click();
      await wire.field('Packet Identifier').waitFor();
      await assertAccessibleInBothThemes(page);
      await assertNoSideways(page);
      await wire.opened.getByRole('button', { name: 'Close the packet' }).click();
      await wire.opened.waitFor({ state: 'detached' });
      await assertAccessibleInBothThemes(page);
      await wire.closeButton.click();
      await wire.list.waitFor({ state: 'hidden' });
      record.assertQuiet();
      await page.context().close();
    });
  }
});
