// Every end has its reason: clients that die, fall silent, or are replaced.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { mosquittoSub } from '../peers/mosquitto_sub.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';
import { paho } from '../peers/paho.mjs';

/** The reason by its name, as the message of a row has it. The row is closed again: an open one holds the timeline still. */
async function reasonOf(monitor, row) {
  const { message } = await monitor.details(row);
  const { reason } = JSON.parse(await message.innerText());
  await monitor.page.keyboard.press('Escape');
  await message.waitFor({ state: 'detached' });
  return reason;
}

const LOST = 'connection lost without a goodbye';

test('kill -9 of a client shows connection-lost, and silence keep-alive-timeout', async (t) => {
  const { server, monitor, assertWell } = await watch(t);
  // The least that mosquitto_sub takes, and the least there is. Keep Alive takes the longest: it is looked at last.
  const silent = [
    await mosquittoSub(t, { port: server.tcpPort(), id: 'silent-tcp', keepAlive: 5 }),
    await paho(t, { port: server.httpPort, id: 'silent-ws', keepAlive: 1 }),
  ];
  for (const peer of silent) {
    await monitor.here(peer.id);
    peer.freeze();
  }
  const killed = [
    await mosquittoSub(t, { port: server.tcpPort(), id: 'killed-tcp' }),
    await paho(t, { port: server.httpPort, id: 'killed-ws' }),
  ];
  for (const peer of killed) {
    await monitor.here(peer.id);
    await peer.crash();
    const row = await monitor.row(peer.id, 'disconnected', LOST);
    assert.equal(await reasonOf(monitor, row), 'connection-lost');
    await monitor.gone(peer.id);
  }
  for (const peer of silent.reverse()) {
    const row = await monitor.row(peer.id, 'disconnected', 'keep alive timed out');
    assert.equal(await reasonOf(monitor, row), 'keep-alive-timeout');
    await monitor.gone(peer.id);
  }
  assertWell();
});

test('the same id twice shows taken-over, and one is left', async (t) => {
  const { server, monitor, assertWell } = await watch(t);
  const first = await paho(t, { port: server.httpPort, id: 'twin', version: '5.0' });
  await monitor.row('twin', 'connected');
  await monitor.count(2);
  const second = await mqttJs(t, { url: server.url('open', 'tcp'), id: 'twin' });
  // Newest first: the new connection stands above the end of the old one.
  await expect(monitor.rowsOf('twin')).toHaveText([/twinconnected/, /twindisconnected/, /twinconnected/]);
  const row = await monitor.row('twin', 'disconnected', 'taken over by a newer connection');
  assert.equal(await reasonOf(monitor, row), 'taken-over');
  assert.match((await first.disconnected()).reason, /taken over/i);
  await monitor.count(2);
  await second.leave();
  await monitor.gone('twin');
  assertWell();
});

test('a refused attempt is told with its reason, and is nobody', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  const panel = await monitor.connectPanel();
  await panel.realm.selectOption('secure');
  await panel.userName.fill('admin');
  await panel.password.fill('admin');
  await monitor.connectAs(panel);
  await monitor.count(1);
  const attempt = paho(t, {
    port: server.httpPort, path: '/secure/mqtt', id: 'burglar', username: 'peter', password: 'guess',
  });
  await assert.rejects(attempt, /burglar was refused/);
  const row = await monitor.row('burglar', 'refused', 'bad user name or password');
  assert.equal(await reasonOf(monitor, row), 'bad-user-name-or-password');
  await monitor.count(1);
  assert.ok(!(await page.content()).includes('guess'), 'the password that was tried is nowhere on the page');
  assertWell();
});
