// Clients that nobody here wrote come and leave over TCP and WebSocket, in sight of the page.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expect } from '../harness/expect.mjs';
import { until } from '../harness/until.mjs';
import { watch } from '../harness/watching.mjs';
import { mosquittoSub } from '../peers/mosquitto_sub.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';
import { paho } from '../peers/paho.mjs';

/** Milliseconds from the broker's time of an event to its row's being in the page, but for a stall of the machine. */
const SOON = 100;

const PEERS = [
  {
    name: 'mosquitto_sub, MQTT 3.1.1 over TCP',
    id: 'lamp-tcp',
    transport: 'TCP',
    protocol: 'MQTT 3.1.1',
    come: (t, server, id) => mosquittoSub(t, { port: server.tcpPort(), id }),
  },
  {
    name: 'paho-mqtt, MQTT 5.0 over WebSocket',
    id: 'paho-ws',
    transport: 'WebSocket',
    protocol: 'MQTT 5.0',
    come: (t, server, id) => paho(t, { port: server.httpPort, id, version: '5.0' }),
  },
  {
    name: 'MQTT.js, MQTT 3.1.1 over WebSocket',
    id: 'mqttjs-ws',
    transport: 'WebSocket',
    protocol: 'MQTT 3.1.1',
    come: (t, server, id) => mqttJs(t, { url: server.url(), id }),
  },
  {
    name: 'MQTT.js, MQTT 5.0 over TCP',
    id: 'mqttjs-tcp',
    transport: 'TCP',
    protocol: 'MQTT 5.0',
    come: (t, server, id) => mqttJs(t, { url: server.url('open', 'tcp'), id, version: '5.0' }),
  },
];

test('each peer appears at once with its id, and leaves with its goodbye', async (t) => {
  const { server, monitor, assertWell } = await watch(t);
  const delays = await monitor.watchDelays();
  // This page.
  await monitor.count(1);
  for (const { name, id, transport, protocol, come } of PEERS) {
    await t.test(name, async (t) => {
      const peer = await come(t, server, id);
      const came = await monitor.row(id, 'connected', protocol);
      await came.getByRole('cell', { name: transport, exact: true }).waitFor();
      await monitor.here(id);
      await monitor.count(2);

      await peer.leave();
      await monitor.row(id, 'disconnected', 'said goodbye');
      await monitor.gone(id);
      await monitor.count(1);
    });
  }
  const measured = (await delays()).filter(({ text }) => PEERS.some(({ id }) => text.includes(id)));
  assert.equal(measured.length, 2 * PEERS.length, JSON.stringify(measured));
  const told = measured.map(({ delay, stall }) => `${delay} (stalled for ${stall})`).join(', ');
  t.diagnostic(`milliseconds from the event to its row: ${told}`);
  const sorted = measured.map(({ delay, stall }) => delay - stall).sort((a, b) => a - b);
  // The middle one: this is no benchmark.
  assert.ok(sorted[sorted.length / 2] <= SOON, `more than ${SOON} ms: ${told}`);
  assertWell();
  await server.stop();
});

test('a row opens to every field and to the message as it came', async (t) => {
  const { server, monitor, page, assertWell } = await watch(t);
  const observer = await mqttJs(t, { url: server.url(), id: 'observer' });
  await observer.subscribe('$headcount/anonymous/events');
  await mosquittoSub(t, { port: server.tcpPort(), id: 'told', keepAlive: 17 });
  const row = await monitor.row('told', 'connected');
  const { fields, message } = await monitor.details(row);
  await message.waitFor();
  const names = await fields.getByRole('term').allInnerTexts();
  const field = (name) => fields.getByRole('definition').nth(names.indexOf(name));
  await expect(field('Client id')).toHaveText('told');
  await expect(field('Account')).toHaveText('anonymous');
  await expect(field('Keep Alive')).toHaveText('17 s');
  await expect(field('Address')).toHaveText(/^127\.0\.0\.1:\d+$/);

  const heard = () => observer.messages.map(({ payload }) => JSON.parse(payload));
  const same = () => heard().find(({ event, client }) => event === 'connected' && client.id === 'told');
  await until(() => same() !== undefined);
  assert.deepEqual(JSON.parse(await message.innerText()), same());

  await page.keyboard.press('Escape');
  await message.waitFor({ state: 'detached' });
  assertWell();
});
