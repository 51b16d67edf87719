// The connect panel: other realms, other versions, refusals in words, and nothing lost on the way.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { mosquittoSub } from '../peers/mosquitto_sub.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

test('a wrong password is told in words, the right one mends it', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t);
  const panel = await monitor.connectPanel();
  await panel.realm.selectOption('secure');
  await expect(panel.address).toHaveValue(server.url('secure'));
  await panel.userName.fill('peter');
  await panel.password.fill('wrong');
  await panel.connect.click();
  await monitor.status.filter({ hasText: /^Refused: bad user name or password/ }).waitFor();
  await page.getByText('Check the user name and the password.').waitFor();
  await panel.password.fill('test');
  await monitor.connectAs(panel);

  await mosquittoSub(t, {
    port: server.tcpPort('secure'), id: 'peters-lamp', topic: 'chat/messages/peter/+', username: 'peter', password: 'test',
  });
  await monitor.row('peters-lamp', 'connected');
  await mosquittoSub(t, { port: server.tcpPort(), id: 'elsewhere' });
  await mqttJs(t, { url: server.url('secure'), id: 'minhs-lamp', username: 'minh', password: 'test' });
  await mosquittoSub(t, {
    port: server.tcpPort('secure'), id: 'peters-fan', topic: 'chat/messages/peter/+', username: 'peter', password: 'test',
  });
  await monitor.row('peters-fan', 'connected');
  assert.equal(await monitor.rowsOf('elsewhere').count(), 0, 'realms hear nothing of each other');
  assert.equal(await monitor.rowsOf('minhs-lamp').count(), 0, 'Peter is no observer');
  assert.ok(!page.url().includes('test') && !page.url().includes('peter'), `credentials are not in ${page.url()}`);
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
  assert.ok(!stored.includes('test'), `the password is not in ${stored}`);
  assertWell();
});

test('either version of MQTT can be chosen', async (t) => {
  const { monitor, assertWell } = await watch(t);
  const panel = await monitor.connectPanel();
  for (const version of ['3.1.1', '5.0']) {
    await panel.version.selectOption({ label: version });
    await monitor.connectAs(panel);
    await expect(monitor.status).toHaveText(new RegExp(`^Live, MQTT ${version}`));
    await monitor.connectPanel();
  }
  assertWell();
});

test('a reload connects the same way, and asks for the password again', async (t) => {
  const { server, page, monitor, assertWell } = await watch(t, { query: '?beside=1' });
  const panel = await monitor.connectPanel();
  await panel.clientId.fill('watcher');
  await panel.version.selectOption({ label: '3.1.1' });
  await panel.connect.click();
  await monitor.here('watcher');
  await page.reload();
  await monitor.status.filter({ hasText: 'Live, MQTT 3.1.1' }).waitFor();
  await monitor.here('watcher');
  assert.equal(new URL(page.url()).searchParams.get('beside'), '1');

  await monitor.connectPanel();
  await panel.realm.selectOption('secure');
  await panel.userName.fill('peter');
  await panel.password.fill('test');
  await monitor.connectAs(panel);
  await page.reload();
  await monitor.status.filter({ hasText: 'Offline' }).waitFor();
  await expect(panel.address).toHaveValue(server.url('secure'));
  await expect(panel.userName).toHaveValue('');
  await expect(panel.password).toHaveValue('');
  assertWell();
});

test('a bad address is told before anything is tried', async (t) => {
  const { page, monitor, assertWell } = await watch(t);
  const panel = await monitor.connectPanel();
  await panel.address.fill('mqtt://127.0.0.1:1883');
  await panel.connect.click();
  await page.getByText(/^A browser reaches a broker by WebSocket only/).waitFor();
  await expect(panel.address).toHaveAttribute('aria-invalid', 'true');
  await monitor.live();
  assertWell();
});

test('one may leave and come back', async (t) => {
  const { monitor, assertWell } = await watch(t);
  const panel = await monitor.connectPanel();
  await panel.disconnect.click();
  await monitor.status.filter({ hasText: /^Offline$/ }).waitFor();
  await monitor.gaps.filter({ hasText: 'you disconnected' }).waitFor();
  await monitor.connectAs(panel);
  // The journal tells what happened meanwhile.
  await monitor.gaps.waitFor({ state: 'detached' });
  assertWell();
});
