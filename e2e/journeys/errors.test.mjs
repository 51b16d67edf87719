// Errors and throttle beside the timeline, and the way from there, or from a row, to the client that misbehaves.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../harness/accessibility.mjs';
import { expect } from '../harness/expect.mjs';
import { open } from '../harness/waiting.mjs';
import { watch } from '../harness/watching.mjs';
import { mosquitto } from '../peers/mosquitto.mjs';
import { mosquittoPub } from '../peers/mosquitto_pub.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

/** Two messages a second from each account. */
const SLOW = `${open}
[realm.account_limits."*"]
max_publish_rate = 2
`;

async function watchSecure(monitor, user, password) {
  const panel = await monitor.connectPanel();
  await panel.realm.selectOption('secure');
  await panel.userName.fill(user);
  await panel.password.fill(password);
  await monitor.connectAs(panel);
}

test('what a rule refuses is told, and two clicks show everything of who did it', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  await watchSecure(monitor, 'admin', 'admin');
  await monitor.trouble.getByText(/^None since /).waitFor();
  const port = server.tcpPort('secure');
  const wrong = { port, topic: 'kitchen/lamp', username: 'peter', password: 'test' };
  for (let times = 0; times < 3; times += 1) await mosquittoPub(t, { ...wrong, id: 'lamp' });
  await mosquittoPub(t, { ...wrong, id: 'door', topic: 'chat/status/peter' });

  const line = monitor.line('may not publish to kitchen/lamp: denied by default');
  await line.getByText('× 3').waitFor();
  // Equal lines are one.
  await expect(line).toHaveCount(1);
  await expect(line).toHaveText(/error\s*peter/);
  await monitor.trouble.getByText('3 errors · 0 throttled').waitFor();
  await monitor.trouble.getByRole('button', { name: 'lamp 3 denied' }).waitFor();
  await assertAccessible(page);

  const row = await monitor.row('lamp', 'denied');
  await row.getByRole('button', { expanded: false }).first().click();
  await row.getByText(/^3 denied since /).waitFor();
  await assertAccessible(page);
  await row.getByRole('button', { name: 'Show everything of lamp' }).click();
  await expect(monitor.searchField).toHaveValue('client:"lamp"');
  await monitor.rowsOf('door').first().waitFor({ state: 'detached' });
  await monitor.rowsOf('lamp', 'denied').nth(2).waitFor();
  await monitor.searchField.fill('');
  await monitor.row('door', 'connected');

  await line.getByRole('button', { name: 'lamp' }).click();
  await expect(monitor.searchField).toHaveValue('client:"lamp"');
  assertWell();
});

test('an account reads its own errors and nobody else\'s, a wrong password included', async (t) => {
  const { server, monitor, assertWell } = await watch(t);
  await watchSecure(monitor, 'peter', 'test');
  const port = server.tcpPort('secure');
  await mosquittoPub(t, { port, id: 'hers', topic: 'kitchen/lamp', username: 'vy', password: 'test' });
  const burglar = mqttJs(t, { url: server.url('secure', 'tcp'), id: 'burglar', username: 'peter', password: 'guess' });
  await assert.rejects(burglar);
  await mosquittoPub(t, { port, id: 'mine', topic: 'kitchen/lamp', username: 'peter', password: 'test' });
  await monitor.line('may not publish to kitchen/lamp').waitFor();
  await monitor.line('may not connect as peter: ').getByRole('button', { name: 'burglar' }).waitFor();
  await expect(monitor.line('hers')).toHaveCount(0);
  await monitor.trouble.getByRole('button', { name: 'burglar 1 refused' }).waitFor();
  assertWell();
});

test('who publishes too fast is told on throttle, and on a phone behind a bar', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t, { config: SLOW, screen: 'phone', theme: 'dark' });
  assert.equal(await monitor.trouble.count(), 0, 'a phone has no room for nothing');
  const hose = await mqttJs(t, { url: server.url('open', 'tcp'), id: 'hose', username: 'garden' });
  for (let number = 0; number < 30; number += 1) await hose.publish('garden/water', `${number}`);
  await monitor.trouble.getByText(/^0 errors · \d+ throttled$/).waitFor();
  await expect(monitor.line('hose')).toHaveCount(0);
  await assertAccessible(page);
  await monitor.trouble.getByRole('button', { name: 'Lines of errors and throttle' }).click();
  const line = monitor.line('more than 2 messages a second');
  await line.waitFor();
  await assertAccessible(page);
  await line.getByRole('button', { name: 'hose' }).click();
  await expect(monitor.searchField).toHaveValue('client:"hose"');
  assertWell();
});

test('another broker is said to tell nothing, until it does', async (t) => {
  const { page, monitor, record } = await watch(t);
  const broker = await mosquitto(t);
  const panel = await monitor.connectPanel();
  await panel.address.fill(broker.url);
  await monitor.connectAs(panel);
  await monitor.trouble.getByText(/^Other brokers than Headcount/).waitFor();
  const adafruit = await mqttJs(t, { url: broker.tcpUrl, id: 'io' });
  await adafruit.publish('alice/throttle', 'alice data rate limit reached, 42 seconds until throttle released', { qos: 1 });
  await adafruit.publish('alice/errors', '<b>not</b> a topic: مصباح', { qos: 1 });
  await monitor.line('42 seconds until throttle released').waitFor();
  await monitor.line('<b>not</b> a topic: مصباح').waitFor();
  await assertAccessible(page);
  record.assertQuiet();
});
