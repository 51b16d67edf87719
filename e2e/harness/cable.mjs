// The line between a browser and its server, which can be cut: what a person does who walks into a lift.

import { createServer, connect } from 'node:net';
import { once } from 'node:events';

/**
 * A line to this port of the server; it is taken down with the test.
 * @param {import('node:test').TestContext} t
 * @param {number} port
 */
export async function layCable(t, port) {
  const cable = new Cable(port);
  await cable.open();
  t.after(() => cable.close());
  return cable;
}

class Cable {
  #port;
  #listener;
  #pairs = new Set();
  #isCut = false;

  constructor(port) {
    this.#port = port;
  }

  async open() {
    this.#listener = createServer((near) => this.#join(near));
    this.#listener.listen(0, '127.0.0.1');
    await once(this.#listener, 'listening');
  }

  /** The page's address through this line. */
  get page() {
    return `http://127.0.0.1:${this.#listener.address().port}/`;
  }

  /** Connections that carry bytes, or could. */
  get connections() {
    return this.#pairs.size;
  }

  /** Nothing passes, and neither end is told: no new connection comes about either. */
  cut() {
    this.#isCut = true;
    this.strand();
  }

  /** The connections that stand carry nothing from here on, and neither end is told; new ones are as they should be. */
  strand() {
    for (const { near, far } of this.#pairs) {
      for (const socket of [near, far]) {
        socket.removeAllListeners('data');
        socket.pause();
      }
    }
  }

  /** Both ends of the connections that stand are told at once that they are over. */
  reset() {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /** New connections come about again. Those that were cut stay so: their bytes are lost. */
  mend() {
    this.#isCut = false;
  }

  #join(near) {
    near.on('error', () => {});
    // A call that nobody answers: the browser waits, as it does in a lift.
    if (this.#isCut) {
      near.pause();
      return;
    }
    const far = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    near.setNoDelay(true);
    const pair = { near, far };
    this.#pairs.add(pair);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on('error', () => {});
      one.on('data', (bytes) => other.write(bytes));
      // A stranded pair has no listener for its data, and its ends learn nothing of each other.
      one.on('close', () => {
        if (one.listenerCount('data') > 0) other.destroy();
        if (near.destroyed && far.destroyed) this.#pairs.delete(pair);
      });
    }
  }

  close() {
    this.#listener.close();
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }
}
