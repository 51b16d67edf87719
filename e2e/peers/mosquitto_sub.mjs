// Eclipse Mosquitto's subscriber: libmosquitto, over TCP.

import { start } from '../harness/program.mjs';

const VERSIONS = { '3.1.1': 'mqttv311', '5.0': 'mqttv5' };

/**
 * A connected `mosquitto_sub`.
 * @param {import('node:test').TestContext} t
 * @param {{port: number, id: string, topic?: string, version?: '3.1.1' | '5.0', keepAlive?: number,
 *   username?: string, password?: string, will?: {topic: string, payload: string}}} options a Will is retained
 */
export async function mosquittoSub(t, options) {
  const { port, id, topic = 'journey/#', version = '3.1.1', keepAlive = 60, username, password, will } = options;
  const args = ['-d', '-h', '127.0.0.1', '-p', `${port}`, '-i', id, '-t', topic, '-V', VERSIONS[version]];
  args.push('-k', `${keepAlive}`);
  if (username !== undefined) args.push('-u', username);
  if (password !== undefined) args.push('-P', password);
  if (will !== undefined) args.push('--will-topic', will.topic, '--will-payload', will.payload, '--will-retain');
  // Without stdbuf its lines would wait in a buffer of 4 KiB.
  const program = start(t, 'stdbuf', ['--output=L', 'mosquitto_sub', ...args]);
  await program.line('SUBACK', (line) => (line.includes('received SUBACK') || line.startsWith('Subscribed') ? true : undefined));
  return {
    id,
    /** Sends DISCONNECT and ends. */
    leave: () => program.stop(),
    /** Dies without a word, as with kill -9. */
    crash: () => program.kill(),
    /** Stays connected, but neither reads nor pings. */
    freeze: () => program.signal('SIGSTOP'),
    program,
  };
}
