// Eclipse Mosquitto's broker: one that has no `$headcount` topics.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
 */
export async function mosquitto(t) {
  const folder = await mkdtemp(join(tmpdir(), 'headcount-mosquitto-'));
  t.after(() => rm(folder, { recursive: true }));
  const [websocket, tcp] = [await freePort(), await freePort()];
  const file = join(folder, 'mosquitto.conf');
  const lines = [
    'allow_anonymous true',
    `listener ${websocket} 127.0.0.1`,
    'protocol websockets',
    `listener ${tcp} 127.0.0.1`,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const program = start(t, 'mosquitto', ['-v', '-c', file]);
  await program.line('start', (line) => (/mosquitto version .* running/.test(line) ? true : undefined));
  return { url: `ws://127.0.0.1:${websocket}/`, host: `127.0.0.1:${websocket}`, tcpUrl: `mqtt://127.0.0.1:${tcp}`, program };
}
