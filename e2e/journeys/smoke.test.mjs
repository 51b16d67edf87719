// The shortest way through everything: the page comes, a client connects and leaves, both are on the timeline.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openBrowser, openPage } from '../harness/browser.mjs';
import { startServer } from '../harness/server.mjs';
import { MonitorPage } from '../pages/monitor.mjs';
import { mosquittoSub } from '../peers/mosquitto_sub.mjs';

test('a client over TCP comes and leaves in sight of the page', async (t) => {
  const server = await startServer(t);
  const browser = await openBrowser(t);
  const { page, record } = await openPage(browser);
  const monitor = await MonitorPage.open(page, server.page);

  const lamp = await mosquittoSub(t, { port: server.tcpPort(), id: 'smoke-lamp' });
  await monitor.row('smoke-lamp', 'connected');
  await monitor.here('smoke-lamp');

  await lamp.leave();
  await monitor.row('smoke-lamp', 'disconnected', 'said goodbye');
  await monitor.gone('smoke-lamp');

  record.assertQuiet();
  record.assertOnly([server.host]);
  await server.stop();
  assert.ok(!server.running);
});
