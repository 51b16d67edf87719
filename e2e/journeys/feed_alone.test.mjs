// Another broker, where somebody publishes a feed as Adafruit IO has it and nothing speaks of `$headcount`.

import { test } from 'node:test';

import { watch } from '../harness/watching.mjs';
import { mosquitto } from '../peers/mosquitto.mjs';
import { mqttJs } from '../peers/mqttjs.mjs';

test('a feed alone is shown, with what is missing', async (t) => {
  const { server, page, monitor, record } = await watch(t);
  const broker = await mosquitto(t);
  const panel = await monitor.connectPanel();
  await panel.address.fill(broker.url);
  await monitor.connectAs(panel);

  const adafruit = await mqttJs(t, { url: broker.tcpUrl, id: 'io' });
  const say = (status, at, id) => adafruit.publish('alice/clients', JSON.stringify({ status, at, client: { id } }), { qos: 1 });
  await say('connected', '2017-10-24T16:08:38.552Z', 'io-mqtt-39dc5a71');
  await monitor.row('io-mqtt-39dc5a71', 'connected');
  await page.getByText('Limited view').waitFor();
  await page.getByText(/Missing here: reasons, transports and addresses, refused attempts, who was here before this page\./).waitFor();
  await monitor.here('io-mqtt-39dc5a71');
  await say('disconnected', '2017-10-24T16:08:40.691Z', 'io-mqtt-39dc5a71');
  const row = await monitor.row('io-mqtt-39dc5a71', 'disconnected');
  await row.getByText('after 2.1 s').waitFor();
  await monitor.gone('io-mqtt-39dc5a71');

  await adafruit.publish('alice/clients', '{"status":"connec', { qos: 1 });
  await page.getByText('unreadable message').waitFor();
  await page.getByText('1 message could not be read').waitFor();
  record.assertQuiet();
  record.assertOnly([server.host, broker.host]);

  // And back to the broker that the page came from, of which nothing is said to be missing.
  await monitor.connectPanel();
  await panel.address.fill(server.url());
  await monitor.connectAs(panel);
  await page.getByText('Limited view').waitFor({ state: 'detached' });
  // What happened here while the page was there stands in the journal; there is none at the other broker.
  await monitor.gaps.nth(1).waitFor({ state: 'detached' });
  await monitor.gaps.filter({ hasText: 'you disconnected' }).waitFor();
  // Who is here, is here at this broker.
  await monitor.count(1);
});
