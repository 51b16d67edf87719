// Devices that speak of themselves by the programs that their makers publish: Eclipse Tahu's Sparkplug client and
// homie-device.

import { test } from 'node:test';

import { expect } from '../harness/expect.mjs';
import { watch } from '../harness/watching.mjs';
import { homieDevice } from '../peers/homie.mjs';
import { mosquitto } from '../peers/mosquitto.mjs';
import { sparkplugNode } from '../peers/sparkplug.mjs';

test('with a Sparkplug node go its devices, and a Homie device tells its states', async (t) => {
  const broker = await mosquitto(t);
  const query = new URLSearchParams({ address: broker.url, feeds: 'sparkplug,homie' });
  const { monitor, record } = await watch(t, { query: `?${query}` });
  for (const filter of ['spBv1.0/+/DDEATH/+/+', '+/5/+/$state']) {
    await (await monitor.feed(filter)).getByText('granted').waitFor();
  }
  await monitor.feeds.click();

  const node = (clientId) => sparkplugNode(t, { url: broker.tcpUrl, group: 'plant', node: 'press', clientId });
  const press = await node('press-1');
  await monitor.row('plant/press', 'online', 'NBIRTH, bdSeq 0');
  press.device('arm');
  press.device('belt');
  await monitor.row('plant/press/arm', 'online', 'DBIRTH');
  await monitor.here('plant/press/belt');
  press.deviceDeath('belt');
  await monitor.row('plant/press/belt', 'offline', 'DDEATH');
  await monitor.gone('plant/press/belt');
  await monitor.here('plant/press/arm');
  press.crash();
  await monitor.row('plant/press', 'offline', 'NDEATH, bdSeq 0');
  await monitor.row('plant/press/arm', 'offline', 'with plant/press');
  await monitor.gone('plant/press/arm');
  await expect(monitor.rowsOf('plant/press/belt', 'offline')).toHaveCount(1);

  const again = await node('press-2');
  again.device('arm');
  await monitor.here('plant/press/arm');
  again.leave();
  await expect(monitor.rowsOf('plant/press/arm', 'offline', 'with plant/press')).toHaveCount(2);
  await monitor.gone('plant/press');

  const door = await homieDevice(t, { port: broker.port, id: 'door' });
  await monitor.row('door', 'online');
  await monitor.row('door', 'ready');
  await monitor.here('door');
  door.crash();
  await monitor.row('door', 'offline', 'connection lost without a goodbye: by its own word');
  await monitor.gone('door');
  const window = await homieDevice(t, { port: broker.port, id: 'window' });
  await monitor.row('window', 'ready');
  window.leave();
  await monitor.row('window', 'offline', 'said goodbye: by its own word');
  await monitor.gone('window');
  record.assertQuiet();
});
