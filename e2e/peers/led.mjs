// MQTT.js led by lines: commands in, events out, both JSON. What they are, server/tests/foreign/peer.rs says.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

import mqtt from 'mqtt';

const [url, version, ca] = process.argv.slice(2);
const clients = new Map();
const say = (name, event, facts = {}) => process.stdout.write(`${JSON.stringify({ as: name, event, ...facts })}\n`);

const commands = {
  connect(name, { id, clean, expiry, username, password, will, filter, qos }) {
    const v5 = version === '5.0';
    const client = mqtt.connect(url, {
      clientId: id,
      protocolVersion: v5 ? 5 : 4,
      clean,
      properties: v5 ? { sessionExpiryInterval: expiry } : undefined,
      username,
      password,
      will,
      ca: ca && readFileSync(ca),
      reconnectPeriod: 0,
    });
    const it = { client, leaving: false, connected: false };
    clients.set(name, it);
    client.on('connect', ({ sessionPresent }) => {
      it.connected = true;
      say(name, 'connected', { session: sessionPresent });
      if (filter !== undefined) commands.subscribe(name, { topic: filter, qos });
    });
    client.on('message', (topic, payload, packet) =>
      say(name, 'message', { topic, payload: payload.toString(), qos: packet.qos, retain: packet.retain }),
    );
    client.on('error', () => {});
    client.on('close', () => {
      if (!it.leaving) say(name, it.connected ? 'lost' : 'refused');
      it.leaving = true;
    });
  },
  async subscribe(name, { topic, qos }) {
    const [granted] = await clients.get(name).client.subscribeAsync(topic, { qos });
    say(name, 'subscribed', { qos: granted.qos });
  },
  async publish(name, { topic, payload, qos, retain }) {
    await clients.get(name).client.publishAsync(topic, payload, { qos, retain });
    say(name, 'published');
  },
  async disconnect(name) {
    const it = clients.get(name);
    it.leaving = true;
    await it.client.endAsync();
    say(name, 'disconnected');
  },
};

const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  const { as: name, do: verb, ...command } = JSON.parse(line);
  commands[verb](name, command);
});
lines.on('close', () => process.exit());
