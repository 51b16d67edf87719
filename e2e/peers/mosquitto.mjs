// Eclipse Mosquitto's broker: one that has no `$headcount` topics.

import { once } from 'node:events';
import { createServer } from 'node:net';

import { fileFor } from '../harness/files.mjs';
import { start } from '../harness/program.mjs';

/** Mosquitto cannot choose ports by itself, and one that was just free may be somebody's when it comes to listen. */
const ATTEMPTS = 3;
const IS_TAKEN = /Address already in use|Unable to create websockets listener/;

/** Ports that the system has just had free, all at one time. */
async function freePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/**
 * A running `mosquitto` with a WebSocket and a TCP listener that admit everybody.
 * @param {import('node:test').TestContext} t
 * @param {string[]} more lines for its configuration
 */
export async function mosquitto(t, more = []) {
  for (let attempt = 1; ; attempt += 1) {
    const broker = await tryPorts(t, more);
    const { program } = broker;
    try {
      await program.line('start', (line) => (/mosquitto version .* running/.test(line) ? true : undefined));
      return broker;
    } catch (error) {
      if (attempt === ATTEMPTS || !program.lines.some((line) => IS_TAKEN.test(line))) throw error;
    }
  }
}

async function tryPorts(t, more) {
  const [websocket, tcp] = await freePorts(2);
  const lines = [
    'allow_anonymous true',
    `listener ${websocket} 127.0.0.1`,
    'protocol websockets',
    `listener ${tcp} 127.0.0.1`,
    ...more,
  ];
  const { file } = await fileFor(t, 'mosquitto.conf', `${lines.join('\n')}\n`);
  const program = start(t, 'mosquitto', ['-v', '-c', file]);
  return { url: `ws://127.0.0.1:${websocket}/`, host: `127.0.0.1:${websocket}`, tcpUrl: `mqtt://127.0.0.1:${tcp}`, port: tcp, program };
}
