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
  /** Calls that nobody answered while the line was cut. */
  #held = new Set();
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

  /** Nothing passes, and neither end is told: no new connection comes about either. */
  cut() {
    this.#isCut = true;
    for (const pair of this.#pairs) silence(pair);
  }

  /**
   * The WebSockets that stand carry nothing from here on, and neither end is told. The page's other connections are
   * closed, which a browser takes no offence at; new ones are as they should be.
   */
  strand() {
    for (const pair of this.#pairs) {
      if (pair.isWebSocket) silence(pair);
      else pair.near.destroy();
    }
  }

  /** Both ends of the connections that stand are told at once that they are over. */
  reset() {
    for (const { near, far } of this.#pairs) {
      near.resetAndDestroy();
      far.resetAndDestroy();
    }
  }

  /**
   * Calls come through again, those that were waiting included. The WebSockets that were cut stay so, since their bytes
   * are lost; other connections are closed, as a browser does it that notices another network.
   */
  mend() {
    this.#isCut = false;
    for (const { near, isSilent, isWebSocket } of this.#pairs) if (isSilent && !isWebSocket) near.destroy();
    for (const near of this.#held) if (!near.destroyed) this.#join(near);
    this.#held.clear();
  }

  #join(near) {
    if (this.#isCut) {
      near.on('error', () => {});
      near.pause();
      this.#held.add(near);
      return;
    }
    const far = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    near.setNoDelay(true);
    const pair = { near, far, isWebSocket: false, isSilent: false };
    this.#pairs.add(pair);
    near.once('data', (bytes) => (pair.isWebSocket = /^upgrade: *websocket/im.test(bytes.toString('latin1'))));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      one.on('error', () => {});
      one.on('data', (bytes) => other.write(bytes));
      one.on('close', () => {
        if (!pair.isSilent) other.destroy();
        if (near.destroyed && far.destroyed) this.#pairs.delete(pair);
      });
    }
  }

  close() {
    this.#listener.close();
    for (const near of this.#held) near.destroy();
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }
}

/** A pair carries nothing any more, and its ends learn nothing of each other. */
function silence(pair) {
  pair.isSilent = true;
  for (const socket of [pair.near, pair.far]) {
    socket.removeAllListeners('data');
    socket.pause();
  }
}
