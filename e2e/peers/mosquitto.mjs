// Eclipse Mosquitto's broker: one that has no `$headcount` topics.

import { createServer } from 'node:net';

import { fileFor } from '../harness/files.mjs';
import { start } from '../harness/program.mjs';

/** A port that the system has just had free: Mosquitto cannot choose one by itself. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * A running `mosquitto` with a WebSocket and a TCP listener that admit everybody.
 * @param {import('node:test').TestContext} t
 * @param {string[]} more lines for its configuration
 */
export async function mosquitto(t, more = []) {
  const [websocket, tcp] = [await freePort(), await freePort()];
  const lines = [
    'allow_anonymous true',
    `listener ${websocket} 127.0.0.1`,
    'protocol websockets',
    `listener ${tcp} 127.0.0.1`,
    ...more,
  ];
  const { file } = await fileFor(t, 'mosquitto.conf', `${lines.join('\n')}\n`);
  const program = start(t, 'mosquitto', ['-v', '-c', file]);
  await program.line('start', (line) => (/mosquitto version .* running/.test(line) ? true : undefined));
  return { url: `ws://127.0.0.1:${websocket}/`, host: `127.0.0.1:${websocket}`, tcpUrl: `mqtt://127.0.0.1:${tcp}`, port: tcp, program };
}
