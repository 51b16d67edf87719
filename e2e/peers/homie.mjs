// A device of the npm package `homie-device`, unchanged, in this process.

import HomieDevice from 'homie-device';

/**
 * A Homie device that is connected.
 * @param {import('node:test').TestContext} t
 * @param {{port: number, id: string}} options
 */
export async function homieDevice(t, { port, id }) {
  const device = new HomieDevice({ name: id, device_id: id, mqtt: { host: '127.0.0.1', port, base_topic: 'homie/', auth: false } });
  device.setup(true);
  t.after(() => device.mqttClient.end(true));
  await new Promise((resolve) => device.once('connect', resolve));
  return {
    /** Says that it disconnects, and does. */
    leave: () => device.end(),
    /** Dies without a word: its Will is `lost`. */
    crash: () => {
      device.mqttClient.options.reconnectPeriod = 0;
      device.mqttClient.stream.destroy();
    },
  };
}
