// An edge node of Eclipse Tahu's Sparkplug client, unchanged, in this process.

import { once } from 'node:events';

import sparkplug from 'sparkplug-client';

/**
 * An edge node that is connected and has told of its birth.
 * @param {import('node:test').TestContext} t
 * @param {{url: string, group: string, node: string, clientId: string}} options
 */
export async function sparkplugNode(t, { url, group, node, clientId }) {
  const options = { groupId: group, edgeNode: node, clientId, serverUrl: url, username: '', password: '', publishDeath: true };
  const client = sparkplug.newClient({ ...options, mqttOptions: { reconnectPeriod: 0 } });
  client.on('error', () => {});
  t.after(() => client.client.end(true));
  await once(client, 'birth');
  const born = (metrics) => ({ timestamp: Date.now(), metrics });
  const metric = { name: 'temperature', type: 'Double', value: 21.5 };
  client.publishNodeBirth(born([metric]));
  return {
    /** A device of the node tells of its birth, by the node. */
    device: (name) => client.publishDeviceBirth(name, born([metric])),
    /** A device's death. */
    deviceDeath: (name) => client.publishDeviceDeath(name, { timestamp: Date.now() }),
    /** Tells of its own death, and goes. */
    leave: () => client.stop(),
    /** Dies without a word: its Will is the death. */
    crash: () => client.client.stream.destroy(),
  };
}
