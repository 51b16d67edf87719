// Other brokers' presence and devices' own words, on Eclipse Mosquitto with real clients.

import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { test } from 'node:test';

import { assertAccessible } from '../harness/accessibility.mjs';
import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { mosquitto } from '../peers/mosquitto.mjs';
import { mosquittoSub } from '../peers/mosquitto_sub.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';
import { paho } from '../peers/paho.mjs';

const LOG = ['log_dest stderr', 'log_dest topic', 'connection_messages true'];

/** A Monitor that watches a Mosquitto, once it reads what it can. */
async function watchMosquitto(t, { lines = LOG, feeds = '' } = {}) {
  const broker = await mosquitto(t, lines);
  const query = new URLSearchParams({ address: broker.url, ...(feeds && { feeds }) });
  const watching = await watch(t, { query: `?${query}` });
  await watching.monitor.feeds.waitFor();
  const log = await watching.monitor.feed('$SYS/broker/log/N');
  await log.getByText(/granted|heard/).waitFor();
  await watching.monitor.feeds.click();
  return { broker, ...watching };
}

/** A client of MQTT 3.1.1 that sends what no client sends: AUTH. */
function rude(port, id) {
  const payload = Buffer.from(id);
  const connectPacket = [0x10, 12 + payload.length, 0, 4, ...Buffer.from('MQTT'), 4, 2, 0, 60, 0, payload.length, ...payload];
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.once('data', () => socket.write(Buffer.from([0xf0, 0])));
  socket.write(Buffer.from(connectPacket));
}

test("Mosquitto's log tells who comes and goes, from where and why", async (t) => {
  const { broker, server, page, monitor, record } = await watchMosquitto(t);
  const { port } = broker;
  // Keep Alive takes the longest: it begins first and is looked at last.
  const frozen = await paho(t, { port, id: 'frozen', transport: 'tcp', keepAlive: 1 });
  frozen.freeze();

  const polite = await mosquittoSub(t, { port, id: 'polite', username: 'alice', version: '5.0' });
  await monitor.row('polite', 'connected', 'MQTT 5.0');
  await monitor.here('polite');
  await page.getByText(/Missing here: transports, who was here before this page\./).waitFor();
  await polite.leave();
  await monitor.row('polite', 'disconnected', 'said goodbye');
  await monitor.gone('polite');

  const killed = await mosquittoSub(t, { port, id: 'killed' });
  await killed.crash();
  await monitor.row('killed', 'disconnected', 'connection lost without a goodbye');

  const old = await mosquittoSub(t, { port, id: 'twin' });
  await mosquittoSub(t, { port, id: 'twin' });
  await old.crash();
  await monitor.row('twin', 'disconnected', 'taken over by a newer connection');
  await monitor.here('twin');

  rude(port, 'rude');
  await monitor.row('rude', 'disconnected', 'broke the protocol');

  await monitor.row('frozen', 'disconnected', 'keep alive timed out');
  await monitor.gone('frozen');
  const line = await monitor.feed('$SYS/broker/log/N');
  await line.getByText('heard').waitFor();
  await assertAccessible(page);
  const { fields } = await monitor.details(await monitor.row('polite', 'disconnected'));
  for (const fact of [/Address\s*127\.0\.0\.1:\d+/, /Account\s*alice/, /Told by\s*Mosquitto log/]) {
    await expect(fields).toContainText(fact);
  }
  record.assertQuiet();
  record.assertOnly([server.host, broker.host]);
});

