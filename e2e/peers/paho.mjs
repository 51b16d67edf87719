// Eclipse Paho's Python client, over WebSocket unless told otherwise.

import { fileURLToPath } from 'node:url';

import { fromEnvironment } from '../harness/environment.mjs';
import { start } from '../harness/program.mjs';

const SCRIPT = fileURLToPath(new URL('paho_peer.py', import.meta.url));

/**
 * A connected paho-mqtt client.
 * @param {import('node:test').TestContext} t
 * @param {{port: number, id: string, path?: string, transport?: 'websockets' | 'tcp', version?: '3.1.1' | '5.0',
 *   keepAlive?: number, username?: string, password?: string}} options
 */
export async function paho(t, options) {
  const { port, id, path = '/mqtt', transport = 'websockets', version = '3.1.1', keepAlive = 60 } = options;
  const args = [SCRIPT, '--port', `${port}`, '--id', id, '--transport', transport, '--path', path];
  args.push('--version', version, '--keep-alive', `${keepAlive}`);
  for (const name of ['username', 'password']) {
    if (options[name] !== undefined) args.push(`--${name}`, options[name]);
  }
  const program = start(t, fromEnvironment('HEADCOUNT_PYTHON'), args);
  const event = (name) =>
    program.line(`event ${name}`, (line) => {
      if (!line.startsWith('{')) return undefined;
      const said = JSON.parse(line);
      return said.event === name ? said : undefined;
    });
  const command = (what) => program.write(JSON.stringify(what));
  const answer = await event('connected');
  if (answer.refused) throw new Error(`${id} was refused: ${answer.reason}`);
  return {
    id,
    /** Subscribes, and gives what SUBACK granted. */
    subscribe: (filter, qos = 0) => {
      command({ do: 'subscribe', filter, qos });
      return event('subscribed');
    },
    publish: (topic, payload, { qos = 0, retain = false } = {}) =>
      command({ do: 'publish', topic, payload, qos, retain }),
    /** The first message that came. */
    message: () => event('message'),
    /** Sends DISCONNECT and ends. */
    leave: () => {
      command({ do: 'disconnect' });
      return program.ended();
    },
    /** Dies without a word, as with kill -9. */
    crash: () => program.kill(),
    /** Stays connected, but neither reads nor pings. */
    freeze: () => program.signal('SIGSTOP'),
    /** What ended the connection, when it was not this client. */
    disconnected: () => event('disconnected'),
    program,
  };
}
