// Presence as Aedes tells it: a broker that speaks MQTT 3.1.1 alone and says of its clients no more than their ids.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { assertAccessible } from '../harness/accessibility.mjs';
import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { aedes } from '../peers/aedes.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

test('Aedes tells who comes and goes, and no more', async (t) => {
  const broker = await aedes(t);
  const query = new URLSearchParams({ address: broker.url, feeds: 'tasmota' });
  const { server, page, monitor, record } = await watch(t, { query: `?${query}` });
  for (const filter of ['$SYS/+/new/clients', '$SYS/+/disconnect/clients']) {
    await (await monitor.feed(filter)).getByText(/granted|heard/).waitFor();
  }
  await monitor.feeds.click();

  const client = (id, more) => mqttJs(t, { url: broker.tcpUrl, id, ...more });
  const polite = await client('polite');
  await monitor.row('polite', 'connected');
  await monitor.here('polite');
  const missing = 'Missing here: reasons, transports and addresses, refused attempts, who was here before this page.';
  await page.getByText(missing).waitFor();
  await polite.leave();
  const end = await monitor.row('polite', 'disconnected');
  await monitor.gone('polite');

  // Its Will is a device's own word; that the connection ended is the broker's. A Will that is retained Aedes 1.2.0 keeps
  // from a subscriber to whom it has told of the end before.
  const lamp = await client('lamp', { will: { topic: 'tele/lamp/LWT', payload: 'Offline' } });
  await lamp.publish('tele/lamp/LWT', 'Online', { retain: true });
  await monitor.row('lamp', 'online', 'by its own word');
  await expect(monitor.guest('lamp')).toHaveCount(2);
  await lamp.crash();
  await monitor.row('lamp', 'disconnected');
  await monitor.row('lamp', 'offline', 'by its own word');
  await monitor.gone('lamp');

  await client('twin');
  await monitor.row('twin', 'connected');
  const newer = await client('twin');
  await expect(monitor.rowsOf('twin')).toHaveCount(3);
  await expect(monitor.rowsOf('twin', 'connected')).toHaveCount(2);
  await monitor.here('twin');
  await newer.leave();
  await expect(monitor.rowsOf('twin', 'disconnected')).toHaveCount(2);
  await monitor.gone('twin');

  await assertAccessible(page);
  const { fields } = await monitor.details(end);
  await expect(fields).toHaveText(/Told by\s*Aedes/);
  await expect(fields).toHaveText(/Whose time\s*this page's/);
  assert.doesNotMatch(await fields.innerText(), /Address|Account/);
  await expect(monitor.status).toHaveText(/^Live, MQTT 3\.1\.1/);
  record.assertQuiet();
  record.assertOnly([server.host, broker.host]);
});
