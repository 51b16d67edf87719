// MQTT.js in this process, over whatever its address says: mqtt:// or ws://.

import { once } from 'node:events';

import mqtt from 'mqtt';

import { PATIENCE } from '../harness/program.mjs';

const VERSIONS = { '3.1.1': 4, '5.0': 5 };

/**
 * A connected MQTT.js client, which comes back by itself where `returns` says after how many milliseconds.
 * @param {import('node:test').TestContext} t
 * @param {{url: string, id: string, version?: '3.1.1' | '5.0', keepAlive?: number, username?: string,
 *   password?: string, will?: object, returns?: number}} options
 */
export async function mqttJs(t, options) {
  const { url, id, version = '3.1.1', keepAlive = 60, username, password, will, returns = 0 } = options;
  const client = await mqtt.connectAsync(url, {
    clientId: id,
    protocolVersion: VERSIONS[version],
    keepalive: keepAlive,
    reconnectPeriod: returns,
    connectTimeout: PATIENCE,
    username,
    password,
    will,
  });
  // A broken connection is told by `close`; an error without a listener would end the whole run.
  client.on('error', () => {});
  const messages = [];
  client.on('message', (topic, payload) => messages.push({ topic, payload: payload.toString() }));
  t.after(() => client.endAsync(true));
  return {
    id,
    client,
    /** Every message so far, in order. */
    messages,
    subscribe: (filter, qos = 0) => client.subscribeAsync(filter, { qos }),
    publish: (topic, payload, { qos = 0, retain = false } = {}) => client.publishAsync(topic, payload, { qos, retain }),
    /** Sends DISCONNECT and ends. */
    leave: () => client.endAsync(),
    /** Drops the connection without DISCONNECT. */
    crash: async () => {
      const closed = once(client, 'close');
      client.stream.destroy();
      await closed;
    },
  };
}
