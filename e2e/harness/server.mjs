// The real server, with the page inside, on ports that the system chooses.

import assert from 'node:assert/strict';

import { fromEnvironment } from './environment.mjs';
import { fileFor, folderFor } from './files.mjs';
import { start } from './program.mjs';

/**
 * A running server; it is ended with the test.
 * @param {import('node:test').TestContext} t
 * @param {{config?: string, stored?: boolean}} options `config`: a configuration file's text, in place of the
 *   embedded default; `stored`: with a store of its own, otherwise with none
 */
export async function startServer(t, { config, stored = false } = {}) {
  const args = config === undefined ? [] : ['--config', (await fileFor(t, 'headcount.toml', config)).file];
  args.push(...(stored ? ['--store', await folderFor(t)] : ['--ephemeral']));
  const server = new Server(t, args);
  await server.start(['--any-port']);
  return server;
}

class Server {
  #t;
  #args;
  #program;
  #addresses;

  constructor(t, args) {
    this.#t = t;
    this.#args = args;
  }

  /** Starts it with these arguments beside its own, and waits until every listener is open. */
  async start(args) {
    const all = ['--print-addresses', 'json', ...this.#args, ...args];
    this.#program = start(this.#t, fromEnvironment('HEADCOUNT_BINARY'), all);
    const printed = await this.#program.line('addresses', (line) => (line.startsWith('{"page"') ? line : undefined));
    this.#addresses = JSON.parse(printed);
  }

  /** Where the page is. */
  get page() {
    return this.#addresses.page;
  }

  /** `host:port` of the page and of WebSocket. */
  get host() {
    return new URL(this.page).host;
  }

  /** The port of the HTTP listener, where WebSocket clients go. */
  get httpPort() {
    return Number(new URL(this.page).port);
  }

  /** The TCP port of a realm. */
  tcpPort(realm = 'open') {
    return this.#listener(realm, 'tcp').port;
  }

  /** The first address of a realm over a transport: `mqtt://…` or `ws://…`. */
  url(realm = 'open', transport = 'websocket') {
    return this.#listener(realm, transport).url;
  }

  #listener(realm, transport) {
    const found = this.#addresses.listeners.find((one) => one.realm === realm && one.transport === transport);
    assert.ok(found, `no ${transport} listener of ${realm} in ${JSON.stringify(this.#addresses)}`);
    return found;
  }

  /** What it has logged. */
  get log() {
    return this.#program.lines.join('\n');
  }

  get running() {
    return this.#program.running;
  }

  /** Ends it as an operator does; it must end well. */
  async stop() {
    const { code, signal } = await this.#program.stop();
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.log);
  }

  /** Ends it as a crash does. */
  async kill() {
    await this.#program.kill();
  }

  /** Starts it again after `stop` or `kill`, at the same addresses. */
  async startAgain() {
    const http = this.#listener('open', 'websocket');
    const tcp = this.#addresses.listeners.filter((one) => one.transport === 'tcp');
    const args = ['--listen-http', `${http.address}:${http.port}`];
    for (const one of tcp) args.push('--listen-tcp', `${one.realm}=${one.address}:${one.port}`);
    await this.start(args);
  }
}
