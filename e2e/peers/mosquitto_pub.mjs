// Eclipse Mosquitto's publisher: libmosquitto, over TCP.

import assert from 'node:assert/strict';

import { start } from '../harness/program.mjs';

/**
 * Publishes once at QoS 0 and leaves.
 * @param {import('node:test').TestContext} t
 * @param {{port: number, id: string, topic: string, payload?: string, username?: string, password?: string}} options
 */
export async function mosquittoPub(t, options) {
  const { port, id, topic, payload = 'x', username, password } = options;
  const args = ['-h', '127.0.0.1', '-p', `${port}`, '-i', id, '-t', topic, '-m', payload];
  if (username !== undefined) args.push('-u', username);
  if (password !== undefined) args.push('-P', password);
  const end = await start(t, 'mosquitto_pub', args).ended();
  assert.deepEqual(end, { code: 0, signal: null });
}