test('a bridge between two Mosquittos comes and goes', async (t) => {
  const { broker, monitor } = await watchMosquitto(t, { lines: [] });
  const bridge = ['connection east', `address 127.0.0.1:${broker.port}`, 'remote_clientid east-bridge', 'topic shared/# both 0', 'try_private false'];
  const other = await mosquitto(t, bridge);
  await monitor.row('east-bridge', 'connected', 'a bridge');
  await monitor.here('east-bridge');
  await other.program.stop();
  const down = await monitor.row('east-bridge', 'disconnected', 'a bridge');
  await monitor.gone('east-bridge');
  const { fields } = await monitor.details(down);
  await expect(fields).toContainText(/Told by\s*Mosquitto bridge[\s\S]*Whose time\s*this page's/);
});

test('devices speak of themselves, and their Wills do', async (t) => {
  const broker = await mosquitto(t);
  const { port } = broker;
  // They were here before the page came.
  const maker = await mqttJs(t, { url: broker.tcpUrl, id: 'maker' });
  await maker.publish('tele/fan/LWT', 'Online', { retain: true, qos: 1 });
  await maker.publish('tele/attic/LWT', 'Offline', { retain: true, qos: 1 });

  const feeds = 'homeassistant,tasmota,zigbee2mqtt,esphome,sparkplug,homie';
  const { page, monitor, record } = await watch(t, { query: `?${new URLSearchParams({ address: broker.url, feeds })}` });
  await monitor.here('fan');
  await monitor.guest('fan').getByText(/^before \d\d:\d\d$/).waitFor();

  const say = (topic, payload) => maker.publish(topic, payload, { retain: true, qos: 1 });
  const will = { topic: 'tele/lamp/LWT', payload: 'Offline' };
  const lamp = await mosquittoSub(t, { port, id: 'DVES_1234', will });
  await say('tele/lamp/LWT', 'Online');
  await monitor.row('lamp', 'online');
  await monitor.here('lamp');
  // Both came before it: a state is no event, and who is offline is not here.
  await expect(monitor.rowsOf('fan')).toHaveCount(0);
  await monitor.gone('attic');
  await lamp.crash();
  const off = await monitor.row('lamp', 'offline', 'by its own word');
  await expect(off).toContainText('Tasmota LWT');
  await monitor.gone('lamp');

  await say('kitchen/status', 'online');
  await monitor.row('kitchen', 'online');
  await say('printer/status', 'printing');
  await say('zigbee2mqtt/hall/availability', '{"state":"online"}');
  await monitor.row('hall', 'online');
  await say('homie/5/door/$state', 'init');
  await say('homie/5/door/$state', 'ready');
  await say('homie/5/door/$state', 'lost');
  await monitor.row('door', 'offline', 'connection lost without a goodbye: by its own word');
  await say('home/cellar/pump/availability', 'offline');
  await monitor.row('home/cellar/pump', 'offline');
  // NBIRTH with a timestamp and the metric bdSeq 7, and the Will that belongs to it.
  const birth = Buffer.from([0x08, 0x80, 0x88, 0x8d, 0xf5, 0xda, 0x33, 0x12, 0x09, 0x0a, 5, ...Buffer.from('bdSeq'), 0x58, 7]);
  await maker.publish('spBv1.0/plant/NBIRTH/press', birth, { qos: 1 });
  await monitor.row('plant/press', 'online', 'NBIRTH, bdSeq 7');
  await maker.publish('spBv1.0/plant/NDEATH/press', birth, { qos: 1 });
  await monitor.row('plant/press', 'offline', 'NDEATH, bdSeq 7');
  // A word of its own.
  await expect(monitor.rowsOf('printer')).toHaveCount(0);
  await assertAccessible(page);
  record.assertQuiet();
});

test('feeds of devices are chosen in the connect form, on a Headcount broker as well', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  // Nothing else is asked of a broker of ours.
  await expect(monitor.feeds).toHaveCount(0);
  const panel = await monitor.connectPanel();
  await page.getByLabel('Tasmota LWT', { exact: true }).check();
  await assertAccessible(page);
  await monitor.connectAs(panel);
  await monitor.feeds.waitFor();
  await expect(page).toHaveURL(/[?&]feeds=tasmota/);
  const line = await monitor.feed('tele/+/LWT');
  await line.getByText('granted').waitFor();
  const maker = await mqttJs(t, { url: server.url(), id: 'maker' });
  await maker.publish('tele/lamp/LWT', 'Online');
  await monitor.row('lamp', 'online');
  await line.getByText('heard').waitFor();
  await page.reload();
  await monitor.live();
  await monitor.feeds.waitFor();
  assertWell();
});
