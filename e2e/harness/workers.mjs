// The workers of the demos, beside a server.

import { fromEnvironment } from './environment.mjs';
import { start } from './program.mjs';

/**
 * Starts a worker, ended with the test, and waits until it is at work.
 * @param {import('node:test').TestContext} t
 * @param {Awaited<ReturnType<typeof import('./server.mjs').startServer>>} server
 * @param {'chat' | 'auctions' | 'tasks'} name
 */
export async function startWorker(t, server, name) {
  const broker =
    name === 'chat'
      ? `mqtt://backend:backend@127.0.0.1:${server.tcpPort('secure')}`
      : `mqtt://127.0.0.1:${server.tcpPort()}`;
  const args = [name, '--broker', broker];
  const program = start(t, fromEnvironment('HEADCOUNT_WORKER'), args);
  await program.line('connection', (line) => (line.includes(`${name}: connected`) ? true : undefined));
  return program;
}
